import type { AskWatchedInput, EnvironmentPlan, OpenFirebreakInput } from '../../../../lambda/contract';
import { evidenceDigest } from '../../../../lambda/domain/gates/evidence-digest';
import { decisionsHold, openGate, waitsOnTheWay } from '../../../../lambda/domain/gates/gate';
import { acceptedByAll, decide, missing } from '../../../../lambda/domain/gates/gate-decision';
import { arrive, arriveAboutTarget, arriveToContract, arriveWatched } from '../../../../lambda/domain/gates/gate-opening';
import { openFirebreak } from '../../../../lambda/domain/gates/own-firebreak';
import type { Change, EnvironmentState, Gate, Release } from '../../../../lambda/domain/model';
import { ALL, accept, afterwards, EVIDENCE, FIREBREAK, GO_NO_GO, NOW, opened, production, release, session } from '../../example-gate';
import { examplePlan, exampleSlot, liveEnvironment, taskInput } from '../../example-path';

const LATER = '2026-01-05T10:00:00.000Z';
const request = { plan: production, release, gate: 'firebreak' as const, now: NOW, token: 't', execution: release.execution };
const told = (change: Change) => change.deliver?.map((each) => (each.to === 'token' && 'success' in each.answer ? [each.token, each.answer.success] : each));
const child = taskInput('1.1.0').execution;

describe('what acceptances rest on', () => {
  test('is the tests of the environments before a firebreak, and before what is asked ahead of a deployment', () => {
    const own = { ...EVIDENCE, 'Production/health': { environment: 'Production', test: 'health', verdict: 'passed', at: NOW } } as Release['evidence'];
    const [before, after] = [release, { ...release, evidence: own }];
    for (const gate of ['firebreak', 'rollBackTarget'] as const)
      expect(evidenceDigest(after, 'Production', gate)).toBe(evidenceDigest(before, 'Production', gate));
    for (const gate of ['goNoGo', 'contract', 'pause'] as const)
      expect(evidenceDigest(after, 'Production', gate)).not.toBe(evidenceDigest(before, 'Production', gate));
  });

  test('is told apart by where one test ends and the next begins', () => {
    const of = (...tests: string[]) => ({
      ...release,
      evidence: Object.fromEntries(tests.map((test) => [test, { environment: 'Integration', test, verdict: 'passed', at: NOW }])),
    });
    expect(evidenceDigest(of('a', 'b') as Release, 'Production', 'goNoGo')).not.toBe(evidenceDigest(of('a') as Release, 'Production', 'goNoGo'));
    expect(evidenceDigest(of('a', 'b') as Release, 'Production', 'goNoGo')).toBe(evidenceDigest(of('b', 'a') as Release, 'Production', 'goNoGo'));
  });
});

describe('a gate', () => {
  test('closes a little before whoever waits at it gives up: five seconds, a tenth where that is less', () => {
    const open = (timeoutSeconds: number) => opened({}, 'goNoGo', examplePlan('Production', { goNoGo: { ...GO_NO_GO, timeoutSeconds } })).expiresAt;
    expect([open(3_600), open(20)]).toEqual(['2026-01-05T09:59:55.000Z', '2026-01-05T09:00:18.000Z']);
  });

  test('has only what there is: no step, words or managers that nobody gave', () => {
    const gate = opened({}, 'goNoGo');
    for (const key of ['percent', 'about', 'runs', 'outage']) expect(Object.keys(gate)).not.toContain(key);
    expect([gate.releaseManagers, gate.resumes]).toEqual([[], 'automatically']);
  });

  test('of a pause is that of its step, and about a target only where that is asked about', () => {
    const steps = [
      { percent: 10, bakeSeconds: 0 },
      { percent: 50, bakeSeconds: 0, pause: GO_NO_GO },
    ];
    const plan = examplePlan('Production', { steps, rollBackTarget: { kind: 'refuse' } as EnvironmentPlan['rollBackTarget'] });
    const open = (gate: 'pause' | 'rollBackTarget', percent?: number) => openGate({ ...request, plan, gate, ...(percent !== undefined && { percent }) });
    expect([open('pause', 10), open('rollBackTarget')]).toEqual(['notNeeded', 'notNeeded']);
    expect(open('pause', 50)).toMatchObject({ gate: 'pause', percent: 50 });
  });

  test('that a release comes to on its way is any but that of a contract', () => {
    expect([waitsOnTheWay(opened()), waitsOnTheWay(opened({}, 'contract')), waitsOnTheWay(opened({ status: 'passed' }))]).toEqual([true, false, false]);
  });

  test('waits for whoever has not accepted: who has refused, or accepted another content, has not', () => {
    const refused = afterwards(opened(), [accept(session('Security'), { decision: 'refuse', reason: 'no' })]);
    expect(missing(refused)).toEqual(['service management', 'product', 'security']);
    const all = afterwards(opened(), ALL);
    expect([acceptedByAll(all), acceptedByAll({ ...all, digest: 'other' })]).toEqual([true, false]);
  });

  test('at which nobody is asked is nobody’s to decide', () => {
    expect(decide(opened({ parties: [] }), accept('arn:x'), NOW)).toMatchObject({
      code: 'NotInParty',
      message: expect.stringContaining('the parties , and arn:x is in none of them'),
    });
  });
});

describe('a machine that arrives', () => {
  test('by a late call leaves the gate as a later try has it', () => {
    const gate = opened({ enteredAt: LATER, revision: 2 });
    expect(arrive({ ...request, enteredAt: NOW }, gate)).toEqual({ put: [gate], audit: [] });
  });

  test('to contract what is live is asked about it although the release was aborted elsewhere, or has ended', () => {
    const aborted = { by: 'arn:service-manager', reason: 'no', at: NOW };
    const contract = { ...request, gate: 'contract' as const, release: { ...release, aborted, status: 'live' as const } };
    expect(arrive(contract, undefined).put.map(({ kind }) => kind)).toEqual(['gate', 'release']);
    const contracting = { by: 'arn:service-manager', reason: 'r', at: NOW, execution: release.execution, release: '1.1.0', migrations: [] };
    const passed = opened({ status: 'passed' }, 'contract');
    const change = arriveToContract({ ...request, gate: 'contract' }, liveEnvironment('1.1.0', 'Production', { contracting }), passed);
    expect([change.put, told(change)]).toEqual([[], [['t', { outcome: 'passed' }]]]);
  });

  test('with an outage has that in the gate, and in the audit trail', () => {
    const outage = { says: 'back soon', longestSeconds: 600, migrations: [] } as unknown as Gate['outage'];
    const change = arrive({ ...request, gate: 'goNoGo', outage }, undefined);
    expect(change.put[0]).toMatchObject({ outage });
    expect(change.audit[0]?.detail).toMatchObject({ outage });
    const { detail } = arrive({ ...request, gate: 'goNoGo' }, undefined).audit[0] ?? { detail: {} };
    for (const key of ['outage', 'about', 'migrations', 'percent']) expect(Object.keys(detail)).not.toContain(key);
  });
});

describe('who is asked about what can be rolled back to', () => {
  const plan = examplePlan('Production', { rollBackTarget: { kind: 'ask', ...GO_NO_GO } as EnvironmentPlan['rollBackTarget'] });
  const lock = { release: '1.1.0', execution: child, colour: 'green', since: NOW, shifted: false };
  const previous = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };
  const slots = { green: exampleSlot('0.9.0', 'Payments-Production-Green') };
  const arrives = (given: Partial<EnvironmentState>) =>
    arriveAboutTarget({ ...request, plan, gate: 'rollBackTarget', execution: child }, liveEnvironment('1.0.0', 'Production', given), undefined);

  test('is told what is in the slot', () => {
    const change = arrives({ lock, previous, slots });
    const about = 'slot green holds 0.9.0, to which 1.0.0 can be rolled back';
    expect(change.put[0]).toMatchObject({ gate: 'rollBackTarget', about });
    expect(change.audit).toMatchObject([{ what: 'TargetGateOpened', detail: { about } }]);
  });

  test('is nobody where the slot holds nothing of that, or is another release’s', () => {
    for (const given of [{ lock }, { previous, slots }, { lock: { ...lock, release: '1.2.0' }, previous, slots }])
      expect(told(arrives(given))).toEqual([['t', { outcome: 'notNeeded' }]]);
  });
});

describe('people who are asked while a release has traffic', () => {
  const lock = { release: '1.1.0', execution: child, colour: 'green', since: NOW, shifted: true };
  const plan = examplePlan('Production', { inconclusive: GO_NO_GO } as Partial<EnvironmentPlan>);
  const own = { ...release, plan: [plan] };
  const failure = {
    step: 'Read',
    subject: 'the new version',
    expected: 'ten requests',
    actual: 'inconclusive: two requests, not inconclusive: ten',
    logs: 'l',
  };
  const input: AskWatchedInput = {
    ...taskInput('1.1.0'),
    colour: 'green',
    percent: 10,
    asks: 'inconclusive',
    token: 't',
    failure,
  } as unknown as AskWatchedInput;
  const state = (given: Partial<EnvironmentState> = {}) => liveEnvironment('1.0.0', 'Production', { lock, ...given });
  const bake = { token: 't', release: '1.1.0', colour: 'green', percent: 10, startedAt: NOW, asks: 'inconclusive' as const };
  const arrives = (given: Partial<EnvironmentState> = {}, stored?: Gate) => arriveWatched({ input, release: own, state: state(given), stored, now: NOW });

  test('are told what was found, and their token is where an alarm finds it', () => {
    const change = arrives();
    expect(change.put[0]).toMatchObject({
      gate: 'inconclusive',
      percent: 10,
      about: 'the new version: expected ten requests, found two requests, not inconclusive: ten',
    });
    expect(change.put.at(-1)).toEqual(state({ bake }));
    expect(change.audit).toMatchObject([{ what: 'PauseOpened', detail: { gate: 'inconclusive', percent: 10 } }]);
  });

  test('are asked again by the same token, and not by one that comes late', () => {
    expect(arrives({ bake }).put.at(-1)).toEqual(state({ bake }));
    expect(arrives({ bake: { ...bake, token: 'later', percent: 50 } })).toEqual({ put: [], audit: [] });
  });
});

describe('what was decided at a step', () => {
  const steps = [{ percent: 10, bakeSeconds: 0, pause: GO_NO_GO }];
  const plan = examplePlan('Production', { steps, inconclusive: GO_NO_GO } as Partial<EnvironmentPlan>);
  const lock = { release: '1.1.0', execution: child, colour: 'green', since: NOW, shifted: true };
  const gate = (kind: 'pause' | 'inconclusive', given: Partial<Gate> = {}) =>
    ({ ...(openGate({ ...request, plan, gate: kind, percent: 10, execution: child }) as Gate), status: 'passed', ...given }) as Gate;
  const holds = (gates: readonly Gate[], given: Partial<EnvironmentState> = {}) =>
    decisionsHold(plan, 10, { release, state: liveEnvironment('1.0.0', 'Production', { lock, ...given }), gates });

  test('is each by itself: a pause is no answer to what was inconclusive', () => {
    const bake = { token: 't', release: '1.1.0', colour: 'green', percent: 10, startedAt: NOW, verdict: 'inconclusive' as const };
    expect(holds([gate('pause')], { bake })).toMatchObject({ subject: 'the question about Production, inconclusive at 10 percent', actual: 'never opened' });
    expect(holds([gate('pause'), gate('inconclusive')], { bake })).toBeUndefined();
  });

  test('is nothing that is asked elsewhere', () => {
    expect(holds([gate('pause'), { ...opened({}, 'goNoGo'), percent: 10, execution: child }])).toBeUndefined();
  });
});

describe('a team’s own machine in front of a firebreak', () => {
  const plan = examplePlan('Production', { firebreak: { ...FIREBREAK, when: [] } });
  const input = {
    release: '1.1.0',
    digest: 'digest-of-1.1.0',
    changes: [],
    environment: 'Production',
    plan,
    token: 't',
    execution: 'arn:own',
  } as unknown as OpenFirebreakInput;
  const open = (registered?: Release, stored?: Gate, given: Partial<OpenFirebreakInput> = {}) =>
    openFirebreak({ input: { ...input, ...given }, registered, states: [], stored, now: NOW });
  const known = () => open().put.find((item): item is Release => item.kind === 'release') as Release;

  test('registers its release once, with the gate', () => {
    const first = open();
    expect(first.put.map(({ kind }) => kind)).toEqual(['gate', 'release']);
    expect(first.audit.map(({ what }) => what)).toEqual(['ReleaseSubmitted', 'FirebreakOpened']);
    expect(first.deliver).toEqual([]);
    const again = open(
      known(),
      first.put.find((item): item is Gate => item.kind === 'gate'),
      { token: 'u' },
    );
    expect([again.put, again.audit]).toMatchObject([[{ kind: 'gate', token: 'u' }], []]);
  });

  test('has an earlier execution that waits there told that it has come; whose time is over is not', () => {
    const earlier = opened({ execution: 'arn:earlier', token: 'e' });
    const failure = {
      step: 'Wait at the firebreak in front of Production',
      subject: 'the release',
      expected: 'waits once',
      actual: 'arn:own has come with the same version since',
      logs: 'arn:earlier',
    };
    expect(told(open(undefined, earlier))).toEqual([['e', { outcome: 'refused', failure }]]);
    expect(open(undefined, { ...earlier, status: 'refused' }).deliver).toEqual([]);
  });
});
