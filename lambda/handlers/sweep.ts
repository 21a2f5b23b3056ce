import { Retry } from '../domain/errors';
import { sweepOutbox } from '../domain/outbox';
import type { Ports } from '../domain/ports';
import { bus, ledger, machines, task } from './wiring';

/**
 * Delivers what was committed and not delivered, oldest first.
 * @throws Retry when something could not be delivered, so that it shows as an error of the function; the rest was
 */
export function sweep(ports: Ports) {
  return async (): Promise<void> => {
    const { delivered, left } = await sweepOutbox(ports);
    ports.log.info('outbox swept', { delivered, left: left.length });
    if (left.length > 0) throw new Retry(`${left.length} of ${delivered + left.length} deliveries stay in the outbox: ${left.join('; ')}`);
  };
}

export const handler = task(sweep, { ledger, machines, bus });
