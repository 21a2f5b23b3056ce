import type { EndInput } from '../contract';
import type { Ports } from '../domain/ports';
import { stopRelease } from '../domain/steps/stop-release';
import { ledger, task } from './wiring';

/** Ends a release before anything was shifted. */
export function stop(ports: Ports) {
  return (input: EndInput) => stopRelease(ports, input);
}

export const handler = task(stop, { ledger });
