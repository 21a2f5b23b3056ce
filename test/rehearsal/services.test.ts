import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { writeService } from '../../rehearsal/services';

const root = join(__dirname, '../..');
const made: string[] = [];

/** Inside the project: what Lambda brings, a service finds in its packages here. */
function folder(): string {
  mkdirSync(join(root, 'dist'), { recursive: true });
  made.push(mkdtempSync(join(root, 'dist', 'services-')));
  return made.at(-1) as string;
}

afterAll(() => {
  for (const each of made) rmSync(each, { recursive: true });
});

/** What a version answers in an environment. */
async function answers(version: string, failsIn: string | undefined, environment: string, path: string) {
  const code = writeService(root, folder(), version, failsIn);
  Object.assign(process.env, { PATH_TO_LIVE_VERSION: version, PATH_TO_LIVE_COLOUR: 'blue', PATH_TO_LIVE_ENVIRONMENT: environment });
  const { handler } = require(join(code, 'index.js'));
  return handler({ path });
}

test.each([
  ['1.0.0', undefined, 'Production', '/pay', 200],
  ['1.2.0', 'Production', 'Production', '/pay', 500],
  ['1.2.0', 'Production', 'Production', '/', 200],
  ['1.2.0', 'Production', 'Production', '/health', 200],
  ['1.2.0', 'Production', 'Preproduction', '/pay', 200],
])('%s, which fails in %s, answers in %s to %s: %d', async (version, failsIn, environment, path, statusCode) => {
  expect(await answers(version, failsIn, environment, path)).toMatchObject({
    statusCode,
    headers: { 'x-service-version': version, 'x-service-colour': 'blue' },
  });
});

describe('the table that versions share', () => {
  type Payment = Record<string, { S?: string; N?: string }>;
  const items = new Map<string, Payment>();
  const dynamo = mockClient(DynamoDBClient);
  const refused = () => Object.assign(new Error('the condition failed'), { name: 'ConditionalCheckFailedException' });

  beforeEach(() => {
    items.clear();
    dynamo.on(PutItemCommand).callsFake(({ Item }) => void items.set(Item.id.S, Item));
    dynamo.on(GetItemCommand).callsFake(({ Key }) => ({ Item: items.get(Key.id.S) }));
    dynamo.on(ScanCommand).callsFake(({ ExclusiveStartKey: after }) => {
      const all = [...items.values()]
        .filter(({ id }) => after === undefined || String(id?.S) > after.id.S)
        .sort((a, b) => (String(a.id?.S) < String(b.id?.S) ? -1 : 1));
      const page = all.slice(0, 2);
      return { Items: page.filter(({ currency }) => !currency).map(({ id }) => ({ id })), ...(all.length > 2 && { LastEvaluatedKey: { id: page[1]?.id } }) };
    });
    dynamo.on(UpdateItemCommand).callsFake(({ Key, ExpressionAttributeValues: values }) => {
      const item = items.get(Key.id.S);
      if (!item || item.currency) throw refused();
      item.currency = values[':currency'];
    });
    process.env.TABLE = 'payments';
  });
  afterEach(() => delete process.env.TABLE);

  /** A version in a slot. */
  function start(
    version: string,
    colour: string,
    failsIn?: string,
  ): (path: string) => Promise<{ statusCode: number; headers: Record<string, string>; body: string }> {
    const code = writeService(root, folder(), version, failsIn);
    Object.assign(process.env, { PATH_TO_LIVE_VERSION: version, PATH_TO_LIVE_COLOUR: colour, PATH_TO_LIVE_ENVIRONMENT: 'Production' });
    const { handler } = require(join(code, 'index.js'));
    return (path) => handler({ path });
  }
  /** As the hub calls it, until it is done. */
  async function migrate(): Promise<string> {
    const { handler } = require('../../examples/migrations/2026-11-add-currency/index.js');
    for (let next: unknown; ; ) {
      const answer = await handler({ next });
      if (answer.done) return answer.said;
      next = answer.next;
    }
  }
  const readers = async (ask: ReturnType<typeof start>) => {
    const answers = [];
    for (let request = 0; request < 8; request++) answers.push(await ask('/payments'));
    return { statuses: [...new Set(answers.map(({ statusCode }) => statusCode))], read: new Set(answers.map(({ headers }) => headers['x-payment-by'])) };
  };

  test('1.1.0 does not work before its migration has run, so no test lets it by', async () => {
    await readers(start('1.0.0', 'blue'));
    expect(await start('1.1.0', 'green')('/health')).toMatchObject({ statusCode: 500, body: expect.stringContaining('as 1.1.0 needs') });
  });

  test('both versions read what the other writes, and 1.0.0 goes on alone after a roll back', async () => {
    const [old, young] = [start('1.0.0', 'blue'), start('1.1.0', 'green')];
    await readers(old);
    expect(await migrate()).toBe('4 payments are in pounds now');
    expect((await young('/health')).statusCode).toBe(200);
    await readers(young);
    expect(await readers(old)).toEqual({ statuses: [200], read: new Set(['1.0.0', '1.1.0']) });
    expect(await readers(young)).toEqual({ statuses: [200], read: new Set(['1.0.0', '1.1.0']) });
    expect(await readers(old)).toEqual({ statuses: [200], read: new Set(['1.0.0', '1.1.0']) });
  });

  test('1.2.0 leaves a payment in the table with each error that counts for its alarm, and 1.1.0 reads it after the roll back', async () => {
    await readers(start('1.0.0', 'blue'));
    await migrate();
    const young = start('1.1.0', 'green');
    await readers(young);
    expect((await start('1.2.0', 'blue', 'Production')('/pay')).statusCode).toBe(500);
    const after = await readers(young);
    expect(after.statuses).toEqual([200]);
    expect([...after.read]).toContain('1.2.0');
  });

  test('the migration run twice changes nothing the second time, and what the new version wrote stays', async () => {
    await readers(start('1.0.0', 'blue'));
    await migrate();
    await readers(start('1.1.0', 'green'));
    const before = structuredClone([...items]);
    expect(await migrate()).toBe('0 payments are in pounds now');
    expect([...items]).toEqual(before);
  });
});
