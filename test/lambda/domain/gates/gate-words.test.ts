import type { GateKind, OpenFirebreakInput } from '../../../../lambda/contract';
import { answerOf, approvalsHold, closeGate, decisionsHold, gateName, gateStep, openGate, stillHolds } from '../../../../lambda/domain/gates/gate';
import { decide, resume } from '../../../../lambda/domain/gates/gate-decision';
import { abortedAt, arrive, arriveToContract, rolledBackAt, supersededAt } from '../../../../lambda/domain/gates/gate-opening';
import { notOpened } from '../../../../lambda/domain/gates/own-firebreak';
import type { Contracting, EnvironmentState, Gate } from '../../../../lambda/domain/model';
import { ALL, accept, afterwards, code, GO_NO_GO, NOW, opened, production, release, session, words } from '../../example-gate';
import { examplePlan, liveEnvironment } from '../../example-path';

const KINDS: readonly [GateKind, string, string][] = [
  ['firebreak', 'the firebreak in front of Production', 'Wait at the firebreak in front of Production'],
  ['goNoGo', 'the go/no-go in Production', 'Ask for go/no-go in Production'],
  ['contract', 'the contract in Production', 'Ask for the contract in Production'],
  ['rollBackTarget', 'the question about the roll-back target of Production', 'Ask about the roll-back target of Production'],
  ['pause', 'the pause of Production at 10 percent', 'Pause Production at 10 percent'],
  ['inconclusive', 'the question about Production, inconclusive at 10 percent', 'Ask about Production, inconclusive at 10 percent'],
];

test.each(KINDS)('%s is named, and its state, as people know them', (gate, name, state) => {
  const asked = { gate, environment: 'Production', percent: 10 };
  expect([gateName(asked), gateStep(asked)]).toEqual([name, state]);
});

describe('acceptances that do not count say why:', () => {
  const about = { step: 'Wait at the firebreak in front of Production', subject: 'the firebreak in front of Production', logs: release.execution };
  const bound = 'passed, for the bundle and the evidence that go live';

  test('not all of them are there', () => {
    expect(stillHolds(opened(), release)).toEqual({ ...about, expected: bound, actual: 'open' });
    expect(stillHolds(opened({ status: 'passed' }, 'contract'), release)).toBeUndefined();
    expect(stillHolds(opened({}, 'contract'), release)).toMatchObject({ expected: 'passed, for what would run' });
  });

  test('they are for another bundle, or other evidence', () => {
    const gate = opened({ status: 'passed', digest: 'other', evidenceDigest: 'older' });
    const now = `digest ${release.digest} and evidence ${opened().evidenceDigest}`;
    expect(stillHolds(gate, release)).toEqual({
      ...about,
      expected: bound,
      actual: `accepted for digest other and evidence older, now ${now}: the acceptances are void`,
    });
    expect(stillHolds(opened({ status: 'passed' }), release)).toBeUndefined();
  });

  test('nobody was ever asked, whatever was said elsewhere', () => {
    const elsewhere = (['release', 'environment'] as const).map((key) => opened({ status: 'passed', [key]: 'other' }));
    const missing = { ...about, expected: bound, actual: 'never opened' };
    expect(approvalsHold(production, release, elsewhere)).toEqual(missing);
    expect(approvalsHold(production, release, [opened({ status: 'passed' }, 'goNoGo')])).toEqual(missing);
    expect(approvalsHold(production, release, [opened({ status: 'passed' }), opened({ status: 'passed' }, 'goNoGo')])).toBeUndefined();
  });
});

describe('what was asked at a step', () => {
  const plan = examplePlan('Production', {
    steps: [
      { percent: 10, bakeSeconds: 60, pause: GO_NO_GO },
      { percent: 100, bakeSeconds: 60 },
    ],
  });
  const lock = { release: '1.1.0', execution: 'e', colour: 'green', since: NOW, shifted: true };
  const holds = (gates: readonly Gate[], state: Partial<EnvironmentState> = {}, percent = 10) =>
    decisionsHold(plan, percent, { release, state: liveEnvironment('1.0.0', 'Production', { lock, ...state }), gates });
  const open = (given: Partial<Gate>): Gate => {
    const fresh = openGate({ plan, release, gate: 'pause', now: NOW, token: 't', execution: 'e', percent: 10 });
    if (fresh === 'notNeeded') throw new Error('it is needed');
    return { ...fresh, status: 'passed', ...given };
  };
  const never = (name: string, step: string) => ({
    step,
    subject: name,
    expected: 'passed, for the bundle and the evidence that go live',
    actual: 'never opened',
    logs: release.execution,
  });

  test.each<[string, readonly Gate[], object | undefined]>([
    ['has to be asked', [], never('the pause of Production at 10 percent', 'Pause Production at 10 percent')],
    ['has to be asked here', [open({ environment: 'Integration' })], never('the pause of Production at 10 percent', 'Pause Production at 10 percent')],
    ['has to be asked at this step', [open({ percent: 50 })], never('the pause of Production at 10 percent', 'Pause Production at 10 percent')],
    ['has to be asked by this execution', [open({ execution: 'x' })], never('the pause of Production at 10 percent', 'Pause Production at 10 percent')],
    ['has to be agreed to', [open({ status: 'open' })], { actual: 'open' }],
    ['holds when it was', [open({})], undefined],
  ])('%s', (_, gates, failure) => {
    const found = holds(gates);
    if (failure) expect(found).toMatchObject(failure);
    else expect(found).toBeUndefined();
  });

  test('is nothing where there is no pause, or in an outage', () => {
    expect(holds([], {}, 100)).toBeUndefined();
    expect(holds([], { outage: { release: '1.1.0' } as EnvironmentState['outage'] })).toBeUndefined();
  });

  test('is what was inconclusive there, too', () => {
    const bake = { percent: 100, verdict: 'inconclusive' } as unknown as EnvironmentState['bake'];
    const name = 'the question about Production, inconclusive at 100 percent';
    expect(holds([], { bake }, 100)).toEqual(never(name, 'Ask about Production, inconclusive at 100 percent'));
    expect(holds([], { bake: { ...bake, percent: 50 } as EnvironmentState['bake'] }, 100)).toBeUndefined();
    expect(holds([], { bake: { percent: 100 } as EnvironmentState['bake'] }, 100)).toBeUndefined();
  });
});

test('a gate that is closed has expired when its time is up, and is void before; a decided one stays', () => {
  const gate = opened();
  expect(closeGate(gate, gate.expiresAt).status).toBe('expired');
  expect(closeGate(gate, NOW).status).toBe('void');
  expect(closeGate({ ...gate, status: 'accepted' }, NOW).status).toBe('void');
  expect(closeGate({ ...gate, status: 'refused' }, gate.expiresAt)).toEqual({ ...gate, status: 'refused' });
});

test('a machine is told what was decided, and by whom it was refused', () => {
  expect([answerOf(opened()), answerOf(opened({ status: 'passed' })), answerOf(opened({ status: 'refused' }))]).toEqual([
    undefined,
    { outcome: 'passed' },
    undefined,
  ]);
  const refused = afterwards(
    opened(),
    [ALL[0], accept(session('Security'), { decision: 'refuse', reason: ' open finding ' })].map((each) => each as never),
  );
  expect(answerOf(refused)).toEqual({
    outcome: 'refused',
    failure: {
      step: 'Wait at the firebreak in front of Production',
      subject: 'party security',
      expected: 'accepted',
      actual: `refused by ${session('Security')}: open finding`,
      logs: release.execution,
    },
  });
  expect(answerOf({ ...refused, status: 'open' })).toBeUndefined();
});

describe('whoever may not decide is told so in full:', () => {
  const serviceManager = session('Security');
  const late = '2026-01-07T09:00:00.000Z';
  const firebreak = 'the firebreak in front of Production';

  test.each<[string, () => unknown, string, string]>([
    [
      'too late',
      () => decide(opened(), accept(serviceManager), late),
      'Expired',
      `${firebreak} waited for release 1.1.0 until 2026-01-06T08:59:55.000Z and no longer; submit the release again to be asked again`,
    ],
    [
      'expired',
      () => decide(opened({ status: 'expired' }), accept(serviceManager), NOW),
      'Expired',
      `${firebreak} waited for release 1.1.0 until 2026-01-06T08:59:55.000Z and no longer; submit the release again to be asked again`,
    ],
    [
      'decided',
      () => decide(opened({ status: 'void' }), accept(serviceManager), NOW),
      'NotOpen',
      `${firebreak} is not open for release 1.1.0: it is void; ptl status says what it waits for`,
    ],
    [
      'decided, and late',
      () => decide(opened({ status: 'void' }), accept(serviceManager), late),
      'NotOpen',
      `${firebreak} is not open for release 1.1.0: it is void; ptl status says what it waits for`,
    ],
    [
      'no reason',
      () => decide(opened(), accept(serviceManager, { reason: '' }), NOW),
      'NoReason',
      'a decision needs a reason, got: ""; say in a sentence why you accept it',
    ],
    [
      'another digest',
      () => decide(opened(), accept(serviceManager, { digest: 'stale' }), NOW),
      'OtherDigest',
      `${firebreak} asks about release 1.1.0 with digest ${release.digest}, got: "stale"; look at the release again and decide on what is there`,
    ],
    [
      'in no party',
      () => decide(opened(), accept('arn:x'), NOW),
      'NotInParty',
      `${firebreak} asks the parties "service management", "product", "security", and arn:x is in none of them; ask a member to decide`,
    ],
    [
      'not in the one party',
      () => decide(opened({}, 'goNoGo'), accept('arn:x'), NOW),
      'NotInParty',
      'the go/no-go in Production asks the party "change authority", and arn:x is not in it; ask a member to decide',
    ],
    [
      'in another party',
      () => decide(opened(), accept(serviceManager, { party: 'product' }), NOW),
      'NotInParty',
      `${serviceManager} is not in the party "product"; it asks "service management", "product", "security", and you decide for "security"`,
    ],
    [
      'for a party that there is not',
      () => decide(opened(), accept(serviceManager, { party: 'Nope' }), NOW),
      'NotInParty',
      `${firebreak} does not ask a party "Nope"; it asks "service management", "product", "security", and you decide for "security"`,
    ],
    [
      'in two parties',
      () => decide(opened(), accept(session('Product')), NOW),
      'WhichParty',
      `${session('Product')} is in more than one party of ${firebreak}; say for which you decide: --party product or security`,
    ],
    [
      'resumed before',
      () => resume(opened({ status: 'passed' }), serviceManager, NOW),
      'AlreadyResumed',
      `release 1.1.0 has passed ${firebreak} already; there is nothing to resume`,
    ],
    [
      'resumed too late',
      () => resume(opened(), serviceManager, late),
      'Expired',
      `${firebreak} waited for release 1.1.0 until 2026-01-06T08:59:55.000Z and no longer; submit the release again to be asked again`,
    ],
    [
      'resumed by somebody',
      () => resume(opened({ releaseManagers: ['arn:a', 'arn:b'] }), serviceManager, NOW),
      'NotReleaseManager',
      `${serviceManager} is no release manager of ${firebreak}; ask one of arn:a, arn:b`,
    ],
    [
      'resumed too early',
      () => resume(afterwards(opened(), [ALL[0] as never]), session('ReleaseManager'), NOW),
      'NotAllAccepted',
      `${firebreak} still waits for product, security; resume release 1.1.0 when they have accepted`,
    ],
  ])('%s', (_, outcome, expected, message) => {
    const told = outcome();
    expect([code(told), words(told)]).toEqual([expected, message]);
  });

  test('twice', () => {
    const decided = afterwards(opened(), [accept(serviceManager)]);
    const said = (by: string) =>
      `"security" has accepted release 1.1.0 at ${firebreak} already: ${by}, at ${NOW}: looks good; a party decides once, and nothing has changed: `;
    const waits = `${firebreak} waits for service management, product`;
    expect(words(decide(decided, accept(serviceManager), NOW))).toBe(`${said(`you, ${serviceManager}`)}${waits}`);
    const other = session('Security', 'deputy');
    expect(words(decide(decided, accept(other, { decision: 'refuse' }), NOW))).toBe(
      `${said(serviceManager)}${waits}; to stop it all the same, use ptl abort 1.1.0`,
    );
    const all = afterwards(opened(), ALL);
    expect(words(decide(all, accept(serviceManager), NOW))).toContain(
      `every party has accepted, and ${firebreak} waits for a release manager: ptl resume Production`,
    );
    const refused = afterwards(opened(), [accept(serviceManager, { decision: 'refuse', reason: 'no' })]);
    expect(words(decide(refused, accept(serviceManager, { decision: 'refuse' }), NOW))).toMatch(
      /^"security" has refused release 1\.1\.0 .*: it is refused; ptl status says what it waits for$/,
    );
  });
});

describe('a machine that arrives', () => {
  const request = { plan: production, release, gate: 'firebreak' as const, now: NOW, token: 't', execution: release.execution };
  const told = (change: ReturnType<typeof arrive>) =>
    change.deliver?.map((each) => (each.to === 'token' && 'success' in each.answer ? each.answer.success : each));

  test('opens the gate, and the audit trail says who is asked about what, until when', () => {
    const gate = opened();
    const { parties, digest, evidenceDigest, expiresAt, resumes } = gate;
    const change = arrive(request, undefined);
    expect(change.put).toEqual([{ ...gate, token: 't' }, release]);
    expect(change.audit).toEqual([
      {
        at: NOW,
        what: 'FirebreakOpened',
        release: '1.1.0',
        environment: 'Production',
        who: release.execution,
        detail: { parties, digest, evidenceDigest, expiresAt, resumes },
      },
    ]);
    expect(arrive(request, { ...gate, revision: 4, digest: 'other' }).put[0]).toMatchObject({ revision: 4, digest: release.digest });
  });

  test('again with another token waits at the gate there is; what was decided is told at once', () => {
    const gate = { ...afterwards(opened(), [ALL[0] as never]), revision: 2 };
    expect(arrive(request, gate)).toEqual({ put: [{ ...gate, token: 't' }], audit: [] });
    expect(told(arrive(request, { ...gate, status: 'passed' }))).toEqual([{ outcome: 'passed' }]);
    expect(arrive(request, { ...gate, status: 'expired' }).audit).toHaveLength(1);
  });

  test('with a release that was aborted, has ended, or goes on by another attempt is told so', () => {
    const aborted = { by: 'arn:service-manager', reason: 'no more', at: NOW };
    const at = { step: 'Wait at the firebreak in front of Production', subject: 'the release' };
    const refused = (failure: object) => [{ outcome: 'refused', failure: { ...at, logs: release.execution, ...failure } }];
    expect(told(arrive({ ...request, release: { ...release, aborted } }, undefined))).toEqual(
      refused({ expected: 'not aborted', actual: 'aborted by arn:service-manager: no more' }),
    );
    const onItsWay = 'on its way, by this execution';
    expect(told(arrive({ ...request, release: { ...release, status: 'stopped' } }, undefined))).toEqual(
      refused({ expected: onItsWay, actual: 'it has ended, stopped' }),
    );
    expect(told(arrive({ ...request, execution: 'older' }, undefined))).toEqual(
      refused({ expected: onItsWay, actual: `it goes on by ${release.execution}, and this execution is left over from an earlier attempt`, logs: 'older' }),
    );
    expect(told(arrive({ ...request, plan: { ...production, firebreak: undefined } }, undefined))).toEqual([{ outcome: 'notNeeded' }]);
  });

  test('to contract opens the gate only for whoever was asked', () => {
    const contract = { ...request, gate: 'contract' as const, execution: 'c' };
    const contracting: Contracting = { by: 'arn:service-manager', reason: 'r', at: NOW, execution: 'c', release: '1.1.0', migrations: [] };
    const state = liveEnvironment('1.1.0', 'Production', { contracting });
    const change = arriveToContract(contract, state, undefined);
    expect(change.put.map(({ kind }) => kind)).toEqual(['gate', 'release', 'environment']);
    expect(change.audit[0]).toMatchObject({ what: 'ContractGateOpened', detail: { migrations: [] } });
    const failure = {
      step: 'Ask for the contract in Production',
      subject: 'the contract in Production',
      expected: 'still asked for',
      logs: 'c',
    };
    expect(told(arriveToContract(contract, liveEnvironment('1.1.0'), undefined))).toMatchObject([{ outcome: 'refused', failure }]);
  });
});

test('a machine is told why it waits no longer', () => {
  const contract = opened({}, 'contract');
  const by = { by: 'arn:service-manager', at: NOW, release: '1.2.0' } as Contracting;
  expect(supersededAt(contract, by)).toEqual({
    step: 'Ask for the contract in Production',
    subject: 'the contract of Production',
    expected: 'still asked for',
    actual: `arn:service-manager asked for the contract of 1.2.0 at ${NOW}, which is live by now`,
    logs: release.execution,
  });
  expect(rolledBackAt(contract, 'arn:service-manager', ' slow ')).toEqual({
    step: 'Ask for the contract in Production',
    subject: 'release 1.1.0',
    expected: 'live in Production',
    actual: 'arn:service-manager rolled it back: slow',
    logs: release.execution,
  });
  expect(abortedAt(opened(), release, { by: 'arn:service-manager', reason: 'no', at: NOW })).toMatchObject({
    actual: 'aborted by arn:service-manager: no',
    expected: 'not aborted',
  });
  const input = { plan: production, token: 't', execution: 'e' } as OpenFirebreakInput;
  const failure = {
    step: 'Wait at the firebreak in front of Production',
    subject: 'the firebreak in front of Production',
    expected: 'asked about a release',
    actual: 'nothing was submitted',
    logs: 'e',
  };
  expect(notOpened(input, 'nothing was submitted')).toEqual({
    put: [],
    audit: [],
    deliver: [{ to: 'token', token: 't', answer: { success: { outcome: 'refused', failure } } }],
  });
});
