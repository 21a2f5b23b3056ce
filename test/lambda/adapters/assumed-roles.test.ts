import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { AssumedRoles } from '../../../lambda/adapters/assumed-roles';
import { FakeClock } from '../fake-engine';

const sts = mockClient(STSClient);
const role = 'arn:aws:iam::222222222222:role/Payments-Production-operator';

function setUp() {
  const clock = new FakeClock();
  let sessions = 0;
  sts.on(AssumeRoleCommand).callsFake(() => {
    sessions += 1;
    return { Credentials: { AccessKeyId: `key-${sessions}`, SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(clock.later(3600)) } };
  });
  return { clock, roles: new AssumedRoles(new STSClient({}), clock) };
}

beforeEach(() => sts.reset());

test('says in the other account who it is, in characters a session name takes', async () => {
  await setUp().roles.credentials(role, 'path-to-live-Produktion für alle')();
  expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toEqual({ RoleArn: role, RoleSessionName: 'path-to-live-Produktion-f-r-alle' });
});

test('a role is assumed once for all clients, also when they ask at the same time', async () => {
  const { roles } = setUp();
  const found = await Promise.all([roles.credentials(role, 'a')(), roles.credentials(role, 'b')()]);
  expect(new Set(found.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
  expect(sts.calls()).toHaveLength(1);
});

test('and again five minutes before it expires', async () => {
  const { roles, clock } = setUp();
  const credentials = roles.credentials(role, 'a');
  await credentials();
  clock.advance(3299);
  expect(await credentials()).toMatchObject({ accessKeyId: 'key-1' });
  clock.advance(1);
  expect(await credentials()).toMatchObject({ accessKeyId: 'key-2' });
});

test('two roles are two sessions', async () => {
  const { roles } = setUp();
  await roles.credentials(role, 'a')();
  await roles.credentials(`${role}-2`, 'a')();
  expect(sts.calls()).toHaveLength(2);
});

test('a refusal is not remembered', async () => {
  const { roles } = setUp();
  const credentials = roles.credentials(role, 'a');
  sts.on(AssumeRoleCommand).rejects(new Error('not authorized'));
  await expect(credentials()).rejects.toThrow('not authorized');
  setUp();
  expect(await credentials()).toMatchObject({ secretAccessKey: 's' });
});
