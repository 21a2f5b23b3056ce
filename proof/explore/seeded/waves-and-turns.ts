import { bug, type SeededBug, TOGETHER, WAITING, WAVES } from './bug';

/** Rules about releases that go through waves, and that find another one. */
export const WAVES_AND_TURNS: readonly SeededBug[] = [
  bug(
    'a release enters an environment that another one has',
    TOGETHER,
    ['oneOwner'],
    'turns/decide-turn.ts',
    'if (state.lock) return state.lock.contract',
    'if (state.lock?.contract) return state.lock.contract',
  ),
  bug(
    'a wave is left on a release that failed in a later one',
    WAVES,
    ['waves'],
    'waves/decide-roll-back-wave.ts',
    "return { kind: 'left' };",
    "return { kind: 'left' };\n  if (state.lease) return { kind: 'left' };",
  ),
  bug(
    'an alarm of an earlier wave leaves what bakes in a later one',
    WAVES,
    ['watched'],
    'waves/earlier-alarms.ts',
    'return found && { alarm: notice.name',
    'return undefined && { alarm: notice.name',
  ),
  bug(
    'another release enters a wave that may have to go back',
    { ...WAVES, releases: 2 },
    ['waves'],
    'waves/held.ts',
    'if (!ahead || ',
    'if (ahead || !ahead || ',
  ),
  bug(
    'what was accepted about a release counts though another has taken its place',
    { ...WAITING, order: 'newestWins' },
    ['superseded', 'asked'],
    'turns/take-place.ts',
    "({ ...gate, status: 'void' })",
    '({ ...gate })',
  ),
  bug(
    'a newer release takes the place of one that has traffic',
    { ...WAITING, order: 'newestWins' },
    ['superseded'],
    'turns/decide-turn.ts',
    'lock?.release === version && !lock.shifted && !lock.contract;',
    'lock?.release === version && !lock.contract;',
  ),
  bug(
    'an emergency enters before what it evicts has stopped',
    { ...WAITING, order: 'emergency' },
    ['oneOwner'],
    'turns/decide-turn.ts',
    'if (state.lock) return state.lock.contract',
    'if (state.lock && release.emergency === undefined) return state.lock.contract',
  ),
];
