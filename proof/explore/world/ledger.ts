import { Conflict } from '../../../lambda/domain/errors';
import type { AuditEvent, Change, Delivery, EnvironmentState, Gate, Item, MigrationState, Release, Ticket } from '../../../lambda/domain/model';
import { deliveriesOf } from '../../../lambda/domain/outbox';
import type { Ledger } from '../../../lambda/domain/ports';
import { NOW } from './essence';
import type { Run } from './run';
import { keyOf, type World } from './world';

type ToToken = Extract<Delivery, { to: 'token' }>;

/** The ledger of a world, as exact about revisions and the outbox as the real one. What is for the bus goes nowhere: no rule listens. */
export class WorldLedger implements Ledger {
  constructor(
    private readonly run: Run,
    private readonly tell: (delivery: ToToken) => Promise<void>,
  ) {}

  async release(version: string): Promise<Release | undefined> {
    return this.run.get(keyOf.release(version));
  }
  async releasesInFlight(): Promise<Release[]> {
    return this.run.all<Release>('release ').filter(({ status }) => status === 'submitted');
  }
  async latestReleases(most: number): Promise<Release[]> {
    return this.run.all<Release>('release ').slice(0, most);
  }
  async environment(name: string): Promise<EnvironmentState> {
    return this.run.get(keyOf.environment(name)) ?? { kind: 'environment', revision: 0, environment: name, slots: {}, weights: {} };
  }
  async gate(release: string, environment: string, gate: Gate['gate']): Promise<Gate | undefined> {
    return this.run.get(keyOf.gate(release, environment, gate));
  }
  async gates(release: string): Promise<Gate[]> {
    return this.run.all<Gate>(`gate ${release} `);
  }
  async waitingGates(): Promise<Gate[]> {
    return this.run.all<Gate>('gate ').filter(({ status }) => status === 'open' || status === 'accepted');
  }
  async ticket(fingerprint: string): Promise<Ticket | undefined> {
    return this.run.get(`ticket ${fingerprint}`);
  }
  async tickets(most: number): Promise<Ticket[]> {
    return this.run.all<Ticket>('ticket ').slice(0, most);
  }
  async migration(environment: string, name: string): Promise<MigrationState | undefined> {
    return this.run.get(`migration ${environment} ${name}`);
  }
  async audit(release: string): Promise<AuditEvent[]> {
    return this.run.get(keyOf.audit(release)) ?? [];
  }

  async commit(change: Change): Promise<void> {
    const tokens = deliveriesOf(change).filter((delivery): delivery is ToToken => delivery.to === 'token');
    await this.run.effect('commit', () => this.write(change, tokens));
    for (const delivery of tokens) await deliverOne(this.run, delivery, this.tell);
  }

  async outbox(): ReturnType<Ledger['outbox']> {
    return (this.run.get<readonly ToToken[]>(keyOf.outbox) ?? []).map((delivery) => ({ key: delivery.token, since: NOW, delivery }));
  }
  async confirm(key: string): Promise<void> {
    await this.run.effect('confirm', () => confirmed(this.run, key));
  }

  private write({ put, audit }: Change, tokens: readonly ToToken[]): void {
    const { run } = this;
    const before: World = new Map(run.world);
    for (const item of put) {
      const stored = (run.world.get(keyOf.item(item)) as Item | undefined)?.revision ?? 0;
      if (stored !== item.revision) throw new Conflict(`${keyOf.item(item)} is at revision ${stored}, the decision was made on ${item.revision}`);
    }
    for (const item of put) run.set(keyOf.item(item), { ...item, revision: item.revision + 1 });
    for (const event of audit) run.set(keyOf.audit(event.release), [...((run.world.get(keyOf.audit(event.release)) as AuditEvent[] | undefined) ?? []), event]);
    if (tokens.length > 0) run.set(keyOf.outbox, [...((run.world.get(keyOf.outbox) as ToToken[] | undefined) ?? []), ...tokens]);
    run.committed(before);
  }
}

/** Tells it, then forgets it: a process that dies in between tells it once more. */
async function deliverOne(run: Run, delivery: ToToken, tell: (delivery: ToToken) => Promise<void>): Promise<void> {
  await tell(delivery);
  await run.effect('confirm', () => confirmed(run, delivery.token));
}

function confirmed(run: Run, token: string): void {
  const left = ((run.world.get(keyOf.outbox) as ToToken[] | undefined) ?? []).filter((delivery) => delivery.token !== token);
  run.set(keyOf.outbox, left.length === 0 ? undefined : left);
}
