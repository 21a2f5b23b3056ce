import type { RemoveStuckSlotRequest } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { isStuck, isUnneeded } from '../doctor/stack-findings';
import type { EnvironmentState } from '../model';
import type { Ports } from '../ports';
import { recordRecovered } from './recovered';

/**
 * Removes the stack of a slot that is stuck, serves nobody and is nothing that can be rolled back to. Everything is looked at right before, and the ledger
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
  const found = slot && (await slots.look(plan, slot.stackName));
  const held = (await ledger.environment(environment)).slots[colour];
  const its = new Set([found?.targetGroupArn, held?.targetGroupArn].filter((arn) => arn !== undefined));
  const served = await Promise.all([...its].map((arn) => targets.serve(plan, arn)));
  const forgotten = slot && found && isStuck(found) && !served.includes(true) ? await forget(ports, environment, colour) : undefined;
  if (!slot || !found || !forgotten) {
    log.info('slot stack stays', { ...about, actual: found?.status });
    return `the stack of ${colour} is ${found?.status ?? 'not there'}, or it is somebody's by now`;
  }
  const isOurs = async () => {
    const state = await ledger.environment(environment);
    return !state.slots[colour] && isNobodys(state, colour);
  };
  const removal = await slots.remove(plan, { stackName: slot.stackName, execution: request.execution, isOurs });
  log.info('slot stack', { ...about, stack: slot.stackName, state: removal.state });
  if (removal.state === 'failed') return removal.reason;
  const and = forgotten.version === undefined ? '' : ` and held ${forgotten.version}`;
  await recordRecovered(ports, environment, request, `removed the stack ${slot.stackName}, which was ${found.status}${and}`);
  return undefined;
}

/**
 * What the slot holds is forgotten before its stack goes: after a crash in between the ledger knows less than there is, never more.
 *
 * @returns what it held; undefined where somebody needs the slot by now
 */
function forget({ ledger, clock }: Ports, environment: string, colour: string): Promise<{ readonly version?: string } | undefined> {
  return decideAgain(clock, async () => {
    const state = await ledger.environment(environment);
    if (!isNobodys(state, colour)) return undefined;
    const { [colour]: held, ...slots } = state.slots;
    if (!held) return {};
    await ledger.commit({ put: [{ ...state, slots }], audit: [] });
    return { version: held.version };
  });
}

function isNobodys(state: EnvironmentState, colour: string): boolean {
  return !state.lock && !state.retirement && isUnneeded(state, colour);
}
