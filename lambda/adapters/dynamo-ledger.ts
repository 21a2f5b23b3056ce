import { type AttributeValue, DeleteItemCommand, type DynamoDBClient, GetItemCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { TABLE } from '../contract';
import type { AuditEvent, Change, Delivery, EnvironmentState, Gate, MigrationState, Release, Ticket } from '../domain/model';
import { type Destinations, deliver } from '../domain/outbox';
import type { Clock, Ledger, Log } from '../domain/ports';
import { EVENTS, GATES, instantOf, KEYS, type Key, LISTS } from './ledger-keys';
import { commit, transactionOf } from './ledger-transaction';

/** What the ledger needs besides its table. */
export interface DynamoLedgerSurroundings {
  readonly destinations: Destinations;
  readonly clock: Clock;
  readonly log: Log;
  readonly uniqueName: () => string;
}

/**
 * The ledger on one DynamoDB table. An item read by its key, and a release's gates and audit events, are as of the last commit.
 * Lists over all releases (`releasesInFlight`, `latestReleases`, `waitingGates`, `tickets`) come from the table's index and may lag a moment
 * behind: whoever acts on an entry reads it by its key first, or lets the commit's revision check find out.
 */
export class DynamoLedger implements Ledger {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
    private readonly surroundings: DynamoLedgerSurroundings,
  ) {}

  release(version: string): Promise<Release | undefined> {
    return this.get(KEYS.release(version));
  }

  releasesInFlight(): Promise<Release[]> {
    return this.list(LISTS.inFlight);
  }

  async latestReleases(most: number): Promise<Release[]> {
    const newest = await Promise.all([LISTS.inFlight, LISTS.finished].map((list) => this.list<Release>(list, most)));
    // One that finishes in between may be on both for a moment; what it has become since counts.
    const byVersion = new Map(newest.flat().map((release) => [release.version, release]));
    return [...byVersion.values()].sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1)).slice(0, most);
  }

  async environment(name: string): Promise<EnvironmentState> {
    return (await this.get<EnvironmentState>(KEYS.environment(name))) ?? { kind: 'environment', revision: 0, environment: name, slots: {}, weights: {} };
  }

  gate(release: string, environment: string, gate: Gate['gate']): Promise<Gate | undefined> {
    return this.get(KEYS.gate(release, environment, gate));
  }

  gates(release: string): Promise<Gate[]> {
    return this.under(KEYS.release(release).pk, GATES);
  }

  waitingGates(): Promise<Gate[]> {
    return this.list(LISTS.waiting);
  }

  ticket(fingerprint: string): Promise<Ticket | undefined> {
    return this.get(KEYS.ticket(fingerprint));
  }

  tickets(most: number, before?: string): Promise<Ticket[]> {
    return this.list(LISTS.tickets, most, before);
  }

  migration(environment: string, name: string): Promise<MigrationState | undefined> {
    return this.get(KEYS.migration(environment, name));
  }

  audit(release: string): Promise<AuditEvent[]> {
    return this.under(KEYS.release(release).pk, EVENTS);
  }

  async commit(change: Change): Promise<void> {
    const { clock, uniqueName } = this.surroundings;
    const unique = uniqueName();
    const transaction = transactionOf(this.table, change, clock.now(), unique.slice(0, 8));
    if (transaction.parts.length === 0) return;
    await commit(this.client, clock, transaction, unique.slice(0, 36));
    await Promise.all(transaction.outbox.map(({ key, delivery }) => this.deliverNow(key, delivery)));
  }

  async outbox(): Promise<{ key: string; since: string; delivery: Delivery }[]> {
    const found = await this.query({ KeyConditionExpression: '#pk = :pk', ExpressionAttributeValues: marshall({ ':pk': TABLE.outbox }), ConsistentRead: true });
    return found.map((item) => {
      const key = item[TABLE.sk] as string;
      return { key, since: instantOf(key), delivery: item.delivery as Delivery };
    });
  }

  async confirm(key: string): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.table, Key: marshall({ [TABLE.pk]: TABLE.outbox, [TABLE.sk]: key }) }));
  }

  /** The commit is the fact; a delivery that fails now is the sweep's, and must not make the commit look undone. */
  private async deliverNow(key: string, delivery: Delivery): Promise<void> {
    try {
      await deliver(this.surroundings.destinations, delivery);
      await this.confirm(key);
    } catch (error) {
      const what = delivery.to === 'bus' ? { event: delivery.event.what, release: delivery.event.release } : {};
      this.surroundings.log.error('a delivery stays in the outbox until the next sweep', { key, to: delivery.to, ...what, error: (error as Error).name });
    }
  }

  private async get<Stored>(key: Key): Promise<Stored | undefined> {
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.table, Key: marshall(key), ConsistentRead: true }));
    return Item && (withoutKeys(Item) as Stored);
  }

  private async under<Stored>(pk: string, prefix: string): Promise<Stored[]> {
    const found = await this.query({
      KeyConditionExpression: '#pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: marshall({ ':pk': pk, ':prefix': prefix }),
      ConsistentRead: true,
    });
    return found.map(withoutKeyAttributes) as Stored[];
  }

  /**
   * @param newest only the last so many, the last one first; all of them, oldest first, where it is not given
   * @param before only those whose sort key is less
   */
  private async list<Stored>(list: string, newest?: number, before?: string): Promise<Stored[]> {
    const [condition, values] = before === undefined ? ['', {}] : [` AND ${TABLE.indexSk} < :before`, { ':before': before }];
    const last = newest === undefined ? {} : { ScanIndexForward: false, Limit: newest };
    const found = await this.query(
      { IndexName: TABLE.index, KeyConditionExpression: `#pk = :pk${condition}`, ExpressionAttributeValues: marshall({ ':pk': list, ...values }), ...last },
      TABLE.indexPk,
    );
    return found.slice(0, newest).map(withoutKeyAttributes) as Stored[];
  }

  private async query(input: Partial<QueryCommandInput>, partition: string = TABLE.pk): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.client.send(
        new QueryCommand({ TableName: this.table, ...input, ExpressionAttributeNames: { '#pk': partition }, ExclusiveStartKey }),
      );
      found.push(...(page.Items ?? []).map((item) => unmarshall(item)));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey && found.length < (input.Limit ?? Number.POSITIVE_INFINITY));
    return found;
  }
}

function withoutKeys(item: Record<string, AttributeValue>): Record<string, unknown> {
  return withoutKeyAttributes(unmarshall(item));
}

function withoutKeyAttributes(item: Record<string, unknown>): Record<string, unknown> {
  const { [TABLE.pk]: _pk, [TABLE.sk]: _sk, [TABLE.indexPk]: _list, [TABLE.indexSk]: _listKey, ...attributes } = item;
  return attributes;
}
