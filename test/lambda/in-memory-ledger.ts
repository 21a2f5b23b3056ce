import { ticketPlace } from '../../lambda/contract';
import { Conflict } from '../../lambda/domain/errors';
import type { AuditEvent, Change, Delivery, EnvironmentState, Gate, Item, MigrationState, Release, Ticket } from '../../lambda/domain/model';
import { type Destinations, deliver, deliveriesOf } from '../../lambda/domain/outbox';
import type { Ledger } from '../../lambda/domain/ports';

/**
 * The ledger in memory, as exact about revisions and the outbox as the real one. Nothing taken in is shared with the caller, and what is handed out is
 * frozen, so that nobody changes what is stored.
 */
export class InMemoryLedger implements Ledger {
  /** Every change that was committed, oldest first. */
  readonly commits: Change[] = [];
  private readonly items: Readonly<Record<Item['kind'], Map<string, Item>>> = {
    release: new Map(),
    environment: new Map(),
    gate: new Map(),
    ticket: new Map(),
    migration: new Map(),
  };
  private readonly events: AuditEvent[] = [];
  private readonly eventsOf = new Map<string, AuditEvent[]>();
  private readonly pending = new Map<string, Delivery>();
  private race?: (change: Change) => Promise<void>;
  /** When everything in the outbox was committed. */
  committedAt = '2026-01-05T09:00:00.000Z';
  private delivered = 0;

  constructor(private readonly destinations: Destinations) {}

  /** Stores items as they are, with no event: the state a test starts from. */
  seed(...items: Item[]): void {
    for (const item of items) {
      this.items[item.kind].set(keyOf(item), frozen({ ...item, revision: Math.max(1, item.revision) }));
    }
  }

  /** Runs once, just before the next commit looks at its revisions: somebody else is faster. */
  raceNextCommit(somebodyElse: (change: Change) => Promise<void>): void {
    this.race = somebodyElse;
  }

  /** All of it, for a comparison by deep equality. */
  snapshot(): { items: Record<string, Item>; audit: AuditEvent[]; outbox: Delivery[] } {
    const items = Object.values(this.items).flatMap((ofKind) => [...ofKind].map(([key, item]) => [`${item.kind} ${key}`, item]));
    return structuredClone({ items: Object.fromEntries(items), audit: this.events, outbox: [...this.pending.values()] });
  }

  /** Names of the audit events so far, in order. */
  happened(): string[] {
    return this.events.map((event) => event.what);
  }

  async release(version: string): Promise<Release | undefined> {
    return this.items.release.get(version) as Release | undefined;
  }
  async releasesInFlight(): Promise<Release[]> {
    return this.byAge().filter((release) => release.status === 'submitted');
  }
  async latestReleases(most: number): Promise<Release[]> {
    return this.byAge().reverse().slice(0, most);
  }
  async environment(name: string): Promise<EnvironmentState> {
    return (
      (this.items.environment.get(name) as EnvironmentState | undefined) ?? { kind: 'environment', revision: 0, environment: name, slots: {}, weights: {} }
    );
  }
  async gate(release: string, environment: string, gate: Gate['gate']): Promise<Gate | undefined> {
    return this.items.gate.get(`${release} ${environment} ${gate}`) as Gate | undefined;
  }
  async gates(release: string): Promise<Gate[]> {
    return this.all<Gate>('gate').filter((gate) => gate.release === release);
  }
  async migration(environment: string, name: string): Promise<MigrationState | undefined> {
    return this.items.migration.get(`${environment} ${name}`) as MigrationState | undefined;
  }
  async waitingGates(): Promise<Gate[]> {
    return this.all<Gate>('gate').filter((gate) => gate.status === 'open' || gate.status === 'accepted');
  }
  async ticket(fingerprint: string): Promise<Ticket | undefined> {
    return this.items.ticket.get(fingerprint) as Ticket | undefined;
  }
  async tickets(most = Number.POSITIVE_INFINITY, before?: string): Promise<Ticket[]> {
    const newest = this.all<Ticket>('ticket').sort((a, b) => (ticketPlace(a) < ticketPlace(b) ? 1 : -1));
    return newest.filter((ticket) => before === undefined || ticketPlace(ticket) < before).slice(0, most);
  }
  async audit(release: string): Promise<AuditEvent[]> {
    return [...(this.eventsOf.get(release) ?? [])];
  }

  async commit(change: Change): Promise<void> {
    const race = this.race;
    this.race = undefined;
    await race?.(change);
    for (const { key, delivery } of this.store(change)) {
      await deliver(this.destinations, delivery).then(
        () => this.pending.delete(key),
        () => undefined,
      );
    }
  }

  /** The transaction of a commit alone. @returns what is in the outbox because of it */
  store(change: Change): { readonly key: string; readonly delivery: Delivery }[] {
    const { put } = change;
    const keys = put.map(keyOf);
    const twice = put.findIndex(({ kind }, index) => put.some((other, later) => later > index && other.kind === kind && keys[later] === keys[index]));
    if (twice >= 0) throw new TypeError(`one transaction writes ${put[twice]?.kind} ${keys[twice]} twice`);
    for (const [index, { kind, revision }] of put.entries()) {
      const stored = this.items[kind].get(keys[index] as string)?.revision ?? 0;
      if (stored !== revision) throw new Conflict(`${kind} ${keys[index]} is at revision ${stored}, the decision was made on ${revision}`);
    }
    const committed = this.keptChange(
      change,
      put.map(({ kind }, index) => this.items[kind].get(keys[index] as string)),
    );
    for (const [index, item] of committed.put.entries()) {
      this.items[item.kind].set(keys[index] as string, Object.freeze({ ...item, revision: item.revision + 1 }));
    }
    for (const event of committed.audit) this.append(event);
    this.commits.push(committed);
    return deliveriesOf(committed).map((delivery) => {
      this.delivered += 1;
      const key = String(this.delivered).padStart(6, '0');
      this.pending.set(key, this.keptDelivery(delivery));
      return { key, delivery };
    });
  }

  /** Whether anything is in the outbox. */
  get isOwing(): boolean {
    return this.pending.size > 0;
  }
  async outbox(): Promise<{ key: string; since: string; delivery: Delivery }[]> {
    return [...this.pending].map(([key, delivery]) => ({ key, since: this.committedAt, delivery }));
  }
  async confirm(key: string): Promise<void> {
    this.pending.delete(key);
  }

  /** What is stored of what somebody hands over. @param before what there is so far of each item that is put */
  protected keptChange(change: Change, _before: readonly (Item | undefined)[]): Change {
    return frozen(change);
  }
  protected keptDelivery(delivery: Delivery): Delivery {
    return frozen(delivery);
  }

  private append(event: AuditEvent): void {
    this.events.push(event);
    const known = this.eventsOf.get(event.release);
    if (known) known.push(event);
    else this.eventsOf.set(event.release, [event]);
  }
  private byAge(): Release[] {
    return this.all<Release>('release').sort((a, b) => (a.submittedAt < b.submittedAt ? -1 : 1));
  }
  private all<T extends Item>(kind: T['kind']): T[] {
    return [...this.items[kind].values()] as T[];
  }
}

/** A frozen copy. What is frozen already is taken as it is: the parts of an item that a change leaves alone are copied once. */
function frozen<T>(value: T): T {
  if (typeof value === 'function') throw new TypeError('an item of the ledger is data');
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozen)) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = frozen((value as Record<string, unknown>)[key]);
  return Object.freeze(copy) as T;
}

/** Among those of its kind. */
function keyOf(item: Item): string {
  switch (item.kind) {
    case 'release':
      return item.version;
    case 'environment':
      return item.environment;
    case 'gate':
      return `${item.release} ${item.environment} ${item.gate}`;
    case 'ticket':
      return item.fingerprint;
    case 'migration':
      return `${item.environment} ${item.name}`;
  }
}
