import type { EnvironmentState, Gate, Lock, Outage, Release, Waiting } from '../../../../lambda/domain/model';
import { releaseSummary } from '../../../../lambda/domain/views/views-release';
import { turnsOf } from '../../../../lambda/domain/views/views-turn';
import { opened } from '../../example-gate';
import { examplePlan, exampleRelease, liveEnvironment } from '../../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const LATER = '2026-01-06T09:00:00.000Z';
const PLAN = [examplePlan('Integration'), examplePlan('Production')];
const lock: Lock = { release: '1.1.0', execution: 'arn:run', colour: 'green', since: NOW, shifted: true };
const outage: Outage = { release: '1.1.0', execution: 'arn:run', beganAt: NOW, until: LATER, says: 'x', started: [] };

const release = (given: Partial<Release> = {}) => exampleRelease('1.1.0', PLAN, given);
const now = (given: Partial<Release>, states: readonly EnvironmentState[] = [], gates: readonly Gate[] = []) =>
  releaseSummary(release(given), gates, states).now;
const at = (environment: string, given: Partial<EnvironmentState> = {}) => liveEnvironment('1.0.0', environment, given);

describe('a release that is on its way', () => {
  const inIntegration = { reached: { Integration: 'live' } } as const;
  const reached = (Production: Release['reached'][string], states?: readonly EnvironmentState[]) =>
    now({ reached: { ...inIntegration.reached, Production } }, states);

  test('is told with what it has reached in the next environment', () => {
    expect([now({}), now(inIntegration)]).toEqual(['on its way to Integration', 'on its way to Production']);
    expect(reached('entered')).toBe('goes into the shadow of Production');
    expect(reached('shadow')).toBe('in the shadow of Production, which serves nobody');
    expect(reached('stopped')).toBe('stopped in Production, being finished');
    expect(reached('rolledBack')).toBe('rolled back in Production, being finished');
    expect(reached('live')).toBe('live everywhere, being finished');
  });

  test('is in the way of nobody but another', () => {
    const other = at('Production', { lock: { ...lock, release: '1.0.1' } });
    expect(now(inIntegration, [other])).toBe('on its way to Production, which release 1.0.1 holds');
    expect(now(inIntegration, [at('Production', { lock })])).toBe('on its way to Production');
    expect(now({}, [other])).toBe('on its way to Integration');
  });

  test('waits for its turn', () => {
    const turn: Waiting = { release: '1.1.0', execution: 'e', submittedAt: NOW, since: NOW, until: LATER };
    const waits = (given: Partial<EnvironmentState>) => now(inIntegration, [at('Production', { waiting: [turn], ...given })]);
    expect(waits({})).toBe(`waits for its turn in Production, which has come, until ${LATER} at most`);
    expect(waits({ lock: { ...lock, release: '1.0.1' } })).toBe(`waits for its turn in Production, behind 1.0.1, until ${LATER} at most`);
  });

  test('takes over, where the ledger has its share', () => {
    const takes = 'takes over live traffic in Production';
    expect(reached('shifting')).toBe(takes);
    expect(reached('shifting', [at('Production')])).toBe(takes);
    expect(reached('shifting', [at('Production', { lock: { ...lock, release: '1.0.1' } })])).toBe(takes);
    expect(reached('shifting', [at('Production', { lock })])).toBe(`${takes}: 0 percent`);
    const bake = { token: 't', release: '1.1.0', colour: 'green', percent: 10, startedAt: NOW };
    expect(reached('shifting', [at('Production', { lock, bake, weights: { blue: 90, green: 10 } })])).toBe(`${takes}: 10 percent, watched`);
  });

  test('goes back, or has users out', () => {
    const rollBackRequested = { by: 'arn:manager', reason: 'slow', at: NOW };
    expect(reached('shifting', [at('Production', { lock, rollBackRequested })])).toBe('goes back in Production: asked for by arn:manager (slow)');
    expect(reached('shifting', [at('Production', { lock, outage, weights: {} })])).toBe(
      `in the outage of Production: users have no version, until ${LATER} at most`,
    );
    expect(reached('shifting', [at('Production', { lock, outage: { ...outage, goesBack: true }, weights: {} })])).toBe(
      'cannot go on in the outage of Production: users have no version',
    );
  });

  test('is accepted only by the go/no-go of where it is, and waits at its own gates only', () => {
    const shadow = { reached: { Integration: 'live', Production: 'shadow' }, submittedAt: NOW } as const;
    const gate = opened({ status: 'passed', release: '1.1.0' }, 'goNoGo');
    const goes = 'accepted at the go/no-go in Production, live traffic starts to move to it';
    const waits = 'in the shadow of Production, which serves nobody';
    expect(now(shadow, [], [gate])).toBe(goes);
    const others: Partial<Gate>[] = [{ environment: 'Integration' }, { gate: 'firebreak' }, { status: 'accepted', gate: 'contract' }, { status: 'void' }];
    for (const other of others) expect(now(shadow, [], [{ ...gate, ...other }])).toBe(waits);
    const refused: Partial<Gate>[] = [{ release: '1.2.0' }, { gate: 'contract' }];
    for (const other of refused) expect(now(shadow, [], [{ ...gate, status: 'refused', ...other }])).toBe(waits);
  });
});

describe('a release that has come back behind an emergency', () => {
  const undone = (given: Partial<Release>, ...live: readonly string[]) => {
    const states = live.map((version, index) => liveEnvironment(version, PLAN[index]?.environment ?? ''));
    return releaseSummary(release({ builtWithout: ['1.0.1', '1.0.2'], ...given }), [], states).undoes;
  };

  test('undoes what it was built without, where that is live, and only as long as it is', () => {
    expect(undone({}, '1.0.1', '1.0.1')).toEqual([{ emergency: '1.0.1', environments: ['Integration', 'Production'] }]);
    expect(undone({}, '1.0.2', '1.0.1')).toEqual([
      { emergency: '1.0.1', environments: ['Production'] },
      { emergency: '1.0.2', environments: ['Integration'] },
    ]);
    expect(undone({}, '1.1.0', '1.0.1')).toEqual([{ emergency: '1.0.1', environments: ['Production'] }]);
    expect(undone({}, '1.1.0', '1.0.3')).toBeUndefined();
  });

  test.each<[string, Partial<Release>]>([
    ['is told to stop', { aborted: { by: 'arn:manager', reason: 'no', at: NOW } }],
    ['has ended', { status: 'stopped' }],
    ['was built with it', { builtWithout: undefined }],
  ])('undoes nothing where it %s', (_, given) => {
    expect(undone(given, '1.0.1', '1.0.1')).toBeUndefined();
  });
});

test('a release that a team’s own machine brings names it; one that the hub brings has none', () => {
  const [integration, production] = PLAN as [(typeof PLAN)[0], (typeof PLAN)[0]];
  const brought = exampleRelease('1.1.0', [integration, { ...production, ownMachine: 'ShopPath' }]);
  expect(releaseSummary(brought, [], [])).toMatchObject({ ownMachine: 'ShopPath' });
  expect(releaseSummary(release(), [], [])).not.toHaveProperty('ownMachine');
});

describe('a release that has ended', () => {
  test('is told where, and where it is live all the same', () => {
    const stopped = { status: 'stopped' } as const;
    expect(now(stopped)).toBe('stopped in front of Integration');
    expect(now({ ...stopped, reached: { Integration: 'stopped' } })).toBe('stopped in Integration');
    expect(now({ ...stopped, reached: { Integration: 'live', Production: 'stopped' } })).toBe('stopped in Production; went live in Integration');
    expect(now({ ...stopped, reached: { Integration: 'live' } })).toBe('stopped in front of Production; went live in Integration');
    expect(now({ ...stopped, reached: { Integration: 'entered', Production: 'stopped' } })).toBe('stopped in Production');
    expect(now({ ...stopped, reached: { Integration: 'live', Production: 'live' } })).toBe(
      'stopped in front of the path; went live in Integration and Production',
    );
  });

  test('by whom, and what its users have', () => {
    const back = { status: 'rolledBack', reached: { Integration: 'live', Production: 'rolledBack' } } as const;
    const went = '; went live in Integration';
    const live = [at('Integration'), at('Production')];
    expect(now(back, live)).toBe(`rolled back in Production${went}`);
    const nobody = ', where no release is live: users are answered 503';
    expect(now(back, [at('Integration'), at('Production', { live: undefined })])).toBe(`rolled back in Production${nobody}${went}`);
    expect(now(back, [at('Integration', { live: undefined }), at('Production')])).toBe(`rolled back in Production${went}`);
    const out = { status: 'stopped', reached: { Integration: 'live', Production: 'stopped' } } as const;
    const left = [at('Integration'), at('Production', { outage, weights: {} })];
    expect(now(out, left)).toBe(`stopped in Production, and left its users without a version${went}`);
    expect(now(out, [at('Production', { outage: { ...outage, release: '1.0.1' }, weights: {} })])).toBe(`stopped in Production${went}`);
  });

  test('is live, or replaced, in each', () => {
    const live = { status: 'live', reached: { Integration: 'live', Production: 'live' } } as const;
    const own = { live: { colour: 'blue', version: '1.1.0', digest: 'digest-of-1.1.0' } };
    expect(now(live, [at('Integration', own), at('Production', own)])).toBe('live in Integration and Production');
    expect(now(live, [at('Integration'), at('Production', own)])).toBe('live in Production, replaced in Integration by 1.0.0');
    expect(now(live, [at('Integration', { live: undefined }), at('Production')])).toBe('replaced in Integration, replaced in Production by 1.0.0');
    const { environments } = releaseSummary(release({ ...live, reached: { Integration: 'live' } }), [], [at('Integration'), at('Production')]);
    expect(environments.map(({ state }) => state)).toEqual(['replaced', 'notYet']);
  });

  test.each([
    [['live', 'rolledBack', 'stopped'], 'stopped', 'stopped in Third, and rolled back in Second, a wave before it; went live in First'],
    [['rolledBack', 'rolledBack', 'stopped'], 'stopped', 'stopped in Third, and rolled back in First and Second, waves before it'],
    [['rolledBack', 'rolledBack', undefined], 'rolledBack', 'rolled back in Second, and in First, a wave before it'],
    [['rolledBack', 'rolledBack', 'rolledBack'], 'rolledBack', 'rolled back in Third, and in First and Second, waves before it'],
    [['rolledBack', undefined, undefined], 'rolledBack', 'stopped in front of Second, and rolled back in First, a wave before it'],
    [['rolledBack', 'live', 'live'], 'rolledBack', 'rolled back in First; went live in Second and Third'],
  ] as const)('in waves, where it came to %j', (came, status, said) => {
    const names = ['First', 'Second', 'Third'];
    const plan = names.map((name, place) => examplePlan(name, { wave: { of: 'Production', place, waves: 3 } }));
    const reached: Release['reached'] = Object.fromEntries(names.flatMap((name, index) => (came[index] ? [[name, came[index]]] : [])));
    expect(releaseSummary(exampleRelease('1.1.0', plan, { status, reached }), [], []).now).toBe(said);
  });

  test('in waves of its own, beside others, and beside what is no wave', () => {
    const wave = (name: string, of: string, place: number) => examplePlan(name, { wave: { of, place, waves: 2 } });
    const ended = (plan: Release['plan'], status: Release['status'], reached: Release['reached']) =>
      releaseSummary(exampleRelease('1.1.0', plan, { status, reached }), [], []).now;
    const [paris, rome] = [wave('Paris', 'Europe', 0), wave('Rome', 'Europe', 1)];
    const two = [paris, rome, wave('Lima', 'America', 0), wave('Quito', 'America', 1)];
    expect(ended(two, 'stopped', { Paris: 'rolledBack', Rome: 'live', Lima: 'rolledBack', Quito: 'stopped' })).toBe(
      'stopped in Quito, and rolled back in Lima, a wave before it; went live in Rome',
    );
    const beside = [examplePlan('Integration'), paris, rome];
    expect(ended(beside, 'rolledBack', { Paris: 'rolledBack' })).toBe('stopped in front of Rome, and rolled back in Paris, a wave before it');
    expect(ended(beside, 'rolledBack', { Integration: 'rolledBack' })).toBe('rolled back in Integration');
  });
});

test('turns name whom each waits behind, and what is an emergency', () => {
  const turn = (name: string, given: Partial<Waiting> = {}): Waiting => ({
    release: name,
    execution: 'e',
    submittedAt: NOW,
    since: NOW,
    until: LATER,
    ...given,
  });
  const told = (name: string, given: object = {}) => ({ release: name, since: NOW, until: LATER, ...given });
  const waiting = [turn('1.2.0', { emergency: true }), turn('1.3.0')];
  expect(turnsOf(at('Production'))).toBeUndefined();
  expect(turnsOf(at('Production', { waiting }))).toEqual([told('1.2.0', { emergency: true }), told('1.3.0', { behind: '1.2.0' })]);
  const behind = (held: Lock) => turnsOf(at('Production', { waiting, lock: held }))?.[0];
  expect(behind(lock)).toEqual(told('1.2.0', { emergency: true, behind: '1.1.0' }));
  expect(behind({ ...lock, contract: true })).toEqual(told('1.2.0', { emergency: true, behind: 'the contract of 1.1.0' }));
});
