import { DeleteItemCommand, DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { marshall } from '@aws-sdk/util-dynamodb';
import { DynamoLedger } from '../../../lambda/adapters/dynamo-ledger';
import { keyOf } from '../../../lambda/adapters/ledger-keys';
import { exampleRelease } from '../../lambda/example-path';
import { FakeBus, FakeClock, FakeLog, FakeMachines } from '../../lambda/fake-engine';
import type { Integ } from '../integ';

/** Who commits takes what was delivered out of the outbox, and can delete nothing else: what was decided stays. */
export async function ledger(integ: Integ): Promise<void> {
  const deployed = await integ.deploy('ledger', ['IntegLedger']);
  if ('failure' in deployed) return integ.judge('a ledger stands by itself', false, deployed.failure);
  const { Table: TableName = '', RoleArn } = deployed.outputs.IntegLedger ?? {};
  const client = await actingAs(integ, RoleArn);
  const bus = new FakeBus();
  const surroundings = { destinations: { machines: new FakeMachines(), bus }, clock: new FakeClock(), log: new FakeLog(), uniqueName: () => 'integ-ledger' };
  const stored = new DynamoLedger(client, TableName, surroundings);
  const release = exampleRelease('1.0.0', undefined, { revision: 0 });
  await stored.commit({ put: [release], audit: [{ at: release.submittedAt, what: 'ReleaseSubmitted', release: '1.0.0', who: 'integ', detail: {} }] });
  integ.judge('a commit is delivered, and leaves the outbox empty', bus.published.length === 1 && (await stored.outbox()).length === 0);

  const Key = marshall(keyOf(release));
  const alone = await refusalOf(client.send(new DeleteItemCommand({ TableName, Key })));
  const together = await refusalOf(client.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key } }] })));
  integ.judge('who commits can delete no release', /AccessDenied/.test(alone) && /AccessDenied/.test(together), `${alone}; ${together}`);
  integ.judge('and it is still there', (await stored.release('1.0.0'))?.digest === release.digest);
}

async function actingAs({ emulator }: Integ, RoleArn: string | undefined): Promise<DynamoDBClient> {
  const { Credentials } = await new STSClient(emulator.client).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'integ' }));
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken: sessionToken } = Credentials ?? {};
  return new DynamoDBClient({ ...emulator.client, credentials: { accessKeyId, secretAccessKey, sessionToken } });
}

async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'it was done',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}
