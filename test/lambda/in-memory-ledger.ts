import { ticketPlace } from '../../lambda/contract';
import { Conflict } from '../../lambda/domain/errors';
import type { AuditEvent, Change, Delivery, EnvironmentState, Gate, Item, MigrationState, Release, Ticket } from '../../lambda/domain/model';
import { type Destinations, deliver, deliveriesOf } from '../../lambda/domain/outbox';
import type { Ledger } from '../../lambda/domain/ports';

/** The ledger in memory, as exact about revisions and the outbox as the real one. Nothing handed out or taken in is shared with the caller. */
export class InMemoryLedger implements Ledger {
  /** Every change that was committed, oldest first. */
  readonly commits: Change[] = [];
  private readonly items = new Map<string, Item>();
  private readonly events: AuditEvent[] = [];
  private readonly pending = new Map<string, Delivery>();
  private race?: (change: Change) => Promise<void>;
  /** When everything in the outbox was committed. */
  committedAt = '2026-01-05T09:00:00.000Z';
  private delivered = 0;

  constructor(private readonly destinations: Destinations) {}

  /** Stores items as they are, with no event: the state a test starts from. */
  seed(...items: Item[]): void {
    for (const item of items) {
      this.items.set(keyOf(item), copied({ ...item, revision: Math.max(1, item.revision) }));
    }
  }

  /** Runs once, just before the next commit looks at its revisions: somebody else is faster. */
  raceNextCommit(somebodyElse: (change: Change) => Promise<void>): void {
    this.race = somebodyElse;
  }

  /** All of it, for a comparison by deep equality. */
  snapshot(): { items: Record<string, Item>; audit: AuditEvent[]; outbox: Delivery[] } {
    return copied({ items: Object.fromEntries(this.items), audit: this.events, outbox: [...this.pending.values()] });
  }

  /** Names of the audit events so far, in order. */
  happened(): string[] {
    return this.events.map((event) => event.what);
  }

  async release(version: string): Promise<Release | undefined> {
    return this.read<Release>(`release ${version}`);
  }
  async releasesInFlight(): Promise<Release[]> {
    return this.byAge().filter((release) => release.status === 'submitted');
  }
  async latestReleases(most: number): Promise<Release[]> {
    return this.byAge().reverse().slice(0, most);
  }
  async environment(name: string): Promise<EnvironmentState> {
    return this.read<EnvironmentState>(`environment ${name}`) ?? { kind: 'environment', revision: 0, environment: name, slots: {}, weights: {} };
  }
  async gate(release: string, environment: string, gate: Gate['gate']): Promise<Gate | undefined> {
    return this.read<Gate>(`gate ${release} ${environment} ${gate}`);
  }
  async gates(release: string): Promise<Gate[]> {
    return this.all<Gate>('gate').filter((gate) => gate.release === release);
  }
  async migration(environment: string, name: string): Promise<MigrationState | undefined> {
    return this.read<MigrationState>(`migration ${environment} ${name}`);
  }
  async waitingGates(): Promise<Gate[]> {
    return this.all<Gate>('gate').filter((gate) => gate.status === 'open' || gate.status === 'accepted');
  }
  async ticket(fingerprint: string): Promise<Ticket | undefined> {
    return this.read<Ticket>(`ticket ${fingerprint}`);
  }
  async tickets(most = Number.POSITIVE_INFINITY, before?: string): Promise<Ticket[]> {
    const newest = this.all<Ticket>('ticket').sort((a, b) => (ticketPlace(a) < ticketPlace(b) ? 1 : -1));
    return newest.filter((ticket) => before === undefined || ticketPlace(ticket) < before).slice(0, most);
  }
  async audit(release: string): Promise<AuditEvent[]> {
    return copied(this.events.filter((event) => event.release === release));
  }

  async commit(change: Change): Promise<void> {
    const race = this.race;
    this.race = undefined;
    await race?.(change);
    const twice = change.put.map(keyOf).find((key, index, keys) => keys.indexOf(key) !== index);
    if (twice !== undefined) throw new TypeError(`one transaction writes ${twice} twice`);
    for (const item of change.put) {
      const stored = this.items.get(keyOf(item))?.revision ?? 0;
      if (stored !== item.revision) throw new Conflict(`${keyOf(item)} is at revision ${stored}, the decision was made on ${item.revision}`);
    }
    for (const item of change.put) this.items.set(keyOf(item), copied({ ...item, revision: item.revision + 1 }));
    this.events.push(...copied(change.audit));
    this.commits.push(copied(change));
    const keys = deliveriesOf(change).map((delivery) => {
      this.delivered += 1;
      const key = String(this.delivered).padStart(6, '0');
      this.pending.set(key, copied(delivery));
      return key;
    });
    for (const key of keys) {
      const delivery = this.pending.get(key);
      if (delivery)
        await deliver(this.destinations, delivery).then(
          () => this.pending.delete(key),
          () => undefined,
        );
    }
  }

  async outbox(): Promise<{ key: string; since: string; delivery: Delivery }[]> {
    return [...this.pending].map(([key, delivery]) => copied({ key, since: this.committedAt, delivery }));
  }
  async confirm(key: string): Promise<void> {
    this.pending.delete(key);
  }

  private read<T extends Item>(key: string): T | undefined {
    return copied(this.items.get(key)) as T | undefined;
  }
  private byAge(): Release[] {
    return this.all<Release>('release').sort((a, b) => (a.submittedAt < b.submittedAt ? -1 : 1));
  }
  private all<T extends Item>(kind: T['kind']): T[] {
    return copied([...this.items.values()].filter((item) => item.kind === kind)) as T[];
  }
}

function keyOf(item: Item): string {
  switch (item.kind) {
    case 'release':
      return `release ${item.version}`;
    case 'environment':
      return `environment ${item.environment}`;
    case 'gate':
      return `gate ${item.release} ${item.environment} ${item.gate}`;
    case 'ticket':
      return `ticket ${item.fingerprint}`;
    case 'migration':
      return `migration ${item.environment} ${item.name}`;
  }
}

/** A copy of plain data; the platform's own, which takes anything, is most of the time of a test that goes through many orders of events. */
function copied<T>(value: T): T {
  if (typeof value === 'function') throw new TypeError('an item of the ledger is data');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copied) as T;
  const copy: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) copy[name] = copied(one);
  return copy as T;
}
