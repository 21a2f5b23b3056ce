import type { RemoveSlotsOutput, RetireInput, StopRetiringInput, StopRetiringOutput } from '../contract';
import type { Ports } from '../domain/ports';
import { removeSlots } from '../domain/retirement/remove-slots';
import { stopRetiring } from '../domain/retirement/stop-retiring';
import { ledger, slots, targets, task } from './wiring';

/** Takes an environment out: removes its slots, which serve nobody by then, for as long as one run may. Told of a failure, it ends the retirement. */
export function retire(ports: Ports) {
  return async (input: RetireInput | StopRetiringInput): Promise<RemoveSlotsOutput | StopRetiringOutput> =>
    'failure' in input ? stopRetiring(ports, input) : removeSlots(ports, input);
}

export const handler = task(retire, { ledger, slots, targets });
