import { TABLE, ticketPlace } from '../contract';
import type { AuditEvent, Gate, Item } from '../domain/model';

/** Where an item is in the table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Lists that the table's index answers; sorted by what {@link listOf} returns. */
export const LISTS = { inFlight: 'IN_FLIGHT', finished: 'FINISHED', waiting: 'WAITING', tickets: 'TICKETS' } as const;

export const KEYS = {
  release: (version: string): Key => ({ pk: `RELEASE#${version}`, sk: 'META' }),
  gate: (release: string, environment: string, kind: Gate['gate']): Key => ({ pk: `RELEASE#${release}`, sk: `${GATES}${environment}#${kind}` }),
  environment: (name: string): Key => ({ pk: `ENV#${name}`, sk: 'STATE' }),
  migration: (environment: string, name: string): Key => ({ pk: `ENV#${environment}`, sk: `MIGRATION#${name}` }),
  ticket: (fingerprint: string): Key => ({ pk: `TICKET#${fingerprint}`, sk: 'META' }),
  /** @param unique two commits may record events of one release in the same millisecond */
  event: (event: AuditEvent, position: number, unique: string): Key => ({
    pk: `RELEASE#${event.release}`,
    sk: `${EVENTS}${event.at}#${place(position)}-${unique}`,
  }),
  delivery: (instant: string, position: number, unique: string): Key => ({ pk: TABLE.outbox, sk: `${instant}#${place(position)}-${unique}` }),
};

/** What the sort keys of a release's gates, and of its audit events, begin with. */
export const GATES = 'GATE#';
export const EVENTS = 'EVENT#';

/** When the delivery with this key was committed. */
export function instantOf(delivery: string): string {
  return delivery.slice(0, delivery.indexOf('#'));
}

/** Where an item is stored. */
export function keyOf(item: Item): Key {
  switch (item.kind) {
    case 'release':
      return KEYS.release(item.version);
    case 'environment':
      return KEYS.environment(item.environment);
    case 'gate':
      return KEYS.gate(item.release, item.environment, item.gate);
    case 'ticket':
      return KEYS.ticket(item.fingerprint);
    case 'migration':
      return KEYS.migration(item.environment, item.name);
  }
}

/** Attributes that put an item on a list of the index, oldest first, tickets by when they happened last; none for an item that is on no list. */
export function listOf(item: Item): Readonly<Record<string, string>> {
  switch (item.kind) {
    case 'release':
      return on(item.status === 'submitted' ? LISTS.inFlight : LISTS.finished, `${item.submittedAt}#${item.version}`);
    case 'gate':
      return item.status === 'open' || item.status === 'accepted' ? on(LISTS.waiting, `${item.openedAt}#${item.release}#${item.environment}#${item.gate}`) : {};
    case 'ticket':
      return on(LISTS.tickets, ticketPlace(item));
    case 'environment':
    case 'migration':
      return {};
  }
}

function on(list: string, listKey: string): Readonly<Record<string, string>> {
  return { [TABLE.indexPk]: list, [TABLE.indexSk]: listKey };
}

/** Two digits, so that the order of text is the order of numbers; a transaction has at most 100 parts. */
function place(position: number): string {
  return String(position).padStart(2, '0');
}
