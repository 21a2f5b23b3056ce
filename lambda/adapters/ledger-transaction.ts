import {
  type CancellationReason,
  type DynamoDBClient,
  type TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { TABLE } from '../contract';
import { Conflict, Retry } from '../domain/errors';
import type { Change, Delivery, Item } from '../domain/model';
import { deliveriesOf } from '../domain/outbox';
import type { Clock } from '../domain/ports';
import { KEYS, type Key, keyOf, listOf } from './ledger-keys';
import { isTransient } from './transient-error';

/** DynamoDB's own limit. */
const MAX_PARTS = 100;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 50;

/** A change as one DynamoDB transaction, and the deliveries it leaves in the outbox. */
export interface LedgerTransaction {
  readonly parts: readonly TransactWriteItem[];
  /** In the order of the parts, for messages. */
  readonly names: readonly string[];
  readonly outbox: readonly { readonly key: string; readonly delivery: Delivery }[];
}

/**
 * @param instant of the commit, which orders the outbox
 * @param unique tells this commit from any other
 */
export function transactionOf(table: string, change: Change, instant: string, unique: string): LedgerTransaction {
  const outbox = deliveriesOf(change).map((delivery, n) => ({ key: KEYS.delivery(instant, n, unique), delivery }));
  const writes = [
    ...change.put.map((item) => ({ name: nameOf(item), part: putItem(table, item) })),
    ...change.audit.map((event, n) => ({ name: `event ${event.what}`, part: append(table, KEYS.event(event, n, unique), { ...event }) })),
    ...outbox.map(({ key, delivery }) => ({ name: 'delivery', part: append(table, key, { delivery }) })),
  ];
  if (writes.length > MAX_PARTS) {
    throw new Error(
      `a commit of ${change.put.length} items, ${change.audit.length} events and ${outbox.length} deliveries has ${writes.length} parts, DynamoDB takes ${MAX_PARTS}: commit it in several, each complete in itself`,
    );
  }
  return {
    parts: writes.map(({ part }) => part),
    names: writes.map(({ name }) => name),
    outbox: outbox.map(({ key, delivery }) => ({ key: key.sk, delivery })),
  };
}

/**
 * All of it or nothing. The same token goes with every attempt, so that one whose answer was lost is not taken for somebody else's.
 *
 * @throws Conflict when an item is not at the revision it was read at
 * @throws Retry when other transactions, or a throttle, were in the way every time
 */
export async function commit(client: DynamoDBClient, clock: Clock, transaction: LedgerTransaction, token: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: [...transaction.parts], ClientRequestToken: token }));
      return;
    } catch (error) {
      const stale = reasonsOf(error).findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
      if (stale >= 0)
        throw new Conflict(`the ledger has another revision of ${transaction.names[stale]} than the one this was decided on; read it again and decide again`);
      if (!isTransient(error) && !isContention(error)) throw error;
      if (attempt === ATTEMPTS) throw new Retry(`the ledger was busy ${ATTEMPTS} times: ${(error as Error).message}`);
      await clock.sleep(FIRST_PAUSE_MS * 2 ** attempt);
    }
  }
}

function putItem(table: string, item: Item): TransactWriteItem {
  const stored = { ...item, revision: item.revision + 1 };
  const Item = marshall({ ...keyOf(item), ...listOf(item), ...stored }, { removeUndefinedValues: true });
  if (item.revision === 0) return { Put: { TableName: table, Item, ConditionExpression: `attribute_not_exists(${TABLE.pk})` } };
  return {
    Put: {
      TableName: table,
      Item,
      ConditionExpression: '#revision = :read',
      ExpressionAttributeNames: { '#revision': 'revision' },
      ExpressionAttributeValues: marshall({ ':read': item.revision }),
    },
  };
}

function append(table: string, key: Key, attributes: Readonly<Record<string, unknown>>): TransactWriteItem {
  const Item = marshall({ ...key, ...attributes }, { removeUndefinedValues: true });
  return { Put: { TableName: table, Item, ConditionExpression: `attribute_not_exists(${TABLE.pk})` } };
}

function reasonsOf(error: unknown): CancellationReason[] {
  return (error as Error).name === 'TransactionCanceledException' ? ((error as TransactionCanceledException).CancellationReasons ?? []) : [];
}

function isContention(error: unknown): boolean {
  const busy = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
  return reasonsOf(error).some(({ Code }) => busy.includes(Code ?? ''));
}

function nameOf(item: Item): string {
  switch (item.kind) {
    case 'release':
      return `release ${JSON.stringify(item.version)}`;
    case 'environment':
      return `environment ${JSON.stringify(item.environment)}`;
    case 'gate':
      return `gate ${JSON.stringify(item.gate)} of release ${JSON.stringify(item.release)} in ${JSON.stringify(item.environment)}`;
    case 'ticket':
      return `ticket ${JSON.stringify(item.fingerprint)}`;
    case 'migration':
      return `migration ${JSON.stringify(item.name)} in ${JSON.stringify(item.environment)}`;
  }
}
