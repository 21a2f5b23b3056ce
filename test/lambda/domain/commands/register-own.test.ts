import { childExecutionName, type RegisterInput } from '../../../../lambda/contract';
import { registerOwn } from '../../../../lambda/domain/commands/register-own';
import type { Release } from '../../../../lambda/domain/model';
import { examplePlan, snapshot } from '../../example-path';
import { type InMemoryPorts, inMemoryPorts } from '../../in-memory-ports';
import { exampleBody, publish } from '../../submission-body';

const PLAN = [examplePlan('Integration', { ownMachine: 'ShopPath' }), examplePlan('Production', { ownMachine: 'ShopPath' })];
const BODY = exampleBody('1.0.0', PLAN);
const execution = (name: string, machine = 'ShopPath') => `arn:aws:states:eu-west-2:111111111111:execution:${machine}:${name}`;
const [FIRST, SECOND] = [execution('night-1'), execution('night-2')];

/** As the environment's machine is started, in that execution of the team's. */
const arrival = (path: string, given: Partial<RegisterInput> = {}): RegisterInput => {
  const name = childExecutionName(path.slice(path.lastIndexOf(':') + 1), 'Integration');
  return { environment: 'Integration', release: '1.0.0', execution: execution(name, 'Shop-Integration'), path, submission: BODY, ...given };
};

function world(): InMemoryPorts {
  const ports = inMemoryPorts(PLAN);
  publish(ports, BODY);
  return ports;
}

/** 1.0.0 came by the first execution, and this became of it. */
async function registered(given: Partial<Release> = {}): Promise<InMemoryPorts> {
  const ports = world();
  const release = await registerOwn(ports, arrival(FIRST));
  ports.ledger.seed({ ...release, ...given });
  return ports;
}

async function refused(ports: InMemoryPorts, input: RegisterInput): Promise<unknown> {
  const before = snapshot(ports);
  const refusal = await registerOwn(ports, input).catch((error: unknown) => error);
  expect(snapshot(ports)).toEqual(before);
  const { code, message } = refusal as { readonly code: string; readonly message: string };
  return [code, message];
}

test('what a machine was started with is what it brings', async () => {
  expect(await refused(world(), arrival(FIRST, { release: '2.0.0' }))).toEqual([
    'OtherVersion',
    'the submission is of "1.0.0", got: "2.0.0" as release; start your own machine',
  ]);
});

test('a release comes by the machine that is watched for its end, or is told which one that is', async () => {
  const strange = (input: RegisterInput, machine = 'ShopPath') => [
    'NotOfThePath',
    `${input.execution} was started for ${input.path}, which is no execution of the state machine ${machine}, or did not start it; start ${machine}`,
  ];
  for (const input of [arrival(execution('night-1', 'OtherPath')), arrival(FIRST, { execution: execution('by-hand', 'Shop-Integration') })]) {
    expect(await refused(world(), input)).toEqual(strange(input));
  }
  const ports = world();
  ports.plans.plans = [examplePlan('Integration'), examplePlan('Production')];
  expect(await refused(ports, arrival(FIRST))).toEqual(strange(arrival(FIRST), ''));
});

test('on its way by one execution, it does not come by another', async () => {
  const message = `release 1.0.0 is on its way by ${FIRST}; start another execution with it when that one has ended, or stop that one`;
  expect(await refused(await registered(), arrival(SECOND))).toEqual(['OnItsWay', message]);
});

test('aborted, it comes by another before the first has ended, which is another attempt of it, and where that is asked for only', async () => {
  const aborted = { by: 'arn:manager', reason: 'wrong week', at: '2026-01-05T09:00:00.000Z' };
  const ports = await registered({ aborted });
  await ports.ledger.commit({
    put: [],
    audit: [{ at: aborted.at, what: 'ReleaseAborted', release: '1.0.0', environment: undefined, who: aborted.by, why: aborted.reason, detail: {} }],
  });
  expect(await refused(ports, arrival(SECOND))).toEqual(['NeedsAgain', expect.stringContaining('was aborted by arn:manager')]);
  const again = exampleBody('1.0.0', PLAN, { again: true });
  expect(await registerOwn(ports, arrival(SECOND, { submission: again }))).toMatchObject({ attempt: 2, execution: SECOND, author: SECOND });
});

test('at the next environment it is the one there is, and may not say anything else than at the first', async () => {
  const ports = await registered();
  const first = await ports.ledger.release('1.0.0');
  expect(await registerOwn(ports, arrival(FIRST))).toEqual(first);
  expect(ports.ledger.happened()).toEqual(['ReleaseSubmitted']);
  const other = exampleBody('1.0.0', PLAN, { changes: ['altersSchema'] });
  expect(await refused(ports, arrival(FIRST, { submission: other }))).toEqual(['UndeclaredChange', expect.any(String)]);
  const unknown = exampleBody('1.0.0', PLAN, { changes: ['movesMoney'] });
  expect(await refused(ports, arrival(FIRST, { submission: unknown }))).toEqual(['UnknownChange', expect.stringContaining('movesMoney')]);
});
