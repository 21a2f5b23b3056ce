import type { GateOutput, OpenFirebreakInput } from '../../lambda/contract';
import { decisions } from '../../lambda/handlers/decisions';
import { finish } from '../../lambda/handlers/finish';
import { openFirebreak } from '../../lambda/handlers/open-firebreak';
import { pipelineEnded } from '../../lambda/handlers/pipeline-ended';
import { callOf } from './api-call';
import { FIREBREAK, session } from './example-gate';
import { examplePlan, snapshot } from './example-path';
import { type InMemoryPorts, inMemoryPorts } from './in-memory-ports';

const plan = examplePlan('Production', { firebreak: { ...FIREBREAK, when: [] }, tests: [], steps: [], gates: [] });
const MANAGER = session('ReleaseManager');
const call = callOf(decisions);

const executionOf = (release: string, run = 1) => `arn:aws:states:eu-west-2:111111111111:execution:ShopPipeline:${release}-${run}`;

/** A team's own pipeline at its firebreak. */
function arrival(release: string, given: Partial<OpenFirebreakInput> = {}): OpenFirebreakInput {
  const execution = executionOf(release);
  return { environment: 'Production', release, digest: `digest-of-${release}`, changes: [], plan, execution, token: `token-of-${release}`, ...given };
}

async function waiting(release = '1.0.0', given: Partial<OpenFirebreakInput> = {}): Promise<InMemoryPorts> {
  const ports = inMemoryPorts([]);
  await openFirebreak(ports)(arrival(release, given));
  return ports;
}

const said = (release: string, given: object = {}) => ({
  environment: 'Production',
  decision: 'accept',
  reason: 'tested',
  digest: `digest-of-${release}`,
  ...given,
});
const decide = (ports: InMemoryPorts, who: string, release = '1.0.0', given: object = {}) =>
  call(ports, session(who), `POST /releases/${release}/decisions`, said(release, given));

async function acceptedByAll(ports: InMemoryPorts, release = '1.0.0'): Promise<void> {
  await decide(ports, 'OnCall', release);
  await decide(ports, 'Product', release, { party: 'product' });
  await decide(ports, 'Security', release);
}

const told = (ports: InMemoryPorts) =>
  ports.machines.answers.map(({ token, answer }) => [token, ('success' in answer ? answer.success : answer) as GateOutput]);
const ended = (ports: InMemoryPorts, status: string, execution = executionOf('1.0.0')) =>
  pipelineEnded(ports)({ detail: { executionArn: execution, status, input: '{"commit":"abc"}' } } as never);

test('a pipeline waits until every party has accepted and a release manager has resumed it', async () => {
  const ports = await waiting();
  await acceptedByAll(ports);
  expect(told(ports)).toEqual([]);
  const resumed = await call(ports, MANAGER, 'POST /releases/1.0.0/resume', { environment: 'Production' });
  expect(resumed.body).toMatchObject({ version: '1.0.0', digest: 'digest-of-1.0.0', gates: [{ status: 'passed' }] });
  expect(told(ports)).toEqual([['token-of-1.0.0', { outcome: 'passed' }]]);
});

test('one refusal is told at once, with who and why', async () => {
  const ports = await waiting();
  await decide(ports, 'Security', '1.0.0', { decision: 'refuse', reason: 'CVE-2026-1' });
  expect(told(ports)).toEqual([
    ['token-of-1.0.0', { outcome: 'refused', failure: expect.objectContaining({ actual: expect.stringContaining('CVE-2026-1') }) }],
  ]);
});

test('an acceptance of another digest is refused, and so is somebody who is in no party', async () => {
  const ports = await waiting();
  expect((await decide(ports, 'OnCall', '1.0.0', { digest: 'digest-of-another' })).body.code).toBe('OtherDigest');
  expect((await decide(ports, 'Stranger')).body.code).toBe('NotInParty');
});

test('asked again with another token, as after a lost answer, what was decided stays, and the new token is told', async () => {
  const ports = await waiting();
  await decide(ports, 'OnCall');
  await openFirebreak(ports)(arrival('1.0.0', { token: 'second-token' }));
  await decide(ports, 'Product', '1.0.0', { party: 'product' });
  await decide(ports, 'Security');
  await call(ports, MANAGER, 'POST /releases/1.0.0/resume', { environment: 'Production' });
  expect(told(ports)).toEqual([['second-token', { outcome: 'passed' }]]);
  expect(ports.ledger.happened().filter((what) => what === 'ReleaseSubmitted')).toHaveLength(1);
});

test('the same version by a later execution begins anew, and the earlier one is told', async () => {
  const ports = await waiting();
  await decide(ports, 'OnCall');
  await openFirebreak(ports)(arrival('1.0.0', { execution: executionOf('1.0.0', 2), token: 'later' }));
  const failure = expect.objectContaining({ actual: `${executionOf('1.0.0', 2)} has come with the same version since` });
  expect(told(ports)).toEqual([['token-of-1.0.0', { outcome: 'refused', failure }]]);
  expect(await ports.ledger.gate('1.0.0', 'Production', 'firebreak')).toMatchObject({ status: 'open', decisions: [], token: 'later' });
});

test('two firebreaks of one execution are two gates of one release', async () => {
  const ports = await waiting('1.0.0', { environment: 'Preproduction', plan: { ...plan, environment: 'Preproduction' } });
  await openFirebreak(ports)(arrival('1.0.0', { token: 'production' }));
  const release = await ports.ledger.release('1.0.0');
  expect(release?.plan.map(({ environment, order }) => [environment, order])).toEqual([
    ['Preproduction', 2],
    ['Production', 1],
  ]);
  expect(release?.attempt).toBe(1);
  expect((await ports.ledger.gates('1.0.0')).map(({ status }) => status)).toEqual(['open', 'open']);
});

describe('is told no, and nothing is registered:', () => {
  test.each<[string, Partial<OpenFirebreakInput>, RegExp]>([
    ['no version', { release: '' }, /the version "" cannot name an execution/],
    ['no digest', { digest: undefined as never }, /the digest of "1.1.0" is undefined/],
    ['a change no firebreak knows', { changes: ['altersShema'] }, /did you mean "altersSchema"/],
    ['another content under a version', { release: '1.0.0', digest: 'digest-of-another' }, /a version never changes/],
  ])('%s', async (_, given, why) => {
    const ports = await waiting();
    const before = ports.ledger.snapshot();
    await openFirebreak(ports)(arrival('1.1.0', { token: 'asking', ...given }));
    expect(told(ports)).toEqual([['asking', { outcome: 'refused', failure: expect.objectContaining({ actual: expect.stringMatching(why) }) }]]);
    expect(ports.ledger.snapshot()).toEqual(before);
  });
});

test('a firebreak that is for certain changes lets others pass, and knows of them', async () => {
  const ports = await waiting('1.0.0', { plan: { ...plan, firebreak: FIREBREAK } });
  expect(told(ports)).toEqual([['token-of-1.0.0', { outcome: 'notNeeded' }]]);
  expect(await ports.ledger.release('1.0.0')).toMatchObject({ status: 'submitted' });
});

test('the API has no route that submits, or moves traffic', async () => {
  const ports = await waiting();
  for (const route of ['POST /releases', 'POST /environments/Production/roll-back', 'GET /status']) {
    expect((await call(ports, MANAGER, route, {})).body.code).toBe('UnknownRoute');
  }
});

describe('when the pipeline has ended', () => {
  test('as it should, the release is live, and the one before was replaced', async () => {
    const ports = await waiting();
    await acceptedByAll(ports);
    await call(ports, MANAGER, 'POST /releases/1.0.0/resume', { environment: 'Production' });
    await ended(ports, 'SUCCEEDED');
    expect((await call(ports, MANAGER, 'GET /releases/1.0.0')).body).toMatchObject({ status: 'live', now: 'live in Production', activity: 'finished' });
    await openFirebreak(ports)(arrival('1.1.0', { plan: { ...plan, firebreak: FIREBREAK } }));
    await ended(ports, 'SUCCEEDED', executionOf('1.1.0'));
    expect((await call(ports, MANAGER, 'GET /releases/1.0.0')).body.now).toBe('replaced in Production by 1.1.0');
  });

  test('twice is once', async () => {
    const ports = await waiting('1.0.0', { plan: { ...plan, firebreak: FIREBREAK } });
    await ended(ports, 'SUCCEEDED');
    const once = snapshot(ports);
    await ended(ports, 'SUCCEEDED');
    expect(snapshot(ports)).toEqual(once);
  });

  test('dead, nobody decides at its firebreak any more, and there is a ticket', async () => {
    const ports = await waiting();
    await ended(ports, 'ABORTED');
    expect((await call(ports, MANAGER, 'GET /releases/1.0.0')).body).toMatchObject({ status: 'stopped', gates: [{ status: 'void' }] });
    expect((await decide(ports, 'OnCall')).body.code).toBe('NotOpen');
    expect(await ports.ledger.tickets()).toEqual([expect.objectContaining({ actual: 'ABORTED' })]);
  });

  test('without its firebreak, it is not live, whatever the execution says', async () => {
    const ports = await waiting();
    await ended(ports, 'SUCCEEDED');
    const { status, gates } = (await call(ports, MANAGER, 'GET /releases/1.0.0')).body;
    expect([status, gates[0].status]).toEqual(['stopped', 'void']);
  });

  test('after it has recorded that it stopped, nothing more happens', async () => {
    const ports = await waiting();
    const failure = { step: 'Wait', subject: 'the firebreak', expected: 'accepted', actual: 'States.Timeout', logs: 'here' };
    await finish(ports)({ release: '1.0.0', execution: executionOf('1.0.0'), outcome: 'stopped', environment: 'Production', failure });
    const before = snapshot(ports);
    await ended(ports, 'SUCCEEDED');
    expect(snapshot(ports)).toEqual(before);
  });

  test('of an execution that nobody knows, there is nothing to do', async () => {
    const ports = await waiting();
    const before = snapshot(ports);
    await ended(ports, 'FAILED', executionOf('9.9.9'));
    expect(snapshot(ports)).toEqual(before);
  });
});
