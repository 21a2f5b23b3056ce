import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { S3Bundles } from '../../../lambda/adapters/s3-bundles';
import { S3Templates } from '../../../lambda/adapters/s3-templates';
import { SecretValue } from '../../../lambda/adapters/secret-value';
import { SsmFrontDoors } from '../../../lambda/adapters/ssm-front-doors';
import { SsmPlans } from '../../../lambda/adapters/ssm-plans';
import { examplePlan } from '../example-path';
import { FakeClock } from '../fake-engine';

const ssm = mockClient(SSMClient);
const s3 = mockClient(S3Client);
const secrets = mockClient(SecretsManagerClient);
const plan = examplePlan();

beforeEach(() => {
  ssm.reset();
  s3.reset();
  secrets.reset();
});

describe('plans', () => {
  test('come from every page, in the order of the path', async () => {
    const [integration, production] = [examplePlan('Integration'), examplePlan('Production')];
    ssm
      .on(GetParametersByPathCommand, { Path: '/path-to-live/Payments/plan' })
      .resolves({ Parameters: [{ Value: JSON.stringify(production) }], NextToken: 'more' })
      .on(GetParametersByPathCommand, { Path: '/path-to-live/Payments/plan', NextToken: 'more' })
      .resolves({ Parameters: [{ Value: JSON.stringify(integration) }] });
    expect(await new SsmPlans(new SSMClient({}), '/path-to-live/Payments/plan/').environments()).toEqual([integration, production]);
  });
});

describe('front doors', () => {
  test("come from the environment's account, and are kept for half a minute", async () => {
    const clock = new FakeClock();
    const asked: string[] = [];
    const doors = new SsmFrontDoors(({ environment }) => {
      asked.push(environment);
      return new SSMClient({});
    }, clock);
    ssm.on(GetParameterCommand, { Name: plan.frontDoorParameter }).resolves({ Parameter: { Value: '{"url":"http://one.example"}' } });
    expect(await doors.read(plan)).toEqual({ url: 'http://one.example' });
    clock.advance(29);
    await doors.read(plan);
    expect(asked).toEqual(['Production']);
    clock.advance(1);
    await doors.read(plan);
    expect(asked).toEqual(['Production', 'Production']);
  });

  test('of one environment is not that of another', async () => {
    const doors = new SsmFrontDoors(() => new SSMClient({}), new FakeClock());
    ssm.on(GetParameterCommand).callsFake(({ Name }) => ({ Parameter: { Value: JSON.stringify({ url: Name }) } }));
    const [one, other] = [examplePlan('Integration'), examplePlan('Production')];
    expect((await doors.read(one)).url).not.toBe((await doors.read(other)).url);
  });
});

describe('seals', () => {
  const file = { bucket: 'assets', key: 'a.zip', region: 'eu-west-1', hash: 'aa' };
  const bundles = new S3Bundles((_, region) => new S3Client({ region }));
  const status = (httpStatusCode: number) => Object.assign(new Error(`${httpStatusCode}`), { $metadata: { httpStatusCode } });

  test('are the ETags of published files', async () => {
    s3.on(HeadObjectCommand, { Bucket: 'assets', Key: 'a.zip' }).resolves({ ETag: '"abc"' });
    expect(await bundles.seal(plan, file)).toBe('"abc"');
  });

  test.each([404, 403])('%d: the file is not there', async (code) => {
    s3.on(HeadObjectCommand).rejects(status(code));
    expect(await bundles.seal(plan, file)).toBeUndefined();
  });

  test.each([301, 500, 503])('%d: it is not known whether the file is there', async (code) => {
    s3.on(HeadObjectCommand).rejects(status(code));
    await expect(bundles.seal(plan, file)).rejects.toThrow(`${code}`);
  });
});

describe('a slot’s template', () => {
  const file = { bucket: 'assets', key: 'a.json', region: 'eu-west-1', hash: 'aa' };
  const templates = new S3Templates((_, region) => new S3Client({ region }));
  const migrations = [{ name: '2026-11-add-currency', kind: 'expand', content: 'c1' }];
  const found = (content: string, ETag = '"abc"') =>
    s3.on(GetObjectCommand, { Bucket: 'assets', Key: 'a.json' }).resolves({ ETag, Body: { transformToString: async () => content } as never });

  test('says what the slot is and what it brings', async () => {
    found(JSON.stringify({ Metadata: { 'path-to-live:slot': { colour: 'blue', migrations } } }));
    expect(await templates.slotMetadata(plan, file, '"abc"')).toEqual({ colour: 'blue', migrations });
  });

  test.each(['{}', 'null', 'Resources: {}'])('says nothing by %j', async (content) => {
    found(content);
    expect(await templates.slotMetadata(plan, file, '"abc"')).toBeUndefined();
  });

  test('is not believed when it is no longer the one that was sealed', async () => {
    found('{}', '"other"');
    await expect(templates.slotMetadata(plan, file, '"abc"')).rejects.toThrow('assets/a.json has changed while it was looked at');
  });
});

describe('a secret', () => {
  test('is read once a minute', async () => {
    const clock = new FakeClock();
    const secret = new SecretValue(new SecretsManagerClient({}), 'path-to-live/Payments/Production/test', clock);
    secrets
      .on(GetSecretValueCommand, { SecretId: 'path-to-live/Payments/Production/test' })
      .resolvesOnce({ SecretString: 'one' })
      .resolves({ SecretString: 'two' });
    expect([await secret.read(), await secret.read()]).toEqual(['one', 'one']);
    clock.advance(60);
    expect(await secret.read()).toBe('two');
  });

  test('without a text is named', async () => {
    secrets.on(GetSecretValueCommand).resolves({});
    await expect(new SecretValue(new SecretsManagerClient({}), 'empty', new FakeClock()).read()).rejects.toThrow('the secret "empty" holds no text');
  });
});
