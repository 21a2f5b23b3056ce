import { DECISION_ROUTES } from '../domain/commands/routes-decisions';
import type { Ports } from '../domain/ports';
import { signedCalls } from './signed-call';
import { ledger, task } from './wiring';

/** The HTTP API of a hub that only decides. */
export function decisions(ports: Ports) {
  return signedCalls(ports, DECISION_ROUTES);
}

export const handler = task(decisions, { ledger });
