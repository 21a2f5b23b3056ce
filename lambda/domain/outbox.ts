import type { Change, Delivery } from './model';
import type { Bus, Machines, Ports } from './ports';
import { turnIn } from './turns/waiting';

/** Where deliveries go. */
export interface Destinations {
  readonly machines: Pick<Machines, 'answer'>;
  readonly bus: Bus;
}

/**
 * Sends what a committed transaction promised. Safe to repeat: a token that nobody waits for any more counts as delivered, and
 * receivers of events are told to expect a repeat.
 * @throws whatever the destination threw; the delivery then stays in the outbox until the next sweep.
 */
export async function deliver(to: Destinations, delivery: Delivery): Promise<void> {
  if (delivery.to === 'bus') {
    await to.bus.publish(delivery.event);
  } else if (delivery.to === 'submission') {
    await to.bus.submitAnew({ release: delivery.release, after: delivery.after });
  } else {
    await to.machines.answer(delivery.token, delivery.answer);
  }
}

/** What a commit must deliver: what it asks for, after every one of its audit events; and the turn of whoever waits for what it leaves free. */
export function deliveriesOf({ put, audit, deliver = [] }: Change): Delivery[] {
  return [...audit.map((event): Delivery => ({ to: 'bus', event })), ...deliver, ...put.flatMap(turnIn)];
}

/** What is left in the outbox after all of it was tried, each in words. */
export interface Swept {
  readonly delivered: number;
  readonly left: readonly string[];
}

/** Delivers what was committed and not delivered, oldest first. */
export async function sweepOutbox(ports: Pick<Ports, 'ledger' | 'machines' | 'bus'>): Promise<Swept> {
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
  return { delivered: entries.length - left.length, left };
}
