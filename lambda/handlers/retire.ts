import type { LookRequest, RemoveSlotsOutput, RemoveStuckSlotRequest, RetireInput, StopRetiringInput, StopRetiringOutput } from '../contract';
import type { StackLook } from '../domain/doctor/look';
import { lookAtStacks } from '../domain/doctor/look-for-others';
import type { Ports } from '../domain/ports';
import { removeStuckSlot } from '../domain/recovery/remove-stuck-slot';
import { removeSlots } from '../domain/retirement/remove-slots';
import { stopRetiring } from '../domain/retirement/stop-retiring';
import { ledger, slots, targets, task } from './wiring';

/** Takes an environment out: removes its slots, which serve nobody by then, for as long as one run may. Told of a failure, it ends the retirement. */
export function retire(ports: Ports) {
  return async (input: RetireInput | StopRetiringInput): Promise<RemoveSlotsOutput | StopRetiringOutput> =>
    'failure' in input ? stopRetiring(ports, input) : removeSlots(ports, input);
}

type Repair = LookRequest | RemoveStuckSlotRequest;

/** And removes a slot that is stuck, for who recovers; and says how the stacks of slots are, for who may not look. */
function retireOrRepair(ports: Ports) {
  return async (input: RetireInput | StopRetiringInput | Repair): Promise<RemoveSlotsOutput | StopRetiringOutput | StackLook[] | string | undefined> => {
    if ('look' in input) return lookAtStacks(ports, input.plan);
    return 'remove' in input ? removeStuckSlot(ports, input) : retire(ports)(input);
  };
}

export const handler = task(retireOrRepair, { ledger, slots, targets });
