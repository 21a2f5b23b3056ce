import { randomUUID } from 'node:crypto';
import type { Ports } from '../../../lambda/domain/ports';
import { inEnvironment } from '../../../lambda/handlers/environment-clients';
import { type Invocation, type PortMakers, remainingMilliseconds, task } from '../../../lambda/handlers/task';
import * as wiring from '../../../lambda/handlers/wiring';
import { examplePlan } from '../example-path';

const VARIABLES = {
  AWS_REGION: 'eu-west-2',
  PATH_TO_LIVE: 'Payments',
  LEDGER_TABLE: 'ledger',
  EVENT_BUS: 'bus',
  PLAN_PREFIX: '/path-to-live/Payments/plan',
  PATH_MACHINE: 'arn:aws:states:eu-west-2:111111111111:stateMachine:Payments-path',
  TRAFFIC_FUNCTION: 'Payments-move-traffic',
  SLOTS_FUNCTION: 'Payments-retire',
};
const invocation: Invocation = { functionName: 'Payments-enter', getRemainingTimeInMillis: () => 5_000 };
const input = { release: '1.0.0', environment: 'Production', token: 'a-token', bundle: { stacks: [] } };
let lines: Record<string, unknown>[];
const before = process.env;

beforeEach(() => {
  process.env = { ...before, ...VARIABLES };
  lines = [];
  jest.spyOn(console, 'log').mockImplementation((line) => void lines.push(JSON.parse(line)));
});
afterEach(() => {
  process.env = before;
  jest.restoreAllMocks();
});

describe('a task', () => {
  test('makes its ports at the first call, once', async () => {
    const plans = { environments: jest.fn(async () => [examplePlan()]) };
    const makePlans = jest.fn(() => plans);
    const handler = task((ports: Ports) => async () => (await ports.plans.environments()).length, { plans: makePlans });
    expect(makePlans).not.toHaveBeenCalled();
    expect([await handler({}, invocation), await handler({}, invocation)]).toEqual([1, 1]);
    expect(makePlans).toHaveBeenCalledTimes(1);
  });

  test('has clock and unique names without asking', async () => {
    const handler = task((ports: Ports) => async () => [ports.clock.now(), ports.uniqueName(), ports.uniqueName()]);
    const [now, one, other] = await handler({}, invocation);
    expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(one).not.toBe(other);
  });

  test('that uses a port it does not name says which', async () => {
    const handler = task((ports: Ports) => async () => ports.ledger.tickets(1));
    await expect(handler({}, invocation)).rejects.toThrow('this task uses the port ledger; name it where the task is exported: task(…, { ledger })');
  });

  test('writes one line about release, environment and outcome, and never a token', async () => {
    await task(() => async (_: typeof input) => ({ outcome: 'entered', colour: 'green', secretive: 'x' }))(input, invocation);
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'done',
        path: 'Payments',
        task: 'Payments-enter',
        release: '1.0.0',
        environment: 'Production',
        outcome: 'entered',
        colour: 'green',
        milliseconds: expect.any(Number),
      },
    ]);
  });

  test('that fails writes what failed, and fails with its own error', async () => {
    const broken = Object.assign(new Error('stale'), { name: 'Conflict' });
    const handler = task(() => async (_: typeof input) => {
      throw broken;
    });
    await expect(handler(input, invocation)).rejects.toBe(broken);
    expect(lines).toMatchObject([{ level: 'error', message: 'failed', release: '1.0.0', error: 'Conflict', reason: 'stale' }]);
    expect(JSON.stringify(lines)).not.toContain('a-token');
  });

  test("knows how long it may still take, by this call's clock", async () => {
    const handler = task(() => async () => remainingMilliseconds());
    expect(await handler({}, invocation)).toBe(5_000);
    expect(await handler({}, { ...invocation, getRemainingTimeInMillis: () => 7 })).toBe(7);
  });

  test('without its environment variable says which, and is whole at the next call that has it', async () => {
    const handler = task((ports: Ports) => async () => typeof ports.ledger.commit, { ledger: wiring.ledger });
    delete process.env.LEDGER_TABLE;
    await expect(handler({}, invocation)).rejects.toThrow('the function has no environment variable LEDGER_TABLE');
    process.env.LEDGER_TABLE = 'ledger';
    expect(await handler({}, invocation)).toBe('function');
  });
});

const makers: Required<Omit<PortMakers, 'clock' | 'log' | 'uniqueName' | 'remainingMilliseconds'>> = wiring;

test.each(Object.entries({ ...makers }).filter(([name]) => name !== 'task'))('%s can be made from the environment alone', (_, make) => {
  expect((make as () => object)()).toBeInstanceOf(Object);
});

describe('a client in an environment', () => {
  class Client {
    readonly id = randomUUID();
    constructor(readonly config: { region?: string; credentials: unknown; maxAttempts?: number }) {}
  }

  test("is the environment's region and one of its roles, and kept", () => {
    const clientFor = inEnvironment('operator', Client);
    const plan = examplePlan('Production', { region: 'eu-central-1' });
    expect(clientFor(plan).config).toMatchObject({ region: 'eu-central-1', requestHandler: { requestTimeout: 10_000, throwOnRequestTimeout: true } });
    expect(clientFor(plan)).toBe(clientFor(plan));
    expect(clientFor(plan)).not.toBe(clientFor(examplePlan('Integration', { region: 'eu-central-1' })));
    expect(clientFor(plan)).not.toBe(clientFor(examplePlan('Production')));
    expect(clientFor(plan, { region: 'eu-west-1' }).config.region).toBe('eu-west-1');
  });
});
