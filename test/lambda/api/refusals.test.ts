import type { Release } from '../../../lambda/domain/model';
import { call } from '../api-call';
import { FIREBREAK, session } from '../example-gate';
import { snapshot } from '../example-path';
import type { InMemoryPorts } from '../in-memory-ports';
import { exampleBody } from '../submission-body';
import { accept, acceptedByAll, atGate, BODY, decide, holding, MANAGER, PIPELINE, PLAN, shifted, world } from './world';

test('what is no version is not asked of the ledger, whose keys have their longest', async () => {
  const ports = await world();
  ports.ledger.release = () => Promise.reject(new Error('Size of hashkey has exceeded the maximum size limit of 2048 bytes'));
  const { status, body } = await call(ports, PIPELINE, `GET /releases/${'1'.repeat(3_000)}`);
  expect([status, body.code]).toEqual([404, 'UnknownRelease']);
  expect(body.message.length).toBeLessThan(300);
});

describe('what is refused leaves ledger and traffic exactly as they were:', () => {
  const ROLL_BACK = 'POST /environments/Production/roll-back';
  const DECISIONS = 'POST /releases/1.1.0/decisions';
  const ended = (status: Release['status']) => async () => {
    const ports = await world();
    await ports.ledger.commit({ put: [{ ...((await ports.ledger.release('1.1.0')) as Release), status }], audit: [] });
    return ports;
  };
  const live = ended('live');
  const rolledBack = ended('rolledBack');
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
      'a misspelt environment to decide on',
      firebreak,
      session('OnCall'),
      DECISIONS,
      accept({ environment: 'Prodcution' }),
      404,
      'UnknownEnvironment',
      /"Prodcution" \(did you mean "Production"\?\); it has Integration, Production/,
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
    [
      'a decision by somebody in no party',
      firebreak,
      session('Stranger'),
      DECISIONS,
      accept(),
      403,
      'NotInParty',
      /"product".*Stranger\/service-manager is in none/,
    ],
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
    ['a decision for a gate that was never opened', world, session('OnCall'), DECISIONS, accept(), 409, 'NotOpen', /waits for nobody in Production/],
    [
      'a decision for a gate of another environment',
      firebreak,
      session('OnCall'),
      DECISIONS,
      accept({ environment: 'Integration' }),
      409,
      'NotOpen',
      /waits for nobody in Integration, nor in front of it/,
    ],
    ['a decision after the time is up', expired, session('OnCall'), DECISIONS, accept(), 409, 'Expired', /submit the release again/],
    [
      'a decision twice',
      decidedOnce,
      session('OnCall'),
      DECISIONS,
      accept(),
      409,
      'AlreadyDecided',
      /already: you, .*OnCall\/service-manager, at 2026.*decides once/,
    ],
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
    [
      'a resumption where there is no firebreak',
      world,
      MANAGER,
      'POST /releases/1.1.0/resume',
      { environment: 'Integration' },
      409,
      'NotOpen',
      /^there is no firebreak in front of Integration, so release 1\.1\.0 does not wait at one; ptl status/,
    ],
    [
      'a resumption where nothing waits',
      world,
      MANAGER,
      'POST /releases/1.1.0/resume',
      { environment: 'Production' },
      409,
      'NotOpen',
      /does not wait at the firebreak in front of Production/,
    ],
    [
      'an abort of a release that was rolled back',
      rolledBack,
      MANAGER,
      'POST /releases/1.1.0/abort',
      { reason: 'r' },
      409,
      'ReleaseFinished',
      /is rolled back already/,
    ],
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
