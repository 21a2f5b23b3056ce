import type { EnvironmentPlan } from '../../../../lambda/contract';
import type { Change, EnvironmentState, Gate, Lock, Release, Waiting } from '../../../../lambda/domain/model';
import { decideTurn } from '../../../../lambda/domain/turns/decide-turn';
import type { Other } from '../../../../lambda/domain/turns/take-place';
import { type AtTheDoor, onlyWhereFree, type Turn } from '../../../../lambda/domain/turns/turn';
import { opened } from '../../example-gate';
import { examplePlan, exampleRelease, liveEnvironment, taskInput } from '../../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const LATER = '2026-01-05T10:00:00.000Z';
const plan = (kind?: 'queue' | 'newestWins'): EnvironmentPlan =>
  examplePlan('Production', kind && { concurrency: { kind, longestSeconds: 3_600 } as EnvironmentPlan['concurrency'] });

/** A release of a minute: 1.3.0 was submitted after 1.2.0. */
const release = (version: string, given: Partial<Release> = {}) =>
  exampleRelease(version, undefined, { submittedAt: `2026-01-05T08:5${version[2]}:00.000Z`, ...given });
const other = (version: string, given: Partial<Release> = {}, gates: readonly Gate[] = []): Other => ({ release: release(version, given), gates });
const lockOf = (version: string, given: Partial<Lock> = {}): Lock => {
  return { release: version, execution: taskInput(version).execution, colour: 'green', since: NOW, shifted: false, ...given };
};
const waits = (version: string, given: Partial<Waiting> = {}): Waiting => {
  const { submittedAt } = release(version);
  return { release: version, execution: taskInput(version).execution, submittedAt, since: NOW, until: LATER, token: `token of ${version}`, ...given };
};
const state = (given: Partial<EnvironmentState> = {}) => liveEnvironment('1.0.0', 'Production', given);
const door = (version: string, given: Partial<AtTheDoor> = {}): AtTheDoor => ({
  task: taskInput(version),
  release: release(version),
  plan: plan('queue'),
  state: state(),
  others: [],
  now: NOW,
  ...given,
});
const changeOf = (turn: Turn): Change => ('change' in turn && turn.change ? turn.change : { put: [], audit: [] });
const environmentIn = (turn: Turn) => changeOf(turn).put.find((item): item is EnvironmentState => item.kind === 'environment');
const released = (turn: Turn) => changeOf(turn).put.filter((item): item is Release => item.kind === 'release');
const queue = (turn: Turn) => environmentIn(turn)?.waiting?.map((each) => each.release);
/** What it waits behind, as the audit trail has it. */
const behind = (turn: Turn) => changeOf(turn).audit.map(({ detail }) => detail.behind);

describe('where releases wait for their turn', () => {
  test('the first one comes, and is nowhere in the queue any more', () => {
    const nothing = { put: [], audit: [], deliver: [] };
    expect(decideTurn(door('1.1.0'))).toEqual({ kind: 'comes', state: state(), change: nothing });
    const waiting = [waits('1.1.0'), waits('1.2.0')];
    expect(decideTurn(door('1.1.0', { state: state({ waiting }) }))).toEqual({ kind: 'comes', state: state({ waiting: [waits('1.2.0')] }), change: nothing });
  });

  test.each<[string, Partial<EnvironmentState>, string]>([
    ['a release', { lock: lockOf('1.2.0') }, 'release 1.2.0'],
    ['a contract', { lock: lockOf('1.0.0', { contract: true }) }, 'the contract of 1.0.0'],
    [
      'a roll back that was asked for',
      { rollBackRequested: { by: 'arn:service-manager', reason: 'slow', at: NOW } },
      'the roll back that arn:service-manager asked for',
    ],
    ['a roll back that is under way', { goingBack: { by: 'arn:deputy', reason: 'slow', at: NOW } }, 'the roll back that arn:deputy asked for'],
    ['another that waits', { waiting: [waits('1.2.0')] }, 'release 1.2.0, which waits for its turn'],
  ])('one waits behind %s, and the audit trail says so', (_, given, ahead) => {
    const turn = decideTurn(door('1.1.0', { state: state(given) }));
    expect(turn.kind).toBe('waits');
    const place = (given.waiting?.length ?? 0) + 1;
    expect(changeOf(turn).audit).toMatchObject([{ what: 'TurnAwaited', release: '1.1.0', detail: { behind: ahead, until: LATER, place } }]);
    expect(environmentIn(turn)?.waiting?.at(-1)).toEqual(waits('1.1.0', { token: undefined }));
    expect(released(turn)).toEqual([release('1.1.0')]);
  });

  test('one that waits on keeps its place and its time, and is told of once', () => {
    const waiting = [waits('1.2.0'), waits('1.1.0', { until: '2026-01-05T09:30:00.000Z' }), waits('1.3.0')];
    const turn = decideTurn(door('1.1.0', { state: state({ waiting }) }));
    expect(environmentIn(turn)).toEqual(state({ waiting }));
    expect(behind(turn)).toEqual([]);
  });

  test('one whose time is up stops, and says who was ahead', () => {
    const waiting = [waits('1.2.0', { until: LATER }), waits('1.1.0', { until: NOW })];
    expect(decideTurn(door('1.1.0', { state: state({ waiting }) }))).toEqual({
      kind: 'stops',
      failure: {
        step: 'Enter Production',
        subject: 'the turn of 1.1.0',
        expected: `come by ${NOW}`,
        actual: 'release 1.2.0, which waits for its turn is ahead of it: submit 1.1.0 again',
        logs: taskInput('1.1.0').execution,
      },
    });
  });

  test('whose time is up in front has died, or comes only to stop: nobody waits behind it', () => {
    const behind = (until: string) => decideTurn(door('1.1.0', { state: state({ waiting: [waits('1.2.0', { until }), waits('1.1.0')] }) })).kind;
    expect([behind(NOW), behind(LATER)]).toEqual(['comes', 'waits']);
  });

  test('one whose turn it is comes, though its own time is up by then', () => {
    const waiting = [waits('1.1.0', { until: NOW }), waits('1.2.0')];
    expect(decideTurn(door('1.1.0', { state: state({ waiting }) }))).toMatchObject({ kind: 'comes', state: state({ waiting: [waits('1.2.0')] }) });
  });

  test('one that comes back from the firebreak has one place, the last', () => {
    const waiting = [waits('1.1.0', { atFirebreak: true }), waits('1.2.0')];
    expect(queue(decideTurn(door('1.1.0', { state: state({ waiting }) })))).toEqual(['1.2.0', '1.1.0']);
  });

  test('an emergency goes in front of whoever waits, and behind other emergencies', () => {
    const emergency = { release: release('1.4.0', { emergency: 'down' }) };
    const waiting = [waits('1.3.0', { emergency: true }), waits('1.1.0')];
    const turn = decideTurn(door('1.4.0', { ...emergency, state: state({ waiting }) }));
    expect(queue(turn)).toEqual(['1.3.0', '1.4.0', '1.1.0']);
    expect(environmentIn(turn)?.waiting?.[1]).toMatchObject({ release: '1.4.0', emergency: true });
    expect(released(turn)).toEqual([emergency.release]);
    expect(decideTurn(door('1.4.0', { ...emergency, state: state({ waiting: [waits('1.1.0')] }) }))).toMatchObject({ kind: 'comes' });
  });

  test('what machines have left that ended with their release, or an earlier attempt of it, is nobody’s turn', () => {
    const left = (given: Partial<Release>, entry: Partial<Waiting> = {}) => {
      const waiting = [waits('1.2.0', entry), waits('1.1.0')];
      return decideTurn(door('1.1.0', { state: state({ waiting }), others: [other('1.2.0', given), other('1.1.0')] })).kind;
    };
    const waiting = [waits('1.2.0'), waits('1.1.0'), waits('1.3.0')];
    const turn = decideTurn(door('1.1.0', { state: state({ waiting }), others: [other('1.2.0', { status: 'stopped' }), other('1.1.0')] }));
    expect(turn).toMatchObject({ kind: 'comes', state: { waiting: [waits('1.3.0')] } });
    expect(left({ status: 'stopped' })).toBe('comes');
    expect(left({}, { execution: 'earlier' })).toBe('comes');
    expect(left({})).toBe('waits');
  });
});

describe('where the newest wins', () => {
  const newest = (version: string, given: Partial<AtTheDoor> = {}) => decideTurn(door(version, { plan: plan('newestWins'), ...given }));

  test('an older one that comes late is out of date, and what was accepted about it is void', () => {
    const gates = [opened({ status: 'passed' }), opened({}, 'goNoGo')];
    const own = other('1.1.0', {}, gates);
    const waiting = [waits('1.1.0')];
    const turn = newest('1.1.0', { state: state({ lock: lockOf('1.2.0'), waiting }), others: [own, other('1.2.0')] });
    const newer = release('1.2.0');
    expect(turn).toMatchObject({
      kind: 'stops',
      failure: {
        step: 'Enter Production',
        subject: 'the release',
        expected: 'not superseded',
        actual: `superseded by release 1.2.0, which ${newer.author} submitted later`,
        superseded: '1.2.0',
        logs: taskInput('1.1.0').execution,
      },
    });
    expect(changeOf(turn).put).toEqual([
      { ...own.release, aborted: { by: newer.author, reason: 'release 1.2.0 was submitted later', at: NOW, superseded: '1.2.0' } },
      ...gates.map((gate) => ({ ...gate, status: 'void' })),
      state({ lock: lockOf('1.2.0') }),
    ]);
    expect(changeOf(turn).audit.map(({ what, release: about }) => `${what} ${about}`)).toEqual(['ReleaseSuperseded 1.1.0']);
  });

  test('so it is behind a newer one that waits; not behind one that a contract is about, or that is an emergency or has ended', () => {
    const meets = (given: Partial<EnvironmentState>, about: Partial<Release> = {}) =>
      newest('1.1.0', { state: state(given), others: [other('1.1.0'), other('1.2.0', about)] }).kind;
    expect(meets({ waiting: [waits('1.2.0')] })).toBe('stops');
    expect(meets({ lock: lockOf('1.2.0', { contract: true }) })).toBe('waits');
    expect(meets({ lock: lockOf('1.2.0') }, { emergency: 'down' })).toBe('waits');
    expect(meets({ lock: lockOf('1.2.0') }, { status: 'live' })).toBe('waits');
    expect(meets({ waiting: [waits('1.3.0')] })).toBe('waits');
  });

  test('a newer one takes the place of who has moved nothing, and of those that wait', () => {
    const others = [other('1.1.0'), other('1.2.0'), other('1.3.0')];
    const turn = newest('1.3.0', { state: state({ lock: lockOf('1.1.0'), waiting: [waits('1.2.0'), waits('1.3.0')] }), others });
    expect(turn.kind).toBe('waits');
    expect(released(turn).flatMap(({ version, aborted }) => (aborted ? [version] : []))).toEqual(['1.1.0', '1.2.0']);
    expect(queue(turn)).toEqual(['1.3.0']);
    expect(changeOf(turn).deliver).toEqual([{ to: 'token', token: 'token of 1.2.0', answer: { success: { outcome: 'turn' } } }]);
    expect(released(turn).find(({ version }) => version === '1.3.0')).not.toHaveProperty('evicted');
  });

  test('who has moved users, or is nowhere in the way, keeps its place', () => {
    const others = [other('1.1.0'), other('1.2.0'), other('1.3.0')];
    const given = state({ lock: lockOf('1.1.0', { shifted: true }), waiting: [waits('1.2.0')] });
    const turn = newest('1.3.0', { state: given, others: [...others, other('1.0.9')] });
    expect(released(turn).flatMap(({ version, aborted }) => (aborted ? [version] : []))).toEqual(['1.2.0']);
    // The one that has it stays there although it waits, too, as after a machine that died.
    const twice = newest('1.3.0', { state: state({ lock: lockOf('1.1.0', { shifted: true }), waiting: [waits('1.1.0')] }), others });
    expect(released(twice).every(({ aborted }) => aborted === undefined)).toBe(true);
  });
});

describe('where nobody waits for a turn', () => {
  const refuse = (version: string, given: Partial<AtTheDoor>) => decideTurn(door(version, { plan: plan(), ...given }));
  const emergency = release('1.4.0', { emergency: 'down' });
  const gaveWay = 'release 1.1.0 gives way to this emergency, and has not stopped in Production yet; try again then';

  test('one that finds another is told who has it, since when, and what to do', () => {
    const held = (holder: string) => ({
      kind: 'stops',
      failure: {
        step: 'Enter Production',
        subject: 'the lock of Production',
        expected: 'free',
        actual: `${holder} has held it since ${NOW}, by ${taskInput('1.1.0').execution}: submit 1.2.0 again when it has ended`,
        logs: taskInput('1.2.0').execution,
      },
    });
    for (const decided of [decideTurn, onlyWhereFree]) {
      const at = (lock: Lock) => decided(door('1.2.0', { plan: plan(), state: state({ lock }), others: [other('1.1.0')] }));
      expect(at(lockOf('1.1.0'))).toEqual(held('release 1.1.0'));
      expect(at(lockOf('1.1.0', { contract: true }))).toEqual(held('the contract of 1.1.0'));
    }
    const came = onlyWhereFree(door('1.2.0'));
    expect(came).toEqual({ kind: 'comes', state: state(), change: { put: [], audit: [], deliver: [] } });
  });

  test('a roll back is in nobody’s way there: it has no queue', () => {
    expect(refuse('1.1.0', { state: state({ goingBack: { by: 'arn:service-manager', reason: 'slow', at: NOW } }) }).kind).toBe('comes');
  });

  test('an emergency takes the place of who has moved nothing, and comes again', () => {
    const turn = refuse('1.4.0', { release: emergency, state: state({ lock: lockOf('1.1.0') }), others: [other('1.1.0')] });
    expect(turn).toMatchObject({ kind: 'gaveWay', why: gaveWay });
    expect(released(turn).map(({ version, aborted, evicted }) => ({ version, aborted, evicted }))).toEqual([
      { version: '1.1.0', aborted: { by: emergency.author, reason: 'down', at: NOW, superseded: '1.4.0', evicted: true }, evicted: undefined },
      { version: '1.4.0', aborted: undefined, evicted: ['1.1.0'] },
    ]);
    expect(environmentIn(turn)).toEqual(state({ lock: lockOf('1.1.0') }));
  });

  test('takes no place where it would not get in all the same', () => {
    const keptOut = { step: 'Enter Production', subject: 'the freeze of Production', expected: 'none', actual: 'frozen', logs: 'e' };
    const asked = { release: emergency, state: state({ lock: lockOf('1.1.0') }), keptOut };
    expect(refuse('1.4.0', { ...asked, others: [other('1.1.0')] })).toEqual({ kind: 'stops', failure: keptOut });
    expect(refuse('1.4.0', { release: emergency, keptOut, others: [] }).kind).toBe('comes');
  });

  test('and while that one stops it only asks again; anybody else, or where it may not stop, does not', () => {
    const aborted = { by: 'arn:service-manager', reason: 'no', at: NOW };
    const stopping = [other('1.1.0', { aborted })];
    const meets = (lock: Lock, given: Partial<AtTheDoor> = {}) => refuse('1.4.0', { release: emergency, state: state({ lock }), others: stopping, ...given });
    expect(meets(lockOf('1.1.0'))).toEqual({ kind: 'gaveWay', why: gaveWay });
    expect(meets(lockOf('1.1.0', { shifted: true })).kind).toBe('stops');
    expect(meets(lockOf('1.1.0', { contract: true })).kind).toBe('stops');
    expect(meets(lockOf('1.1.0'), { release: release('1.4.0') }).kind).toBe('stops');
    expect(meets(lockOf('1.1.0'), { others: [] }).kind).toBe('stops');
    expect(meets(lockOf('1.1.0'), { others: [other('1.1.0', { emergency: 'first' })] }).kind).toBe('stops');
  });
});
