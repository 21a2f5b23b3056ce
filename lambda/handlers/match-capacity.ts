import type { MatchCapacityInput } from '../contract';
import { matchCapacity as match } from '../domain/capacity/match-capacity';
import type { Ports } from '../domain/ports';
import { capacity, ledger, targets, task } from './wiring';

/** Gives the shadow of an environment as much capacity as live has. */
export function matchCapacity(ports: Ports) {
  return (input: MatchCapacityInput) => match(ports, input);
}

export const handler = task(matchCapacity, { ledger, capacity, targets });
