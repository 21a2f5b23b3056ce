import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { KEYS, LISTS } from '../../../lambda/adapters/ledger-keys';
import { type GateKind, TABLE } from '../../../lambda/contract';
import type { EnvironmentState, Gate, Release, Ticket } from '../../../lambda/domain/model';
import type { Aws } from '../../../rehearsal/aws';

/** Looks into the ledger's table itself: what the hub says of it is not asked. */
export class Ledger {
  private readonly client: DynamoDBDocumentClient;

  constructor(
    { client }: Aws,
    private readonly table: string,
    private readonly name: string,
  ) {
    this.client = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  }

  release(version: string): Promise<Release | undefined> {
    return this.get(KEYS.release(version));
  }

  environment(): Promise<EnvironmentState | undefined> {
    return this.get(KEYS.environment(this.name));
  }

  gate(version: string, gate: GateKind): Promise<Gate | undefined> {
    return this.get(KEYS.gate(version, this.name, gate));
  }

  /** Those that are linked to a version. */
  async tickets(version: string): Promise<Ticket[]> {
    const { Items = [] } = await this.client.send(
      new QueryCommand({
        TableName: this.table,
        IndexName: TABLE.index,
        KeyConditionExpression: '#list = :tickets',
        ExpressionAttributeNames: { '#list': TABLE.indexPk },
        ExpressionAttributeValues: { ':tickets': LISTS.tickets },
      }),
    );
    return (Items as Ticket[]).filter(({ releases }) => releases.includes(version));
  }

  private async get<T>(Key: { readonly pk: string; readonly sk: string }): Promise<T | undefined> {
    return (await this.client.send(new GetCommand({ TableName: this.table, Key, ConsistentRead: true }))).Item as T | undefined;
  }
}
