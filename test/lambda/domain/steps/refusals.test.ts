import { childExecutionName, machineShape, type TakeSlotInput } from '../../../../lambda/contract';
import type { EnvironmentState, Release } from '../../../../lambda/domain/model';
import { executionNameOf } from '../../../../lambda/domain/release/release';
import { decideAccept } from '../../../../lambda/domain/steps/accepting';
import { afterDeploying, beforeDeploying, otherMigrations, servedAllTheSame } from '../../../../lambda/domain/steps/deploying';
import { type Arrival, decideEnter } from '../../../../lambda/domain/steps/entering';
import { mayGoOn } from '../../../../lambda/domain/steps/recheck';
import { stopped } from '../../../../lambda/domain/steps/stopping';
import { decideTake } from '../../../../lambda/domain/steps/taking';
import { examplePlan, exampleRelease, exampleSlot, liveEnvironment, taskInput } from '../../example-path';
import { END, GREEN, GREEN_TASK } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const RUNS = { owner: 'w', fence: 3, expiresAt: '2026-01-05T09:01:00.000Z' };
const LOCK = { release: '1.1.0', execution: GREEN_TASK.execution, colour: 'green', since: '08:30', shifted: false };
const SLOTS = { blue: exampleSlot('1.0.0', 'Payments-Production-Blue'), green: exampleSlot('1.1.0', 'Payments-Production-Green') };
const asked = { by: 'arn:service-manager', reason: 'slow', at: '08:40' };
const holding = (given: Partial<EnvironmentState> = {}) => liveEnvironment('1.0.0', 'Production', { lock: LOCK, ...given });
const release = (given: Partial<Release> = {}) => exampleRelease('1.1.0', [examplePlan()], given);

describe('a release is not let in', () => {
  const plans = [examplePlan('Integration'), examplePlan('Preproduction')];
  const execution = taskInput('1.1.0').execution;

  const arrive = (state: Partial<EnvironmentState>, given: Partial<Arrival> = {}) => {
    const arrived = release();
    const task = {
      ...taskInput('1.1.0'),
      machine: machineShape(examplePlan()),
      execution: execution.replace(/[^:]*$/, childExecutionName(executionNameOf(arrived.execution), 'Production')),
    };
    const files = { task, release: arrived, state: liveEnvironment('1.0.0', 'Production', state), seals: arrived.seals, original: undefined, now: NOW };
    return { task, entering: decideEnter({ ...files, ...given }) };
  };

  test.each<[string, Partial<EnvironmentState>, Partial<Arrival>, [subject: string, expected: string, actual: string]]>([
    ['that nobody submitted', {}, { release: undefined }, ['the release', 'registered', 'no release has the version "1.1.0": submit it first']],
    [
      'that was submitted for another path',
      {},
      { release: exampleRelease('1.1.0', plans) },
      [
        'the release',
        'submitted for a path with this environment',
        'the path it was submitted for has no "Production", only Integration, Preproduction: submit a version for the path as it is',
      ],
    ],
    [
      'while a contract holds the environment',
      { lock: { ...LOCK, release: '1.0.0', execution: 'e', contract: true } },
      {},
      ['the lock of Production', 'free', 'the contract of 1.0.0 has held it since 08:30, by e: submit 1.1.0 again when it has ended'],
    ],
    [
      'while the path is taken out',
      { retirement: asked as EnvironmentState['retirement'] },
      {},
      [
        'the retirement of Production',
        'none under way',
        'arn:service-manager asked for it at 08:40 (slow): its users go back to what served before, and its slots are removed',
      ],
    ],
    [
      'while a slot is started to go back to',
      { rollBackRequested: asked },
      {},
      [
        'the roll back of Production',
        'none under way',
        'arn:service-manager asked for it at 08:40 (slow), and its slot is being started: submit 1.1.0 again when it has ended',
      ],
    ],
    [
      'after a roll back that was not finished',
      { goingBack: asked },
      {},
      ['the roll back of Production', 'none under way', expect.stringMatching(/arn:service-manager.*; submit 1\.1\.0 again when it has ended$/)],
    ],
    [
      'after a writer that died',
      { lease: { ...RUNS, expiresAt: '2026-01-05T08:59:00.000Z' } },
      {},
      [
        "the last writer of Production's live rule",
        'finished',
        'it died, or lost its answer, before 2026-01-05T08:59:00.000Z: what the rule holds is unknown; ask for the roll back that it was at again',
      ],
    ],
    [
      'where every slot serves somebody',
      { weights: { blue: 50, green: 50 } },
      {},
      ['the slots of Production', 'one that serves nobody', 'live: blue, weights: {"blue":50,"green":50}: roll Production back, or give it another slot'],
    ],
    [
      'where every slot serves somebody, and nothing is live',
      { live: undefined, weights: { blue: 50, green: 50 } },
      {},
      ['the slots of Production', 'one that serves nobody', 'live: nothing, weights: {"blue":50,"green":50}: roll Production back, or give it another slot'],
    ],
  ])('%s, and is told what to do', (_, state, given, [subject, expected, actual]) => {
    const { task, entering } = arrive(state, given);
    const failure = { step: 'Enter Production', subject, expected, actual, logs: task.execution };
    expect(entering).toEqual({ output: { outcome: 'stopped', failure } });
  });

  test('while somebody moves traffic: it is asked again', () => {
    expect(() => arrive({ lease: RUNS })).toThrow(
      'somebody moves traffic in Production right now, until 2026-01-05T09:01:00.000Z at the latest; try again then',
    );
  });

  test('but passes where it is live already, and its path is told so', () => {
    const live = { colour: 'green', version: '1.1.0', digest: 'digest-of-1.1.0' };
    const { task, entering } = arrive({ live });
    expect(entering.change?.audit).toEqual([
      {
        at: NOW,
        what: 'EnvironmentEntered',
        release: '1.1.0',
        environment: 'Production',
        who: task.execution,
        detail: { colour: 'green', live: '1.1.0', alreadyLive: true },
      },
    ]);
  });
});

describe('before every step', () => {
  const about = { step: 'Enter Production', logs: GREEN_TASK.execution };
  const lockIs = { ...about, subject: 'the lock of Production', expected: 'held by this release and execution' };

  test.each<[string, Partial<Release>, EnvironmentState, object | undefined]>([
    ['a release that holds the environment goes on', {}, holding(), undefined],
    [
      'one whose environment is another execution’s stops',
      {},
      holding({ lock: { ...LOCK, execution: 'other' } }),
      { ...lockIs, actual: 'release 1.1.0 has held it since 08:30, by other' },
    ],
    ['one whose environment was freed stops', {}, liveEnvironment('1.0.0'), { ...lockIs, actual: 'nobody holds it' }],
    [
      'one that was aborted stops',
      { aborted: asked },
      holding(),
      { ...about, subject: 'the release', expected: 'not aborted', actual: 'aborted by arn:service-manager: slow' },
    ],
    [
      'one whose roll back was asked for stops',
      {},
      holding({ rollBackRequested: asked }),
      {
        ...about,
        subject: 'the release',
        expected: 'nobody asked for its roll back',
        actual: 'arn:service-manager asked for it: slow',
        ofRelease: GREEN_TASK.release,
      },
    ],
  ])('%s', (_, given, state, failure) => {
    expect(mayGoOn('Enter Production', GREEN_TASK, release(given), state)).toEqual(failure);
  });
});

describe('a slot is not deployed to', () => {
  const deploying = (state: EnvironmentState, input = GREEN_TASK) => beforeDeploying(input, release(), state, release().seals, NOW);
  const serves = (colour: string, actual: string) => ({
    step: 'Deploy to the shadow slot of Production',
    subject: `slot ${colour}`,
    expected: 'the slot that serves nobody',
    actual,
    logs: GREEN_TASK.execution,
  });
  const green = { colour: 'green', version: '1.0.0', digest: 'd' };

  test.each<[string, EnvironmentState, object]>([
    [
      'that is not the shadow of the release',
      holding({ lock: { ...LOCK, colour: 'blue' } }),
      serves('green', 'the shadow of this release is blue, live is blue, weights are {"blue":100}'),
    ],
    ['that is live', holding({ live: green, weights: {} }), serves('green', 'the shadow of this release is green, live is green, weights are {}')],
    [
      'that has traffic, where nothing is live',
      holding({ live: undefined, weights: { green: 100 } }),
      serves('green', 'the shadow of this release is green, live is nothing, weights are {"green":100}'),
    ],
  ])('%s', (_, state, failure) => {
    expect(deploying(state)).toEqual(failure);
  });

  test.each<[string, Partial<EnvironmentState>, number]>([
    ['what it held', { slots: SLOTS }, 1],
    ['that it is what is gone back to, whatever the ledger knows of it', { previous: green }, 1],
    ['nothing where it was empty', {}, 0],
  ])('before the ledger forgets %s', (_, state, changes) => {
    const change = deploying(holding(state));
    expect('put' in change && change.put).toHaveLength(changes);
    if ('put' in change && changes > 0) expect(change.put[0]).not.toMatchObject({ previous: expect.anything() });
    if ('put' in change && changes > 0) expect((change.put[0] as EnvironmentState).slots).not.toHaveProperty('green');
  });

  test('that somebody gave users by hand', () => {
    const actual = 'the live rule sends users there, which the ledger does not know of: somebody else moved traffic; put it back before you submit again';
    expect(servedAllTheSame(GREEN_TASK)).toEqual(serves('green', actual));
  });

  test('for another release: what was deployed is not recorded where the environment is no longer its own', () => {
    const found = { state: 'deployed', targetGroupArn: GREEN, alarms: [] } as const;
    expect(afterDeploying(GREEN_TASK, release(), liveEnvironment('1.0.0'), found, NOW)).toBeUndefined();
    expect(afterDeploying(GREEN_TASK, release(), holding(), found, NOW)?.put).toHaveLength(2);
  });

  test('with other migrations than people have accepted', () => {
    const migrations = [{ name: 'add-amount', kind: 'expand', timeoutSeconds: 60 }] as unknown as Release['migrations'];
    const found = { state: 'deployed', targetGroupArn: GREEN, alarms: [] } as const;
    expect(otherMigrations(GREEN_TASK, release({ migrations }), found, 'Payments-Production-Green')).toMatchObject({
      subject: 'stack Payments-Production-Green',
      expected: expect.stringContaining('add-amount'),
      actual: expect.stringMatching(/^its output says .*: synthesize and submit a new version$/),
    });
    expect(otherMigrations(GREEN_TASK, release(), found, 'Payments-Production-Green')).toBeUndefined();
  });
});

describe('a release is accepted', () => {
  const accept = (state: Partial<EnvironmentState>, plan = examplePlan()) =>
    decideAccept({
      input: GREEN_TASK,
      release: exampleRelease('1.1.0', [plan]),
      state: holding({ slots: SLOTS, weights: { green: 100 }, lock: { ...LOCK, shifted: true }, ...state }),
      gates: [],
      actual: { kind: 'slots', weights: { [GREEN]: 100 } },
      firing: [],
      now: NOW,
    });

  test.each<[string, number | undefined, string | undefined]>([
    ['into early life support, to its end', 86_400, '2026-01-06T09:00:00.000Z'],
    ['without any', undefined, undefined],
  ])('%s', (_, earlyLifeSupportSeconds, until) => {
    const change = accept({}, examplePlan('Production', { earlyLifeSupportSeconds }));
    const [event] = 'audit' in change ? change.audit : [];
    expect(event?.detail).toStrictEqual({
      colour: 'green',
      digest: 'digest-of-1.1.0',
      previous: '1.0.0',
      ...(until !== undefined && { earlyLifeSupportUntil: until }),
    });
    expect('put' in change && (change.put[0] as EnvironmentState).live?.earlyLifeSupportUntil).toBe(until);
  });

  test('only when people have agreed to its last step', () => {
    const pause = { party: { name: 'change authority', members: [] }, timeoutSeconds: 60 };
    const steps = [10, 50, 100].map((percent) => ({ percent, bakeSeconds: 60, ...(percent === 100 && { pause }) }));
    expect(accept({}, examplePlan('Production', { steps }))).toMatchObject({ subject: 'the pause of Production at 100 percent', actual: 'never opened' });
  });

  test('only in the slot that it holds', () => {
    expect(accept({ lock: { ...LOCK, colour: 'blue', shifted: true } })).toEqual({
      step: 'Accept in Production',
      subject: 'the live rule of Production',
      expected: 'all traffic on green',
      actual: 'the ledger has green 100, the live rule green 100',
      logs: GREEN_TASK.execution,
    });
  });

  test('only when nobody may be moving traffic', () => {
    const until = 'somebody may be moving traffic in Production until 2026-01-05T09:01:00.000Z; try again then';
    expect(() => accept({ lease: RUNS })).toThrow(until);
    expect(() => stopped(END, { release: release(), state: holding({ lease: RUNS }), gates: [], ticket: undefined }, NOW)).toThrow(until);
  });
});

test('a release that users of an earlier wave have had is rolled back, however it ends here', () => {
  const wave = (name: string, place: number) => examplePlan(name, { wave: { of: 'Everywhere', place, waves: 2 } });
  const plan = [wave('London', 0), wave('Production', 1)];
  const { change } = stopped(END, { release: release({ plan, reached: { London: 'rolledBack' } }), state: holding(), gates: [], ticket: undefined }, NOW);
  expect(change.put.find(({ kind }) => kind === 'release')).toMatchObject({ status: 'rolledBack', reached: { Production: 'stopped' } });
});

test('a release that its firebreak has registered is not registered again where it takes a slot', () => {
  const plan = examplePlan('Production', { tests: [], steps: [], gates: [] });
  const input: TakeSlotInput = { ...taskInput('1.1.0'), digest: 'digest-of-1.1.0', plan, slots: {} };
  const take = (registered?: Release) =>
    decideTake({ input, registered, state: liveEnvironment('1.0.0'), original: undefined, now: NOW }).change?.audit.map(({ what }) => what);
  expect(take()).toEqual(['ReleaseSubmitted', 'EnvironmentEntered']);
  expect(take(exampleRelease('1.1.0', [plan], { execution: input.execution, bundle: { stacks: [] }, seals: {} }))).toEqual(['EnvironmentEntered']);
});

test.each<[string, EnvironmentState, boolean]>([
  ['that held the environment says that it is free', holding(), true],
  ['that never held it says so', liveEnvironment('1.0.0'), false],
])('the end of a release %s', (_, state, freed) => {
  const { change } = stopped(END, { release: release(), state, gates: [], ticket: undefined }, NOW);
  expect(change.audit.find(({ what }) => what === 'ReleaseStopped')?.detail).toMatchObject({ freed });
});

test.each<[string, Partial<Release>, EnvironmentState, object[] | undefined]>([
  [
    'was closed with its path while it was in here is asked for again, as soon as it is out',
    { status: 'stopped' },
    holding(),
    [{ to: 'submission', release: '1.1.0', after: '1.0.1' }],
  ],
  ['is on its way is asked for when that has ended', {}, holding(), undefined],
  ['was closed before, and holds nothing here, has been asked for', { status: 'stopped' }, liveEnvironment('1.0.0'), undefined],
])('what an emergency evicted, and %s', (_, given, state, expected) => {
  const aborted = { by: 'arn:pipeline', reason: 'card payments fail', at: NOW, superseded: '1.0.1', evicted: true } as const;
  expect(stopped(END, { release: release({ ...given, aborted }), state, gates: [], ticket: undefined }, NOW).change.deliver).toEqual(expected);
});
