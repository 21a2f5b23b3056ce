import type { RollBackAnswer } from '../../lambda/contract';
import { Conflict, Retry } from '../../lambda/domain/errors';
import type { EnvironmentState, Gate, Release } from '../../lambda/domain/model';
import { openGate } from '../../lambda/handlers/open-gate';
import { call } from './api-call';
import { FIREBREAK, GO_NO_GO, session } from './example-gate';
import { examplePlan, exampleSlot, liveEnvironment, snapshot } from './example-path';
import { type InMemoryPorts, inMemoryPorts, targetGroupOf } from './in-memory-ports';
import { exampleBody, publish } from './submission-body';

const PIPELINE = session('Pipeline', 'build-7');
const MANAGER = session('ReleaseManager');
const TOKEN = 'AQCEAAAAKgAAAAMAAAAA-secret-token';
const PLAN = [examplePlan('Integration'), examplePlan('Production', { firebreak: FIREBREAK, goNoGo: GO_NO_GO })];
const BODY = exampleBody('1.1.0', PLAN, { changes: ['altersSchema'] });
const DIGEST = BODY.digest;

/** 1.0.0 is live everywhere; 1.1.0 was submitted. */
async function world(): Promise<InMemoryPorts> {
  const ports = inMemoryPorts(PLAN);
  for (const { environment } of PLAN) {
    ports.ledger.seed(liveEnvironment('1.0.0', environment));
    ports.liveRule.set(environment, { [targetGroupOf(`Payments-${environment}-Blue`)]: 100 });
  }
  publish(ports, BODY);
  expect((await call(ports, PIPELINE, 'POST /releases', BODY)).status).toBe(200);
  return ports;
}

async function atGate(ports: InMemoryPorts, gate: Gate['gate'] = 'firebreak'): Promise<InMemoryPorts> {
  const { execution } = (await ports.ledger.release('1.1.0')) as Release;
  await openGate(ports)({ environment: 'Production', release: '1.1.0', execution, gate, token: TOKEN });
  return ports;
}

const accept = (given: object = {}) => ({ environment: 'Production', decision: 'accept', reason: 'looks good', digest: DIGEST, ...given });
const decide = (ports: InMemoryPorts, caller: string, given: object = {}) => call(ports, caller, 'POST /releases/1.1.0/decisions', accept(given));
async function acceptedByAll(): Promise<InMemoryPorts> {
  const ports = await atGate(await world());
  await decide(ports, session('OnCall'));
  await decide(ports, session('Product'), { party: 'product' });
  await decide(ports, session('Security'));
  return ports;
}

/** 1.1.0 holds Production. */
async function holding(given: Partial<EnvironmentState> = {}, lock: Partial<NonNullable<EnvironmentState['lock']>> = {}): Promise<InMemoryPorts> {
  const ports = await world();
  const state = liveEnvironment('1.0.0', 'Production', {
    lock: { release: '1.1.0', execution: 'child', colour: 'green', since: ports.clock.now(), shifted: false, ...lock },
    ...given,
  });
  ports.ledger.seed(state);
  return ports;
}
const shifted = (given: Partial<EnvironmentState> = {}) =>
  holding(
    {
      slots: { blue: exampleSlot('1.0.0', 'Payments-Production-Blue'), green: exampleSlot('1.1.0', 'Payments-Production-Green') },
      weights: { blue: 90, green: 10 },
      bake: { token: TOKEN, release: '1.1.0', colour: 'green', percent: 10, startedAt: '2026-01-05T09:00:00.000Z' },
      ...given,
    },
    { shifted: true },
  );

describe('people at a firebreak', () => {
  test('accept one after the other, a release manager resumes, and the machine is told once', async () => {
    const ports = await atGate(await world());
    const first = await decide(ports, session('OnCall'), { reason: '  runbook is ready ' });
    expect(first).toMatchObject({
      status: 200,
      body: { activity: 'waitingForPeople', now: 'waits at the firebreak in front of Production for product and security' },
    });
    expect(first.body.gates[0].parties[0]).toMatchObject({ name: 'service management', decision: 'accept', by: session('OnCall'), reason: 'runbook is ready' });
    await decide(ports, session('Product'), { party: 'product' });
    const last = await decide(ports, session('Security'));
    expect(last.body.now).toBe('accepted by every party, waits at the firebreak in front of Production for a release manager to resume it');
    expect(ports.machines.answers).toEqual([]);

    const resumed = await call(ports, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production', reason: 'all there' });
    expect(resumed).toMatchObject({ status: 200, body: { activity: 'working' } });
    expect(resumed.body.audit.map((event: { what: string }) => event.what)).toEqual([
      'ReleaseSubmitted',
      'FirebreakOpened',
      'DecisionRecorded',
      'DecisionRecorded',
      'DecisionRecorded',
      'FirebreakPassed',
    ]);
    expect(resumed.body.audit[5]).toMatchObject({ who: MANAGER, why: 'all there', environment: 'Production' });
    expect(ports.machines.answers).toEqual([{ token: TOKEN, answer: { success: { outcome: 'passed' } } }]);
  });

  test('refuse, and the machine gets the reason as a failure', async () => {
    const ports = await atGate(await world());
    const refused = await decide(ports, session('Security'), { decision: 'refuse', reason: 'open finding' });
    expect(refused.body.gates[0].status).toBe('refused');
    expect(ports.ledger.happened().slice(2)).toEqual(['DecisionRecorded', 'GateRefused']);
    expect(ports.machines.answers).toEqual([
      {
        token: TOKEN,
        answer: {
          success: {
            outcome: 'refused',
            failure: {
              step: 'Wait at the firebreak in front of Production',
              subject: 'party security',
              expected: 'accepted',
              actual: `refused by ${session('Security')}: open finding`,
              logs: ports.machines.executionArn('1.1.0-1'),
            },
          },
        },
      },
    ]);
  });

  test('say go, and the release goes on at once', async () => {
    const ports = await atGate(await world(), 'goNoGo');
    expect((await call(ports, PIPELINE, 'GET /releases/1.1.0')).body.now).toBe('waits at the go/no-go in Production for change authority');
    await decide(ports, session('ChangeAuthority'));
    expect(ports.machines.answers).toEqual([{ token: TOKEN, answer: { success: { outcome: 'passed' } } }]);
    expect(ports.ledger.happened().slice(1)).toEqual(['GoNoGoOpened', 'DecisionRecorded', 'GoNoGoPassed']);
  });

  test('who decide at the same instant are both heard', async () => {
    const ports = await atGate(await world());
    ports.ledger.raceNextCommit(async () => {
      await decide(ports, session('Security'));
    });
    await decide(ports, session('OnCall'));
    const gate = await ports.ledger.gate('1.1.0', 'Production', 'firebreak');
    expect(gate?.decisions.map(({ party }) => party)).toEqual(['security', 'service management']);
  });

  test('whose last word could not be delivered are heard at the next sweep: the ledger has it', async () => {
    const ports = await atGate(await world(), 'goNoGo');
    ports.machines.away = new Error('Step Functions is away');
    expect((await decide(ports, session('ChangeAuthority'))).status).toBe(200);
    expect((await ports.ledger.outbox()).map(({ delivery }) => delivery)).toEqual([{ to: 'token', token: TOKEN, answer: { success: { outcome: 'passed' } } }]);
  });
});

describe('an abort', () => {
  test('ends the waiting of a release at a gate, and is told to the machine', async () => {
    const ports = await atGate(await world());
    const aborted = await call(ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'wrong week' });
    expect(aborted.body).toMatchObject({
      activity: 'working',
      now: expect.stringContaining(`aborted by ${MANAGER} (wrong week)`),
      gates: [{ status: 'void' }],
    });
    expect(ports.machines.answers).toEqual([
      { token: TOKEN, answer: { success: { outcome: 'refused', failure: expect.objectContaining({ expected: 'not aborted' }) } } },
    ]);
    expect((await decide(ports, session('OnCall'))).body.code).toBe('NotOpen');
  });

  test('of a release that is being deployed is seen by its next step', async () => {
    const ports = await holding();
    expect((await call(ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'wrong week' })).status).toBe(200);
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ aborted: { by: MANAGER, reason: 'wrong week' } });
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'ReleaseAborted', environment: 'Production', who: MANAGER, why: 'wrong week' });
  });

  test('twice is once', async () => {
    const ports = await holding();
    await call(ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'wrong week' });
    const before = ports.ledger.snapshot();
    expect((await call(ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'again' })).status).toBe(200);
    expect(ports.ledger.snapshot()).toEqual(before);
  });
});

describe('a roll back', () => {
  test('of a release that bakes wakes it at once, and says who wanted it', async () => {
    const ports = await shifted();
    const { body } = await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'checkout is slow' });
    expect(body).toMatchObject({
      outcome: 'requested',
      release: '1.1.0',
      environment: { environment: 'Production', lockedBy: '1.1.0', weights: { blue: 90, green: 10 } },
    });
    expect(ports.machines.answers).toEqual([{ token: TOKEN, answer: { error: 'RollBackRequested', cause: `${MANAGER}: checkout is slow` } }]);
    const state = await ports.ledger.environment('Production');
    expect([state.rollBackRequested, state.bake]).toEqual([{ by: MANAGER, reason: 'checkout is slow', at: ports.clock.now() }, undefined]);
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'RollBackRequested', release: '1.1.0', who: MANAGER, why: 'checkout is slow' });
    expect(ports.machines.rollBacks).toEqual([]);
  });

  test('of a release between two bakes is seen by its next step', async () => {
    const ports = await shifted({ bake: undefined });
    expect((await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' })).body.outcome).toBe('requested');
    expect(ports.machines.answers).toEqual([]);
    expect(await ports.ledger.environment('Production')).toMatchObject({ rollBackRequested: { reason: 'slow' } });
  });

  test('of a release whose bake is over does not answer its token again', async () => {
    const bake = { token: TOKEN, release: '1.1.0', colour: 'green', percent: 10, startedAt: 's', readAt: 't' };
    const ports = await shifted({ bake });
    expect((await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' })).body.outcome).toBe('requested');
    expect(ports.machines.answers).toEqual([]);
    expect((await ports.ledger.environment('Production')).bake).toEqual(bake);
  });

  test('asked for again is asked of the writer of the live rule: the machine that was told may have died', async () => {
    const ports = await shifted();
    const { lock } = await ports.ledger.environment('Production');
    await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' });
    const before = ports.ledger.snapshot();
    expect((await call(ports, PIPELINE, 'POST /environments/Production/roll-back', { reason: 'me too' })).body).toMatchObject({
      outcome: 'rolledBack',
      release: '1.1.0',
    });
    expect(ports.machines.rollBacks).toEqual([
      {
        environment: 'Production',
        release: '1.1.0',
        execution: lock?.execution,
        failure: expect.objectContaining({ step: 'Roll back Production', actual: `${MANAGER} asked for it: slow` }),
      },
    ]);
    expect(ports.ledger.snapshot()).toEqual(before);
  });

  test('with no release in flight is done by the writer of the live rule', async () => {
    const ports = await world();
    const { status, body } = await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow since Friday' });
    expect([status, body.outcome]).toEqual([200, 'rolledBack']);
    expect(ports.machines.rollBacks).toEqual([{ environment: 'Production', who: MANAGER, reason: 'slow since Friday' }]);
  });

  test('that the writer refuses is refused in its words', async () => {
    const ports = await world();
    const failure = { step: 'Roll back Production', subject: 's', expected: 'a version that was live before', actual: 'none', logs: '' };
    ports.machines.rollingBack = async (): Promise<RollBackAnswer> => ({ outcome: 'refused', failure });
    const before = snapshot(ports);
    const { status, body } = await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' });
    expect([status, body.code, body.message]).toEqual([409, 'CannotRollBack', expect.stringContaining('expected a version that was live before, found none')]);
    expect(snapshot(ports)).toEqual(before);
  });
});

describe('what is refused leaves ledger and traffic exactly as they were:', () => {
  const ROLL_BACK = 'POST /environments/Production/roll-back';
  const DECISIONS = 'POST /releases/1.1.0/decisions';
  const live = async () => {
    const ports = await world();
    await ports.ledger.commit({ put: [{ ...((await ports.ledger.release('1.1.0')) as Release), status: 'live' }], audit: [] });
    return ports;
  };
  const firebreak = async () => atGate(await world());
  const expired = async () => {
    const ports = await firebreak();
    ports.clock.advance(FIREBREAK.timeoutSeconds);
    return ports;
  };
  const decidedOnce = async () => {
    const ports = await firebreak();
    await decide(ports, session('OnCall'));
    return ports;
  };
  const otherEvidence = async () => {
    const ports = await firebreak();
    const evidence = { 'Integration/health': { environment: 'Integration', test: 'health', verdict: 'failed' as const, at: ports.clock.now() } };
    await ports.ledger.commit({ put: [{ ...((await ports.ledger.release('1.1.0')) as Release), evidence }], audit: [] });
    return ports;
  };

  test.each<[string, () => Promise<InMemoryPorts>, string | undefined, string, unknown, number, string, RegExp]>([
    ['nobody asks', world, undefined, 'POST /releases', BODY, 403, 'NoIdentity', /SigV4/],
    ['no such route', world, PIPELINE, 'DELETE /releases/1.1.0', undefined, 404, 'UnknownRoute', /DELETE \/releases\/1\.1\.0/],
    ['no such release to look at', world, PIPELINE, 'GET /releases/9.9.9', undefined, 404, 'UnknownRelease', /"9\.9\.9"/],
    ['no such release to decide on', world, PIPELINE, 'POST /releases/9.9.9/decisions', accept(), 404, 'UnknownRelease', /"9\.9\.9"/],
    ['no such release to resume', world, MANAGER, 'POST /releases/9.9.9/resume', { environment: 'Production' }, 404, 'UnknownRelease', /"9\.9\.9"/],
    ['no such release to abort', world, MANAGER, 'POST /releases/9.9.9/abort', { reason: 'r' }, 404, 'UnknownRelease', /"9\.9\.9"/],
    [
      'no such environment to decide on',
      firebreak,
      session('OnCall'),
      DECISIONS,
      accept({ environment: 'Moon' }),
      404,
      'UnknownEnvironment',
      /"Moon"; it has Integration, Production/,
    ],
    [
      'no such environment to roll back',
      world,
      MANAGER,
      'POST /environments/Moon/roll-back',
      { reason: 'r' },
      404,
      'UnknownEnvironment',
      /"Moon"; it has Integration, Production/,
    ],
    ['a decision by somebody in no party', firebreak, session('Stranger'), DECISIONS, accept(), 403, 'NotInParty', /"product".*Stranger\/kim is in none/],
    [
      'a decision for a party one is not in',
      firebreak,
      session('OnCall'),
      DECISIONS,
      accept({ party: 'security' }),
      403,
      'NotInParty',
      /not in the party "security"/,
    ],
    ['a decision for one of two parties, unsaid which', firebreak, session('Product'), DECISIONS, accept(), 400, 'WhichParty', /product or security/],
    ['a decision for a gate that was never opened', world, session('OnCall'), DECISIONS, accept(), 409, 'NotOpen', /no gate of Production is open/],
    [
      'a decision for a gate of another environment',
      firebreak,
      session('OnCall'),
      DECISIONS,
      accept({ environment: 'Integration' }),
      409,
      'NotOpen',
      /no gate of Integration/,
    ],
    ['a decision after the time is up', expired, session('OnCall'), DECISIONS, accept(), 409, 'Expired', /submit the release again/],
    ['a decision twice', decidedOnce, session('OnCall'), DECISIONS, accept(), 409, 'AlreadyDecided', /decides once/],
    ['a decision for another digest', firebreak, session('OnCall'), DECISIONS, accept({ digest: 'f00' }), 409, 'OtherDigest', /got: "f00"/],
    [
      'a decision on evidence that has changed',
      otherEvidence,
      session('OnCall'),
      DECISIONS,
      accept(),
      409,
      'OtherDigest',
      /evidence of release 1\.1\.0 changed/,
    ],
    ['a decision without a reason', firebreak, session('OnCall'), DECISIONS, accept({ reason: ' ' }), 400, 'NoReason', /reason/],
    ['a decision that is neither', firebreak, session('OnCall'), DECISIONS, accept({ decision: 'maybe' }), 400, 'BadInput', /accept or refuse, got: "maybe"/],
    [
      'a resumption before all have accepted',
      decidedOnce,
      MANAGER,
      'POST /releases/1.1.0/resume',
      { environment: 'Production' },
      409,
      'NotAllAccepted',
      /waits for product, security/,
    ],
    [
      'a resumption by no release manager',
      acceptedByAll,
      session('Product'),
      'POST /releases/1.1.0/resume',
      { environment: 'Production' },
      403,
      'NotReleaseManager',
      /ask one of/,
    ],
    ['a resumption where nothing waits', world, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production' }, 409, 'NotOpen', /no gate/],
    ['an abort of a finished release', live, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'r' }, 409, 'ReleaseFinished', /is live already/],
    [
      'an abort of a release with live traffic',
      shifted,
      MANAGER,
      'POST /releases/1.1.0/abort',
      { reason: 'r' },
      409,
      'AlreadyShifted',
      /ptl roll-back Production/,
    ],
    ['an abort without a reason', world, MANAGER, 'POST /releases/1.1.0/abort', { reason: '' }, 400, 'NoReason', /why/],
    ['a roll back before anything was shifted', holding, MANAGER, ROLL_BACK, { reason: 'r' }, 409, 'NotShifted', /ptl abort 1\.1\.0/],
    ['a roll back without a reason', shifted, MANAGER, ROLL_BACK, {}, 400, 'BadInput', /reason must be a text/],
    ['the same version with other content', world, PIPELINE, 'POST /releases', exampleBody('1.1.0', PLAN.slice(0, 1)), 409, 'VersionTaken', /new one/],
    ['a bundle with a file that is not there', world, PIPELINE, 'POST /releases', exampleBody('1.2.0', PLAN), 400, 'MissingFile', /Payments-Integration-Blue/],
  ])('%s', async (_title, setUp, caller, route, body, status, code, message) => {
    const ports = await setUp();
    const [before, answers, started] = [snapshot(ports), ports.machines.answers.length, ports.machines.started.length];
    const answer = await call(ports, caller, route, body);
    expect(answer).toEqual({ status, body: { code, message: expect.stringMatching(message) } });
    expect(snapshot(ports)).toEqual(before);
    expect([ports.machines.answers.length, ports.machines.started.length, ports.machines.rollBacks.length]).toEqual([answers, started, 0]);
  });

  test('a resumption twice', async () => {
    const ports = await acceptedByAll();
    const resume = () => call(ports, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production' });
    expect((await resume()).status).toBe(200);
    const before = snapshot(ports);
    expect(await resume()).toMatchObject({ status: 409, body: { code: 'AlreadyResumed' } });
    expect(snapshot(ports)).toEqual(before);
  });

  test('a resumption on evidence that has changed', async () => {
    const ports = await acceptedByAll();
    const evidence = { 'Integration/health': { environment: 'Integration', test: 'health', verdict: 'failed' as const, at: ports.clock.now() } };
    await ports.ledger.commit({ put: [{ ...((await ports.ledger.release('1.1.0')) as Release), evidence }], audit: [] });
    const before = snapshot(ports);
    expect(await call(ports, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production' })).toMatchObject({
      status: 409,
      body: { code: 'OtherDigest' },
    });
    expect(snapshot(ports)).toEqual(before);
  });

  test('a body that is not JSON', async () => {
    const ports = await world();
    const before = snapshot(ports);
    expect(await call(ports, PIPELINE, 'POST /releases', undefined, { body: '{"version":' })).toMatchObject({ status: 400, body: { code: 'BadJson' } });
    expect(snapshot(ports)).toEqual(before);
  });
});

describe('the API', () => {
  test('believes the authorizer about who asks, and nothing in the request', async () => {
    const ports = await atGate(await world());
    const lie = { by: session('OnCall'), caller: session('OnCall'), userArn: session('OnCall') };
    const headers = { 'x-amzn-iam-user-arn': session('OnCall'), 'x-caller': session('OnCall') };
    const answer = await call(ports, session('Stranger'), 'POST /releases/1.1.0/decisions', { ...accept(), ...lie }, { headers });
    expect(answer).toMatchObject({ status: 403, body: { code: 'NotInParty' } });
  });

  test('answers on a named stage, and takes a body in base64', async () => {
    const ports = await atGate(await world());
    const { requestContext } = {
      requestContext: { stage: 'v1', http: { method: 'POST', path: '/v1/releases/1.1.0/decisions' }, authorizer: { iam: { userArn: session('OnCall') } } },
    };
    const given = {
      rawPath: '/v1/releases/1.1.0/decisions',
      requestContext,
      body: Buffer.from(JSON.stringify(accept())).toString('base64'),
      isBase64Encoded: true,
    };
    expect((await call(ports, undefined, 'POST /', undefined, given as never)).status).toBe(200);
  });

  test('takes a submission of more than 256 kB', async () => {
    const ports = await world();
    expect(await call(ports, PIPELINE, 'POST /releases', { ...BODY, padding: 'x'.repeat(300_000) })).toMatchObject({ status: 200 });
  });

  test.each([
    ['somebody else is faster every time', new Conflict('revision 3'), 409, 'Conflict'],
    ['a service is busy', new Retry('throttled'), 503, 'Busy'],
    ['something breaks', new Error('AccessDenied for role X'), 500, 'Unexpected'],
  ])('says so when %s, without what is inside, and logs it', async (_title, error, status, code) => {
    const ports = await atGate(await world());
    const before = snapshot(ports);
    const commit = jest.spyOn(ports.ledger, 'commit').mockRejectedValue(error);
    const answer = await decide(ports, session('OnCall'));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.message).not.toContain(error.message);
    expect(commit.mock.calls.length).toBe(error instanceof Conflict ? 5 : 1);
    expect(ports.log.lines.at(-1)).toMatchObject({ level: 'error', message: 'request failed' });
    expect(snapshot(ports)).toEqual(before);
  });

  test('never says or logs what a machine waits on', async () => {
    const ports = await acceptedByAll();
    const said = [
      await call(ports, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production' }),
      await call(ports, PIPELINE, 'GET /releases/1.1.0'),
      await call(ports, PIPELINE, 'GET /releases'),
      await call(ports, PIPELINE, 'GET /status'),
      await call(await shifted(), MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' }),
    ];
    expect(said.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(JSON.stringify([said, ports.log.lines, ports.bus.published])).not.toContain(TOKEN);
  });
});

describe('what is to be seen:', () => {
  test('the whole path, with how a tester reaches the shadow', async () => {
    const ports = await atGate(await shifted({ weights: { blue: 100 } }), 'goNoGo');
    const { body } = await call(ports, PIPELINE, 'GET /status');
    expect(body.path).toBe('Payments');
    expect(body.environments[1]).toEqual({
      environment: 'Production',
      url: 'http://production.example',
      live: { colour: 'blue', version: '1.0.0' },
      shadow: { colour: 'green', version: '1.1.0', hiddenUrl: expect.objectContaining({ headers: { 'x-path-to-live-slot': 'green' } }) },
      weights: { blue: 100 },
      lockedBy: '1.1.0',
    });
    expect(body.releases.map((release: { version: string }) => release.version)).toEqual(['1.1.0']);
    expect(body.openGates).toEqual([expect.objectContaining({ release: '1.1.0', environment: 'Production', gate: 'goNoGo', status: 'open', digest: DIGEST })]);
  });

  test('of two slots that serve nobody, the one the release in flight is in', async () => {
    const slots = ['blue', 'green', 'red'].map((colour) => ({ colour, stackName: `Payments-Production-${colour}` }));
    const ports = inMemoryPorts([examplePlan('Production', { slots })]);
    const lock = { release: '1.1.0', execution: 'e', colour: 'red', since: 's', shifted: false };
    const held = { blue: exampleSlot('1.0.0', 'a'), green: exampleSlot('0.9.0', 'b'), red: exampleSlot('1.1.0', 'c') };
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { slots: held, lock }));
    expect((await call(ports, PIPELINE, 'GET /status')).body.environments[0].shadow).toMatchObject({ colour: 'red', version: '1.1.0' });
  });

  test('the path, when a front door cannot be read', async () => {
    const ports = await shifted({ weights: { blue: 100 } });
    ports.frontDoors.away = new Error('no route to the account');
    const { status, body } = await call(ports, PIPELINE, 'GET /status');
    expect([status, body.environments[1].url, body.environments[1].shadow.hiddenUrl.url]).toEqual([200, '', '']);
    expect(ports.log.lines).toContainEqual(expect.objectContaining({ level: 'error', message: 'front door could not be read' }));
  });

  test('releases, newest first', async () => {
    const ports = await atGate(await world());
    ports.clock.advance(60);
    const next = exampleBody('1.2.0', PLAN);
    publish(ports, next);
    await call(ports, PIPELINE, 'POST /releases', next);
    const { body } = await call(ports, PIPELINE, 'GET /releases');
    expect(body.map((release: { version: string; activity: string }) => [release.version, release.activity])).toEqual([
      ['1.2.0', 'working'],
      ['1.1.0', 'waitingForPeople'],
    ]);
    expect(body[0].bundle).toBeUndefined();
  });

  test('tickets, the last one first', async () => {
    const ports = await world();
    const ticket = (fingerprint: string, lastAt: string) =>
      ({
        kind: 'ticket',
        revision: 0,
        fingerprint,
        environment: 'Production',
        releases: ['1.1.0'],
        count: 2,
        firstAt: lastAt,
        lastAt,
        outcome: 'stopped',
        step: 's',
        subject: 'x',
        expected: 'y',
        actual: 'z',
        logs: 'l',
      }) as const;
    ports.ledger.seed(ticket('old', '2026-01-01T00:00:00.000Z'), ticket('new', '2026-01-02T00:00:00.000Z'));
    const { body } = await call(ports, PIPELINE, 'GET /tickets');
    expect(body.map((each: { fingerprint: string }) => each.fingerprint)).toEqual(['new', 'old']);
    expect(body[0]).toEqual(expect.objectContaining({ count: 2, actual: 'z' }));
    expect(body[0].revision).toBeUndefined();
  });

  test.each<[string, Partial<Release>, Partial<EnvironmentState>, string, string]>([
    ['on its way', { reached: { Integration: 'live' } }, {}, 'working', 'on its way to Production'],
    [
      'behind another',
      { reached: { Integration: 'live' } },
      { lock: { release: '1.0.9', execution: 'e', colour: 'green', since: 's', shifted: false } },
      'working',
      'on its way to Production, which release 1.0.9 holds',
    ],
    ['being deployed', { reached: { Integration: 'live', Production: 'entered' } }, {}, 'working', 'goes into the shadow of Production'],
    ['in the shadow', { reached: { Integration: 'live', Production: 'shadow' } }, {}, 'working', 'in the shadow of Production, which serves nobody'],
    [
      'at the canary',
      { reached: { Integration: 'live', Production: 'shifting' } },
      { lock: { release: '1.1.0', execution: 'e', colour: 'green', since: 's', shifted: true }, weights: { blue: 90, green: 10 } },
      'working',
      'takes over live traffic in Production: 10 percent',
    ],
    [
      'on the way back',
      { reached: { Integration: 'live', Production: 'shifting' } },
      { lock: { release: '1.1.0', execution: 'e', colour: 'green', since: 's', shifted: true }, rollBackRequested: { by: MANAGER, reason: 'slow', at: 's' } },
      'working',
      `goes back in Production: asked for by ${MANAGER} (slow)`,
    ],
    ['live', { status: 'live', reached: { Integration: 'live', Production: 'live' } }, {}, 'finished', 'live in Integration and Production'],
    [
      'stopped',
      { status: 'stopped', reached: { Integration: 'live', Production: 'stopped' } },
      {},
      'finished',
      'stopped in Production; went live in Integration',
    ],
    ['refused', { status: 'stopped', reached: { Integration: 'live' } }, {}, 'finished', 'stopped in front of Production; went live in Integration'],
    [
      'aborted',
      { status: 'stopped', reached: { Integration: 'stopped' }, aborted: { by: MANAGER, reason: 'wrong week', at: 's' } },
      {},
      'finished',
      `stopped in Integration, aborted by ${MANAGER} (wrong week)`,
    ],
    [
      'rolled back',
      { status: 'rolledBack', reached: { Integration: 'live', Production: 'rolledBack' } },
      {},
      'finished',
      'rolled back in Production; went live in Integration',
    ],
  ])('a release that is %s, in a sentence', async (_title, release, state, activity, now) => {
    const ports = await world();
    await ports.ledger.commit({ put: [{ ...((await ports.ledger.release('1.1.0')) as Release), ...release }], audit: [] });
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', state));
    expect((await call(ports, PIPELINE, 'GET /releases/1.1.0')).body).toMatchObject({ activity, now });
  });
});
