import type { EnvironmentPlan } from '../../../../lambda/contract';
import type { Change, EnvironmentState, Gate, Release, Waiting } from '../../../../lambda/domain/model';
import { stoppedInWords } from '../../../../lambda/domain/release/told-to-stop';
import { openedWhereNewestWins } from '../../../../lambda/domain/turns/at-firebreak';
import { awaited } from '../../../../lambda/domain/turns/await-turn';
import { othersIn } from '../../../../lambda/domain/turns/others';
import { requeuedWith } from '../../../../lambda/domain/turns/requeue';
import { isNewer, isOrdinary, mayGiveWay, type Other, supersededBy, takePlace } from '../../../../lambda/domain/turns/take-place';
import { sentIn, turnIn } from '../../../../lambda/domain/turns/waiting';
import { ALL, afterwards, opened } from '../../example-gate';
import { examplePlan, exampleRelease, liveEnvironment, taskInput } from '../../example-path';
import { inMemoryPorts } from '../../in-memory-ports';

const NOW = '2026-01-05T09:00:00.000Z';
const LATER = '2026-01-05T10:00:00.000Z';
const release = (version: string, given: Partial<Release> = {}) =>
  exampleRelease(version, undefined, { submittedAt: `2026-01-05T08:5${version[2]}:00.000Z`, ...given });
const other = (version: string, given: Partial<Release> = {}, gates: readonly Gate[] = []): Other => ({ release: release(version, given), gates });
const waits = (version: string, given: Partial<Waiting> = {}): Waiting => ({
  release: version,
  execution: taskInput(version).execution,
  submittedAt: release(version).submittedAt,
  since: NOW,
  until: LATER,
  ...given,
});
const lock = (version: string, given: Partial<NonNullable<EnvironmentState['lock']>> = {}) => {
  return { release: version, execution: taskInput(version).execution, colour: 'green', since: NOW, shifted: false, ...given };
};
const state = (given: Partial<EnvironmentState> = {}) => liveEnvironment('1.0.0', 'Production', given);
const turn = (token: string) => ({ to: 'token', token, answer: { success: { outcome: 'turn' } } });

describe('of two releases', () => {
  const at = (version: string, submittedAt: string) => ({ version, submittedAt });

  test('the newer is the one that was submitted later, or has the higher version', () => {
    expect([isNewer(at('1.1.0', LATER), at('1.2.0', NOW)), isNewer(at('1.2.0', NOW), at('1.1.0', LATER))]).toEqual([true, false]);
    expect([isNewer(at('1.2.0', NOW), at('1.1.0', NOW)), isNewer(at('1.1.0', NOW), at('1.2.0', NOW))]).toEqual([true, false]);
    expect(isNewer(at('1.1.0', NOW), at('1.1.0', NOW))).toBe(false);
  });

  test('one that the hub has submitted anew is as new as its author made it', () => {
    const anew = { version: '1.1.0', submittedAt: LATER, authoredAt: '2026-01-05T08:00:00.000Z' };
    expect([isNewer(anew, at('1.2.0', NOW)), isNewer(at('1.2.0', NOW), anew)]).toEqual([false, true]);
  });

  test.each<[string, Partial<Release>, boolean, boolean]>([
    ['is on its way', {}, true, true],
    ['is live in an earlier wave', { movedWaves: ['London'] }, true, false],
    ['has ended', { status: 'stopped' }, false, false],
    ['was aborted', { aborted: { by: 'arn:service-manager', reason: 'no', at: NOW } }, false, false],
    ['is an emergency', { emergency: 'down' }, false, false],
  ])('one that %s may give way, or not', (_, given, ordinary, gives) => {
    expect([isOrdinary(release('1.1.0', given)), mayGiveWay(release('1.1.0', given))]).toEqual([ordinary, gives]);
  });
});

describe('a release whose place another takes', () => {
  const gate = afterwards(opened({ token: 'asked' }), [ALL[0] as never]);
  const gates = [gate, opened({ status: 'refused' }), opened({ status: 'passed', token: 'passed' }, 'goNoGo')];
  const take = (newer: Release) =>
    takePlace({
      release: newer,
      others: [other('1.1.0', {}, gates)],
      state: state({ waiting: [waits('1.1.0', { token: 't' })] }),
      task: taskInput('1.2.0'),
      now: NOW,
    });

  test('is marked with it, what was accepted is void, and whoever waits of it is told', () => {
    const newer = release('1.2.0');
    const aborted = { by: newer.author, reason: 'release 1.2.0 was submitted later', at: NOW, superseded: '1.2.0' };
    const change = take(newer);
    expect(change.put).toEqual([release('1.1.0', { aborted }), { ...gate, status: 'void' }, { ...gates[2], status: 'void' }]);
    expect(change.deliver).toMatchObject([
      { to: 'token', token: 'asked', answer: { success: { outcome: 'refused', failure: { expected: 'not superseded', superseded: '1.2.0' } } } },
      turn('t'),
    ]);
    const [{ by, party } = { by: '', party: '' }] = gate.decisions;
    expect(change.audit).toEqual([
      {
        at: NOW,
        what: 'ReleaseSuperseded',
        release: '1.1.0',
        environment: 'Production',
        who: taskInput('1.2.0').execution,
        why: 'release 1.2.0 was submitted later',
        detail: { by: '1.2.0', author: newer.author, digest: 'digest-of-1.1.0', emergency: false, acceptances: [{ gate: 'firebreak', party, by }] },
      },
    ]);
  });

  test('by an emergency, it is said so', () => {
    expect(take(release('1.2.0', { emergency: 'down' })).audit).toMatchObject([{ why: 'down', detail: { emergency: true } }]);
  });

  test.each<[string, Partial<Release>, Partial<Release>, readonly string[] | undefined]>([
    ['an emergency that was registered later', { emergency: 'down' }, {}, ['1.2.0']],
    ['a second one', { emergency: 'down' }, { builtWithout: ['1.0.1'] }, ['1.0.1', '1.2.0']],
    ['one again', { emergency: 'down' }, { builtWithout: ['1.2.0'] }, ['1.2.0']],
    ['what is older, and comes once more', { emergency: 'down', registeredAt: '2026-01-04T00:00:00.000Z' }, {}, undefined],
    [
      'what was registered later, where this one came once more',
      { emergency: 'down' },
      { registeredAt: '2026-01-04T00:00:00.000Z', submittedAt: LATER },
      ['1.2.0'],
    ],
    ['what is no emergency', {}, {}, undefined],
  ])('was built without %s, or was not', (_, newer, older, without) => {
    const { put } = takePlace({ release: release('1.2.0', newer), others: [other('1.1.0', older)], state: state(), task: taskInput('1.2.0'), now: NOW });
    expect((put[0] as Release).builtWithout).toEqual(without);
  });
});

describe('a firebreak that opens where the newest wins', () => {
  const entry = (version: string) => waits(version, { atFirebreak: true });
  const gate = opened({ release: '1.2.0', execution: taskInput('1.2.0').execution, expiresAt: LATER, token: 'asks' });
  const opening: Change = {
    put: [gate],
    audit: [{ at: NOW, what: 'FirebreakOpened', release: '1.2.0', who: 'e', detail: {} }],
    deliver: [turn('other') as never],
  };
  const open = (given: Partial<EnvironmentState>, others: readonly Other[], about: Partial<Release> = {}) =>
    openedWhereNewestWins({ gate, release: release('1.2.0', about), state: state(given), others: [other('1.2.0', about), ...others], now: NOW }, opening);
  const marked = ({ put }: Change) => put.flatMap((item) => (item.kind === 'release' && item.aborted ? [item.version] : []));
  const queue = ({ put }: Change) => put.find((item): item is EnvironmentState => item.kind === 'environment')?.waiting?.map((each) => each.release);

  test('has its release wait there, as long as people are asked', () => {
    const change = open({}, []);
    expect(change.put).toEqual([gate, state({ waiting: [entry('1.2.0')] })]);
    expect([change.audit, change.deliver]).toEqual([opening.audit, opening.deliver]);
    expect(queue(open({ waiting: [entry('1.2.0')] }, []))).toEqual(['1.2.0']);
  });

  test('ends the wait of an older one there, and of no other', () => {
    const change = open({ waiting: [entry('1.1.0'), waits('1.0.9')] }, [other('1.1.0'), other('1.0.9', { submittedAt: '2026-01-05T08:50:00.000Z' })]);
    expect([marked(change), queue(change)]).toEqual([['1.1.0'], ['1.0.9', '1.2.0']]);
    expect(change.audit.map(({ what, release: about, who }) => [what, about, who])).toEqual([
      ['FirebreakOpened', '1.2.0', 'e'],
      ['ReleaseSuperseded', '1.1.0', gate.execution],
    ]);
    expect(marked(open({ waiting: [entry('1.1.0')] }, [other('1.1.0', { movedWaves: ['London'] })]))).toEqual([]);
    expect(marked(open({}, [other('1.1.0')]))).toEqual([]);
    expect(marked(open({ waiting: [entry('1.0.9')] }, [other('1.1.0')]))).toEqual([]);
  });

  test.each<[string, Partial<EnvironmentState>]>([
    ['waits there', { waiting: [entry('1.1.0'), entry('1.3.0')] }],
    ['has the environment', { lock: lock('1.3.0') }],
  ])('is not opened for one that is older than who %s', (_, given) => {
    const change = open(given, [other('1.1.0'), other('1.3.0')]);
    const aborted = { by: release('1.3.0').author, reason: 'release 1.3.0 was submitted later', at: NOW, superseded: '1.3.0' };
    expect(change.put).toEqual([release('1.2.0', { aborted }), state(given)]);
    expect(change.audit).toMatchObject([{ what: 'ReleaseSuperseded', release: '1.2.0', environment: 'Production' }]);
    expect(change.deliver).toMatchObject([{ token: 'asks', answer: { success: { outcome: 'refused', failure: { superseded: '1.3.0' } } } }]);
  });

  test.each<[string, Partial<EnvironmentState>, Partial<Release>, Partial<Release>]>([
    ['it is an emergency', { lock: lock('1.3.0') }, { emergency: 'down' }, {}],
    ['it is live in an earlier wave', { lock: lock('1.3.0') }, { movedWaves: ['London'] }, {}],
    ['the newer one is there for a contract', { lock: lock('1.3.0', { contract: true }) }, {}, {}],
    ['the newer one is elsewhere', { lock: lock('1.1.0'), waiting: [entry('1.0.9')] }, {}, {}],
    ['the newer one is an emergency', { waiting: [entry('1.3.0')] }, {}, { emergency: 'down' }],
  ])('is opened where %s', (_, given, own, newer) => {
    const change = open(given, [other('1.3.0', newer)], own);
    expect(change.put[0]).toEqual(gate);
    expect(marked(change)).toEqual([]);
    if (own.emergency) expect(change).toBe(opening);
  });

  test('takes its release out of the queue when it is not opened', () => {
    expect(queue(open({ lock: lock('1.3.0'), waiting: [entry('1.2.0'), waits('1.1.0')] }, [other('1.3.0')]))).toEqual(['1.1.0']);
  });
});

describe('a machine that comes to wait for its turn', () => {
  const comes = (waiting: readonly Waiting[] | undefined, given: object = {}) =>
    awaited({ ...taskInput('1.1.0'), turn: 'awaits', token: 't', ...given }, state(waiting && { waiting }));

  test('is told at once where nothing waits of it any more', () => {
    for (const waiting of [undefined, [waits('1.2.0')], [waits('1.1.0', { atFirebreak: true })]])
      expect(comes(waiting)).toEqual({ put: [], audit: [], deliver: [turn('t')] });
  });

  test('leaves its token, and takes the place of an earlier one of it, but not of a later', () => {
    const kept = (given: Partial<Waiting>) => ({ put: [state({ waiting: [waits('1.2.0'), waits('1.1.0', given)] })], audit: [] });
    const of = (given: Partial<Waiting>) => [waits('1.2.0'), waits('1.1.0', given)];
    expect(comes(of({}))).toEqual(kept({ token: 't' }));
    expect(comes(of({ enteredAt: LATER }), { enteredAt: NOW })).toEqual(kept({ token: 't', enteredAt: NOW }));
    expect(comes(of({ token: 'old', enteredAt: NOW }), { enteredAt: LATER })).toEqual(kept({ token: 't', enteredAt: LATER }));
    expect(comes(of({ token: 'new', enteredAt: LATER }), { enteredAt: NOW })).toEqual({ put: [], audit: [] });
  });
});

describe('who waits is told', () => {
  const waiting = [waits('1.3.0', { atFirebreak: true, token: 'f' }), waits('1.1.0', { token: 't' }), waits('1.2.0', { token: 'u' })];

  test('with whatever leaves the environment free, the first one only', () => {
    expect(turnIn(state({ waiting }))).toEqual([turn('t')]);
    expect(turnIn(state({ waiting: [waits('1.1.0'), waits('1.2.0', { token: 'u' })] }))).toEqual([]);
    const asked = { by: 'arn:service-manager', reason: 'slow', at: NOW };
    for (const given of [{ lock: lock('1.2.0') }, { rollBackRequested: asked }, { goingBack: asked }]) expect(turnIn(state({ waiting, ...given }))).toEqual([]);
    expect(turnIn({ ...release('1.1.0'), waiting } as never)).toEqual([]);
  });

  test('when it is to stop, wherever it waits, and it waits nowhere any more', () => {
    const here = state({ waiting });
    const elsewhere = liveEnvironment('1.0.0', 'Integration', { waiting: [waits('1.2.0', { token: 'u' })] });
    const rest = [waiting[0], waiting[2]] as Waiting[];
    expect(sentIn([here, elsewhere, state()], '1.1.0')).toEqual({ put: [state({ waiting: rest })], deliver: [turn('t')] });
    expect(sentIn([state({ waiting: [waits('1.1.0')] })], '1.1.0')).toEqual({ put: [state()], deliver: [] });
  });
});

describe('who is submitted anew when a release has ended', () => {
  const evicted = ['1.0.1', '1.0.2'];
  const aborted = { by: 'arn:service-manager', reason: 'down', at: NOW, superseded: '1.4.0', evicted: true as const };

  test('are those whose place it took, and itself where an emergency took its', () => {
    expect(requeuedWith(release('1.1.0'))).toEqual([]);
    expect(requeuedWith(release('1.1.0', { evicted, aborted }))).toEqual([
      { to: 'submission', release: '1.0.1', after: '1.1.0' },
      { to: 'submission', release: '1.0.2', after: '1.1.0' },
      { to: 'submission', release: '1.1.0', after: '1.4.0' },
    ]);
    for (const given of [{ evicted: undefined }, { superseded: undefined }])
      expect(requeuedWith(release('1.1.0', { aborted: { ...aborted, ...given } }))).toEqual([]);
  });

  test('is nobody where a team’s own machine brings them', () => {
    const plan = [examplePlan('Integration'), examplePlan('Production', { ownMachine: 'arn:m' } as unknown as EnvironmentPlan)];
    expect(requeuedWith(release('1.1.0', { evicted, aborted, plan }))).toEqual([]);
  });

  test('and says so', () => {
    const plan = [examplePlan('Production', { ownMachine: 'ShopPath' })];
    const own = supersededBy(release('1.4.0', { emergency: 'down', plan }), NOW);
    expect(stoppedInWords(own)).toMatch(/^evicted by the emergency release 1\.4\.0 of .* \(down\), to be brought once more by ShopPath, when that has ended$/);
    expect(supersededBy(release('1.4.0', { plan }), NOW)).not.toHaveProperty('ownMachine');
    expect(supersededBy(release('1.4.0', { emergency: 'down' }), NOW)).not.toHaveProperty('ownMachine');
  });
});

describe('who is concerned where a release comes to an environment', () => {
  const queued = examplePlan('Production', { concurrency: { kind: 'queue', longestSeconds: 60 } as EnvironmentPlan['concurrency'] });
  const plan = [examplePlan('Integration'), queued];
  const found = async (own: Partial<Release> | undefined, given: Partial<EnvironmentState>) => {
    const ports = inMemoryPorts();
    ports.ledger.seed(release('1.2.0'), release('1.3.0'), opened({ release: '1.2.0' }), opened({ release: '1.2.0' }, 'contract'));
    const others = await othersIn(ports, own && release('1.1.0', { plan, ...own }), state(given));
    return others.map((each) => [each.release.version, ...each.gates.map(({ gate }) => gate)]);
  };

  test('is itself, who has it, and who waits, each with its gates on the way', async () => {
    expect(await found({}, { lock: lock('1.2.0'), waiting: [waits('1.3.0'), waits('1.1.0'), waits('1.9.0')] })).toEqual([
      ['1.1.0'],
      ['1.2.0', 'firebreak'],
      ['1.3.0'],
    ]);
    expect(await found({}, { lock: lock('1.2.0', { contract: true }), waiting: [waits('1.3.0')] })).toEqual([['1.1.0'], ['1.3.0']]);
    expect(await found({}, { lock: lock('1.2.0') })).toEqual([['1.1.0'], ['1.2.0', 'firebreak']]);
  });

  test('is nobody where none could take the place of another', async () => {
    const plain = { plan: [{ ...queued, environment: 'Integration' }, examplePlan()] };
    expect(await found({}, {})).toEqual([]);
    expect(await found(undefined, { lock: lock('1.2.0') })).toEqual([]);
    expect(await found(plain, { lock: lock('1.2.0') })).toEqual([]);
    expect(await found({ ...plain, emergency: 'down' }, { lock: lock('1.2.0') })).toHaveLength(2);
  });
});
