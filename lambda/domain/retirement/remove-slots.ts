import type { RemoveSlotsOutput, RetireInput, SlotPlan } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import type { Ports, SlotRemoval } from '../ports';
import { step } from '../steps/step';
import { freed, isRetiredBy, type Retiring, retireFailure, retirementEvent, withoutSlot } from './retirement';

/**
 * Removes the stacks of an environment's slots, one after the other, and opens the environment again when the last is gone. One that has live traffic
 * is not touched. What a run before this one has removed is not there to remove.
 */
export async function removeSlots(ports: Ports, input: RetireInput): Promise<RemoveSlotsOutput> {
  const { environment } = input;
  const begun = await ports.ledger.environment(environment);
  // Open again: an earlier run has recorded the end, and its answer was lost.
  if (!begun.retirement) return { outcome: 'removed' };
  if (!isRetiredBy(begun, input)) return { outcome: 'takenOver' };
  for (const slot of begun.retirement.plan.slots) {
    const given = await giveUp(ports, input, slot);
    if (given === 'takenOver') return { outcome: 'takenOver' };
    const found: SlotRemoval = given === 'serves' ? { ...SERVES, logs: slot.stackName } : await remove(ports, begun, input, slot);
    ports.log.info('slot stack', { environment, slot: slot.colour, stack: slot.stackName, state: found.state });
    if (found.state === 'removing') return { outcome: 'removing' };
    if (found.state === 'failed') return failed(input, slot, found);
  }
  return retired(ports, input);
}

const SERVES = { state: 'failed', reason: 'it still has live traffic, or the ledger says so; it stays' } as const;

/** The ledger first: what is being removed must not be taken for a slot. @returns `serves`: it must stay; `givenUp`: it may go */
async function giveUp(ports: Ports, input: RetireInput, { colour }: SlotPlan): Promise<'takenOver' | 'serves' | 'givenUp'> {
  return decideAgain(ports.clock, async () => {
    const state = await ports.ledger.environment(input.environment);
    if (!isRetiredBy(state, input)) return 'takenOver';
    const slot = state.slots[colour];
    if (state.weights[colour] || state.live?.colour === colour || (slot && (await ports.targets.serve(state.retirement.plan, slot.targetGroupArn)))) {
      return 'serves';
    }
    if (slot) await ports.ledger.commit({ put: [withoutSlot(state, colour)], audit: [] });
    return 'givenUp';
  });
}

function remove(ports: Ports, { retirement }: Retiring, input: RetireInput, { stackName }: SlotPlan): Promise<SlotRemoval> {
  const isOurs = async () => isRetiredBy(await ports.ledger.environment(input.environment), input);
  return ports.slots.remove(retirement.plan, { stackName, execution: input.execution, isOurs });
}

function failed(input: RetireInput, { colour, stackName }: SlotPlan, { reason, logs }: Extract<SlotRemoval, { state: 'failed' }>): RemoveSlotsOutput {
  const about = { subject: `the stack of the slot ${colour}, ${stackName}`, expected: 'removed', actual: `${reason}; then run ptl retire again` };
  return { outcome: 'failed', failure: retireFailure(step.removeSlots(input.environment), input, about, logs) };
}

async function retired({ ledger, clock, log }: Ports, input: RetireInput): Promise<RemoveSlotsOutput> {
  return decideAgain(clock, async () => {
    const state = await ledger.environment(input.environment);
    if (!isRetiredBy(state, input)) return { outcome: 'takenOver' };
    const { plan, original } = state.retirement;
    const detail = { stacks: plan.slots.map(({ stackName }) => stackName), users: original };
    const now = clock.now();
    await ledger.commit({ put: [{ ...freed(state), retiredAt: now }], audit: [retirementEvent(state, now, 'EnvironmentRetired', detail)] });
    log.info('environment retired', { environment: input.environment });
    return { outcome: 'removed' };
  });
}
