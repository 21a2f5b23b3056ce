import { childExecutionName, type EnvironmentPlan, machineShape, type RegisterInput, type SubmitBody } from '../../lambda/contract';
import type { Release } from '../../lambda/domain/model';
import { accept } from '../../lambda/handlers/accept';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { openGate } from '../../lambda/handlers/open-gate';
import { pathEnded } from '../../lambda/handlers/path-ended';
import { reconcile } from '../../lambda/handlers/reconcile';
import { register } from '../../lambda/handlers/register';
import { runTest } from '../../lambda/handlers/run-test';
import { stop } from '../../lambda/handlers/stop';
import { FIREBREAK } from './example-gate';
import { examplePlan, snapshot } from './example-path';
import { type InMemoryPorts, inMemoryPorts } from './in-memory-ports';
import { exampleBody, publish } from './submission-body';

const own = { ownMachine: 'ShopPath', steps: [{ percent: 100, bakeSeconds: 0 }] };
const plan = [examplePlan('Integration', own), examplePlan('Production', { ...own, firebreak: { ...FIREBREAK, when: [] } })];
const execution = (name: string, machine = 'ShopPath') => `arn:aws:states:eu-west-2:111111111111:execution:${machine}:${name}`;
const FIRST = execution('night-1');
const SECOND = execution('night-2');

function world(): InMemoryPorts {
  const ports = inMemoryPorts(plan);
  ports.machines.rollingBack = (request) => moveTraffic(ports)(request) as ReturnType<InMemoryPorts['machines']['rollBack']>;
  return ports;
}

/** As the environment's machine is started, in an execution of the team's. */
function arrival(environment: string, path = FIRST, body: SubmitBody = exampleBody('1.0.0', plan), given: Partial<RegisterInput> = {}): RegisterInput {
  const name = childExecutionName(path.slice(path.lastIndexOf(':') + 1), environment);
  return { environment, release: body.version, execution: execution(name, `Shop-${environment}`), path, submission: body, ...given };
}

async function arrive(ports: InMemoryPorts, environment: string, path = FIRST, body = exampleBody('1.0.0', plan)): Promise<RegisterInput> {
  publish(ports, body);
  const input = arrival(environment, path, body);
  expect(await register(ports)(input)).toEqual({ outcome: 'registered' });
  return input;
}

const taskOf = ({ environment, release, execution }: RegisterInput) => ({ environment, release, execution });
const shape = (environment: string) => machineShape(plan.find((each) => each.environment === environment) as EnvironmentPlan);

async function intoShadow(ports: InMemoryPorts, input: RegisterInput) {
  const task = taskOf(input);
  const entered = await enter(ports)({ ...task, machine: shape(input.environment) });
  if (entered.outcome !== 'entered') throw new Error(JSON.stringify(entered));
  const slot = { ...task, colour: entered.colour };
  await deploy(ports)(slot);
  await runTest(ports)({ ...slot, test: 'health' });
  return slot;
}

/** Straight through; the firebreak is passed, as far as the ledger knows. */
async function goesLive(ports: InMemoryPorts, environment: string, path = FIRST): Promise<void> {
  const input = await arrive(ports, environment, path);
  if (environment === 'Production') await passed(ports, input);
  const slot = await intoShadow(ports, input);
  expect(await moveTraffic(ports)({ ...slot, percent: 100 })).toEqual({ outcome: 'shifted' });
  expect(await accept(ports)(slot)).toEqual({ outcome: 'live' });
}

async function passed(ports: InMemoryPorts, input: RegisterInput): Promise<void> {
  await openGate(ports)({ ...taskOf(input), gate: 'firebreak', token: 'the-token' });
  const gate = await ports.ledger.gate(input.release, input.environment, 'firebreak');
  if (gate) await ports.ledger.commit({ put: [{ ...gate, status: 'passed' }], audit: [] });
}

const ended = (ports: InMemoryPorts, status: string, executionArn = FIRST, given: object = {}) =>
  pathEnded(ports)({ detail: { executionArn, status, input: '{"commit":"abc"}', ...given } } as never);
const release = async (ports: InMemoryPorts, version = '1.0.0') => (await ports.ledger.release(version)) as Release;
const count = (ports: InMemoryPorts, what: string) => ports.ledger.happened().filter((each) => each === what).length;
const settled = (ports: InMemoryPorts) => JSON.stringify(snapshot(ports), (key, value) => (key === 'revision' || key === 'lease' ? undefined : value));

describe('a release that a team’s own machine brings', () => {
  test('is registered at the first environment it comes to, sealed, for all of them, and is there at the next', async () => {
    const ports = world();
    await arrive(ports, 'Production');
    const first = await release(ports);
    expect(first).toMatchObject({ status: 'submitted', execution: FIRST, author: FIRST, attempt: 1, reached: {} });
    expect(Object.keys(first.seals)).toHaveLength(5);
    await arrive(ports, 'Integration');
    expect(await release(ports)).toEqual(first);
    expect(count(ports, 'ReleaseSubmitted')).toBe(1);
    expect(ports.machines.started).toEqual([]);
  });

  test('goes live in whatever order, and has ended when the machine has', async () => {
    const ports = world();
    await goesLive(ports, 'Production');
    await goesLive(ports, 'Integration');
    await ended(ports, 'SUCCEEDED');
    expect(await release(ports)).toMatchObject({ status: 'live', reached: { Integration: 'live', Production: 'live' } });
    expect(await ports.ledger.tickets()).toEqual([]);
    const before = settled(ports);
    await ended(ports, 'SUCCEEDED');
    expect(settled(ports)).toBe(before);
  });

  test('is live where its machine went through some environments only', async () => {
    const ports = world();
    await goesLive(ports, 'Integration');
    await ended(ports, 'SUCCEEDED');
    expect((await release(ports)).status).toBe('live');
  });

  test('comes once more by another execution when the earlier one has ended', async () => {
    const ports = world();
    await goesLive(ports, 'Integration');
    await ended(ports, 'FAILED');
    await register(ports)(arrival('Integration', SECOND));
    expect(await release(ports)).toMatchObject({ status: 'submitted', execution: SECOND, attempt: 2 });
    expect(await register(ports)(arrival('Integration', SECOND))).toEqual({ outcome: 'registered', live: true });
    expect(await register(ports)(arrival('Production', SECOND))).toEqual({ outcome: 'registered' });
    const task = taskOf(arrival('Integration', SECOND));
    expect(await enter(ports)({ ...task, machine: shape('Integration') })).toMatchObject({ outcome: 'live' });
  });

  test('may be brought by an execution with the longest name there is', async () => {
    const ports = world();
    const path = execution('x'.repeat(80));
    const input = await arrive(ports, 'Production', path);
    expect(input.execution.slice(input.execution.lastIndexOf(':') + 1)).toHaveLength(80);
    await passed(ports, input);
    await intoShadow(ports, input);
  });
});

describe('a release is refused, and nothing changes,', () => {
  const refusedAs = async (ports: InMemoryPorts, input: RegisterInput): Promise<string> => {
    const before = snapshot(ports);
    const answer = await register(ports)(input);
    expect(snapshot(ports)).toEqual(before);
    expect(answer).toMatchObject({ outcome: 'refused', failure: { step: `Register the release for ${input.environment}`, logs: input.execution } });
    return answer.outcome === 'refused' ? answer.failure.actual : '';
  };
  const body = exampleBody('1.0.0', plan);

  test.each<[string, RegisterInput, RegExp]>([
    ['when its digest is of something else', arrival('Integration', FIRST, { ...body, digest: 'a'.repeat(64) }), /has digest .*, got: a{64}/],
    ['when nothing is submitted', arrival('Integration', FIRST, body, { submission: undefined }), /the body must be an object/],
    ['when the submission is of another version', arrival('Integration', FIRST, body, { release: '2.0.0' }), /the submission is of "1.0.0", got: "2.0.0"/],
    ['when it is not for the environments there are', arrival('Integration', FIRST, exampleBody('1.0.0', plan.slice(0, 1))), /is missing/],
    ['when a file is not published', arrival('Integration', FIRST, exampleBody('3.0.0', plan)), /not published/],
    ['in an environment that is none', arrival('Staging'), /no environment "Staging"/],
    ['from another machine', arrival('Integration', execution('night-1', 'OtherPath')), /is no execution of the state machine ShopPath, or did not start it/],
    [
      'from an execution that was started by hand',
      arrival('Integration', FIRST, body, { execution: execution('by-hand', 'Shop-Integration') }),
      /did not start it/,
    ],
  ])('%s', async (_, input, why) => {
    const ports = world();
    publish(ports, body);
    expect(await refusedAs(ports, input)).toMatch(why);
  });

  test('when another execution is under way with it', async () => {
    const ports = world();
    await arrive(ports, 'Integration');
    expect(await refusedAs(ports, arrival('Integration', SECOND))).toContain(`1.0.0 is on its way by ${FIRST}`);
  });

  test('when its version is registered with another content', async () => {
    const ports = world();
    await goesLive(ports, 'Integration');
    await ended(ports, 'SUCCEEDED');
    const { bundle } = exampleBody('1.0.1', plan);
    const other = exampleBody('1.0.0', plan, { bundle });
    publish(ports, other);
    expect(await refusedAs(ports, arrival('Integration', SECOND, other))).toMatch(/a version never changes/);
  });

  test('while the environment that it was aborted in still has it', async () => {
    const ports = world();
    await intoShadow(ports, await arrive(ports, 'Integration'));
    await ended(ports, 'ABORTED');
    expect(await refusedAs(ports, arrival('Integration', SECOND))).toMatch(/still in Integration/);
  });
});

describe('what was live and is not goes live again only when that is said in the submission:', () => {
  const said = (path: string) => arrival('Integration', path, exampleBody('1.1.0', plan, { again: true }));
  /** 1.0.0 was live in integration, 1.1.0 is. */
  async function replacing(): Promise<InMemoryPorts> {
    const ports = world();
    await goesLive(ports, 'Integration');
    await ended(ports, 'SUCCEEDED');
    const body = exampleBody('1.1.0', plan);
    const slot = await intoShadow(ports, await arrive(ports, 'Integration', SECOND, body));
    await moveTraffic(ports)({ ...slot, percent: 100 });
    await accept(ports)(slot);
    return ports;
  }
  const why = async (ports: InMemoryPorts, input: RegisterInput) => JSON.stringify(await register(ports)(input));

  test('what a person rolled back', async () => {
    const ports = await replacing();
    await ended(ports, 'SUCCEEDED', SECOND);
    expect(await moveTraffic(ports)({ environment: 'Integration', who: 'service-manager', reason: 'wrong prices' })).toEqual({ outcome: 'rolledBack' });
    const [before, third] = [snapshot(ports), execution('night-3')];
    expect(await why(ports, arrival('Integration', third, exampleBody('1.1.0', plan)))).toMatch(
      /1\.1\.0 was rolled back in Integration at .*\(wrong prices\).*--again/,
    );
    expect(snapshot(ports)).toEqual(before);
    expect(await register(ports)(said(third))).toEqual({ outcome: 'registered' });
  });

  test('what went back by itself', async () => {
    const ports = world();
    const slot = await intoShadow(ports, await arrive(ports, 'Integration', FIRST, exampleBody('1.1.0', plan)));
    await moveTraffic(ports)({ ...slot, percent: 100 });
    const failure = { step: 'Bake', subject: 'an alarm', expected: 'quiet', actual: 'errors', logs: '' };
    expect(await moveTraffic(ports)({ ...taskOf(arrival('Integration', FIRST, exampleBody('1.1.0', plan))), failure })).toMatchObject({
      outcome: 'rolledBack',
    });
    await ended(ports, 'FAILED');
    expect(await why(ports, arrival('Integration', SECOND, exampleBody('1.1.0', plan)))).toContain('1.1.0 was rolled back in Integration at');
    expect(await register(ports)(said(SECOND))).toEqual({ outcome: 'registered' });
  });

  test('what was replaced', async () => {
    const ports = await replacing();
    await ended(ports, 'SUCCEEDED', SECOND);
    expect(await why(ports, arrival('Integration', execution('night-3')))).toContain('1.0.0 went live in Integration before, and 1.1.0 is live there now');
    const again = arrival('Integration', execution('night-3'), exampleBody('1.0.0', plan, { again: true }));
    expect(await register(ports)(again)).toEqual({ outcome: 'registered' });
  });
});

describe('a team’s machine that ends', () => {
  test('after an environment has stopped the release: it is recorded, and there is one ticket', async () => {
    const ports = world();
    const { colour, ...task } = await intoShadow(ports, await arrive(ports, 'Integration'));
    const failure = { step: 's', subject: 'health', expected: 'a verdict', actual: colour, logs: 'l' };
    await stop(ports)({ ...task, failure });
    await ended(ports, 'FAILED');
    expect(await release(ports)).toMatchObject({ status: 'stopped', reached: { Integration: 'stopped' } });
    expect([count(ports, 'ReleaseFinished'), count(ports, 'TicketRaised'), count(ports, 'SafetyNetActed')]).toEqual([1, 1, 0]);
  });

  test.each(['ABORTED', 'FAILED', 'TIMED_OUT'])('%s between environments: the release has stopped, with one ticket', async (status) => {
    const ports = world();
    await goesLive(ports, 'Integration');
    await ended(ports, status);
    expect(await release(ports)).toMatchObject({ status: 'stopped', reached: { Integration: 'live' } });
    expect(await ports.ledger.tickets()).toMatchObject([{ environment: 'Production', subject: 'the path machine', actual: status, count: 1 }]);
    await ended(ports, status);
    expect(count(ports, 'TicketRaised')).toBe(1);
  });

  test('while an environment’s machine is at work: that one ends it, whichever dies first, and there is one ticket', async () => {
    for (const order of ['path', 'environment']) {
      const ports = world();
      await goesLive(ports, 'Integration');
      const input = await arrive(ports, 'Production');
      await passed(ports, input);
      const slot = await intoShadow(ports, input);
      await moveTraffic(ports)({ ...slot, percent: 100 });
      const detail = { executionArn: input.execution, status: 'ABORTED', input: JSON.stringify({ release: '1.0.0' }) };
      const deaths = [() => ended(ports, 'ABORTED'), () => reconcile(ports)({ detail } as never)];
      for (const died of order === 'path' ? deaths : deaths.reverse()) await died();
      const state = await ports.ledger.environment('Production');
      expect([state.lock, state.weights]).toEqual([undefined, {}]);
      expect((await release(ports)).status).not.toBe('submitted');
      expect(count(ports, 'TicketRaised')).toBe(1);
      expect(count(ports, 'ReleaseFinished')).toBe(1);
    }
  });

  test('while people are asked: nobody decides there any more, and a machine that still waits comes to the same ticket', async () => {
    const ports = world();
    const input = await arrive(ports, 'Production');
    await openGate(ports)({ ...taskOf(input), gate: 'firebreak', token: 'the-token' });
    await ended(ports, 'ABORTED');
    expect(await ports.ledger.gate('1.0.0', 'Production', 'firebreak')).toMatchObject({ status: 'void' });
    const [told] = ports.machines.answers;
    expect(told).toMatchObject({ token: 'the-token', answer: { success: { outcome: 'refused' } } });
    const { failure } = (told as unknown as { answer: { success: { failure: Parameters<ReturnType<typeof stop>>[0]['failure'] } } }).answer.success;
    await stop(ports)({ ...taskOf(input), failure });
    expect(await ports.ledger.tickets()).toMatchObject([{ count: 2 }]);
    expect(await release(ports)).toMatchObject({ status: 'stopped' });
  });

  test('well, and has left the release in an environment: it is told to go back', async () => {
    const ports = world();
    await intoShadow(ports, await arrive(ports, 'Integration'));
    await ended(ports, 'SUCCEEDED');
    expect((await release(ports)).aborted).toMatchObject({
      reason: expect.stringContaining('SUCCEEDED, and the release is live in no environment, or is left in one'),
    });
  });

  test('well, and was refused everywhere: the release has stopped', async () => {
    const ports = world();
    await arrive(ports, 'Integration');
    await ended(ports, 'SUCCEEDED');
    expect((await release(ports)).status).toBe('stopped');
  });

  test('and took no release along: there is nothing to do', async () => {
    const ports = world();
    await goesLive(ports, 'Integration');
    const before = snapshot(ports);
    await ended(ports, 'ABORTED', SECOND);
    expect(snapshot(ports)).toEqual(before);
  });
});
