import { lookAfter } from '../domain/doctor/look-after';
import type { Ports } from '../domain/ports';
import { frontDoors, ledger, machines, plans, repairs, targets, task } from './wiring';

/** Called by the schedule: looks for what is not as it must be, and raises a ticket for what stays so. */
export function doctor(ports: Ports) {
  return () => lookAfter(ports);
}

export const handler = task(doctor, { ledger, plans, frontDoors, targets, machines, repairs });
