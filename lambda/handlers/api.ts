import { ROUTES } from '../domain/commands/routes';
import type { Ports } from '../domain/ports';
import { signedCalls } from './signed-call';
import { bundles, bus, frontDoors, ledger, machines, plans, repairs, targets, task, templates } from './wiring';

/** The hub's HTTP API. */
export function api(ports: Ports) {
  return signedCalls(ports, ROUTES);
}

export const handler = task(api, { ledger, plans, frontDoors, bundles, templates, machines, targets, repairs, bus });
