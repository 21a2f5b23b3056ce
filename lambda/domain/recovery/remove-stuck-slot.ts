import type { RemoveStuckSlotRequest } from '../../contract';
import { isStuck } from '../doctor/stack-findings';
import type { EnvironmentState } from '../model';
import type { Ports } from '../ports';
import { recordRecovered } from './recovered';

/**
 * Removes the stack of a slot that is stuck, serves nobody and holds nothing that the ledger knows. Everything is looked at right before, and the ledger
 * again before every look at the stack: a release that enters meanwhile deploys to it as soon as it is gone.
 *
 * @returns why it was not; undefined when it is gone, or is being removed
 */
export async function removeStuckSlot(ports: Ports, request: RemoveStuckSlotRequest): Promise<string | undefined> {
  const { plan, colour } = request;
  const { ledger, slots, targets, log } = ports;
  const { environment } = plan;
  const about = { environment, slot: colour };
  const slot = plan.slots.find((each) => each.colour === colour);
  const mayGo = async () => isNobodys(await ledger.environment(environment), colour);
  const found = slot && (await slots.look(plan, slot.stackName));
  const isServed = found?.targetGroupArn !== undefined && (await targets.serve(plan, found.targetGroupArn));
  if (!slot || !found || !isStuck(found) || isServed || !(await mayGo())) {
    log.info('slot stack stays', { ...about, actual: found?.status });
    return `the stack of ${colour} is ${found?.status ?? 'not there'}, or it is somebody's by now`;
  }
  const removal = await slots.remove(plan, { stackName: slot.stackName, execution: request.execution, isOurs: mayGo });
  log.info('slot stack', { ...about, stack: slot.stackName, state: removal.state });
  if (removal.state === 'failed') return removal.reason;
  await recordRecovered(ports, environment, request, `removed the stack ${slot.stackName}, which was ${found.status}`);
  return undefined;
}

function isNobodys({ live, slots, weights, lock, retirement }: EnvironmentState, colour: string): boolean {
  return !lock && !retirement && live?.colour !== colour && !slots[colour] && !weights[colour];
}
