import type { EndInput, Failure, ShiftInput, ShiftOutput, SlotTaskInput, StartBakeInput, TokenTurn } from '../../lambda/contract';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { startBake } from '../../lambda/handlers/start-bake';
import { enterInput, exampleWorld, taskInput } from './example-path';
import { targetGroupOf } from './fake-slots';
import type { InMemoryPorts } from './in-memory-ports';

export const BLUE = targetGroupOf('Payments-Production-Blue');
export const GREEN = targetGroupOf('Payments-Production-Green');

/** What every slot task of 1.1.0 is called with: in the example world its shadow is green. */
export const GREEN_TASK: SlotTaskInput = { ...taskInput('1.1.0'), colour: 'green' };

export const FAILURE: Failure = {
  step: 'Bake Production at 10 percent',
  subject: 'the new version',
  expected: 'no alarm for 300 seconds',
  actual: 'AlarmRaised: Payments-Production-Green-errors',
  logs: 'the execution',
};

export const END: EndInput = { ...taskInput('1.1.0'), failure: FAILURE };

/** 1.0.0 is live in blue, 1.1.0 has entered and waits in green, the shadow. */
export async function inTheShadow(ports: InMemoryPorts = exampleWorld()): Promise<InMemoryPorts> {
  expect(await enter(ports)(await enterInput(ports, '1.1.0'))).toEqual({ outcome: 'entered', colour: 'green' });
  expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
  return ports;
}

/** {@link inTheShadow}, and then with that much of the live traffic. */
export async function shiftedTo(percent: number, ports?: InMemoryPorts): Promise<InMemoryPorts> {
  const world = await inTheShadow(ports);
  for (const step of [10, 50, 100].filter((each) => each <= percent)) expect(await shift(world, step)).toEqual({ outcome: 'shifted' });
  return world;
}

export function shift(ports: InMemoryPorts, percent: number): Promise<ShiftOutput> {
  return moveTraffic(ports)({ ...GREEN_TASK, percent } satisfies ShiftInput) as Promise<ShiftOutput>;
}

export function bake(ports: InMemoryPorts, percent: number, token = `token at ${percent}`, turn: TokenTurn = {}): Promise<void> {
  return startBake(ports)({ ...GREEN_TASK, percent, bakeSeconds: 300, token, ...turn } satisfies StartBakeInput);
}

/** What the live rule of Production holds, by target group. */
export async function rule(ports: InMemoryPorts): Promise<unknown> {
  const [plan] = await ports.plans.environments();
  const targets = plan && (await ports.liveRule.read(plan));
  return targets?.kind === 'slots' ? targets.weights : targets?.kind;
}
