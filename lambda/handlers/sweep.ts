import { Retry } from '../domain/errors';
import { deliver } from '../domain/outbox';
import type { Ports } from '../domain/ports';
import { bus, ledger, machines, task } from './wiring';

/**
 * Delivers what was committed and not delivered, oldest first.
 * @throws Retry when something could not be delivered, so that it shows as an error of the function; the rest was
 */
export function sweep(ports: Ports) {
  return async (): Promise<void> => {
    const entries = await ports.ledger.outbox();
    const left: string[] = [];
    for (const { key, delivery } of entries) {
      try {
        await deliver(ports, delivery);
        await ports.ledger.confirm(key);
      } catch (error) {
        const { name, message } = error as Error;
        // What a service says of a token it refuses may quote it.
        left.push(`${key} to ${delivery.to}: ${delivery.to === 'token' ? name : message}`);
      }
    }
    ports.log.info('outbox swept', { delivered: entries.length - left.length, left: left.length });
    if (left.length > 0) throw new Retry(`${left.length} of ${entries.length} deliveries stay in the outbox: ${left.join('; ')}`);
  };
}

export const handler = task(sweep, { ledger, machines, bus });
