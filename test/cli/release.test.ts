import type { SubmitBody } from '../../lambda/contract';
import { assemblyOf142, aws, BUCKETS, fixture, hub, LIVE, PUBLISHING_ROLE, release, seen, withAwsAndHub } from './release-world';
import { runPtl } from './run-ptl';

withAwsAndHub();

describe('what is submitted', () => {
  test('a stack for each slot, with bucket, key, region and hash of its template and assets, and the digest over them', async () => {
    seen(LIVE);
    expect((await release()).code).toBe(0);
    const [body] = hub.sent('POST /releases') as SubmitBody[];
    expect(body?.version).toBe('1.4.2');
    expect(body?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(body?.bundle.stacks.map(({ stackName, environment, colour }) => [stackName, environment, colour])).toEqual([
      ['Payments-Integration-Blue', 'Integration', 'blue'],
      ['Payments-Integration-Green', 'Integration', 'green'],
      ['Payments-Production-Blue', 'Production', 'blue'],
      ['Payments-Production-Green', 'Production', 'green'],
    ]);
    const production = body?.bundle.stacks[2];
    expect(production?.template).toEqual({
      bucket: BUCKETS[1],
      key: `${production?.template.hash}.json`,
      region: 'eu-west-1',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(production?.assets).toEqual([
      { bucket: BUCKETS[1], key: `${production?.assets[0]?.hash}.zip`, region: 'eu-west-1', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  test('all its files are published, shared ones once, each with the role of its environment assumed once', async () => {
    seen(LIVE);
    const { err } = await release();
    const [body] = hub.sent('POST /releases') as SubmitBody[];
    const files = new Set(body?.bundle.stacks.flatMap(({ template, assets }) => [template, ...assets].map(({ bucket, key }) => `${bucket}/${key}`)));
    expect(new Set(aws.objects.keys())).toEqual(files);
    expect(files.size).toBe(6);
    expect(err).toContain('Published 6 files, 0 were there already');
    expect(aws.assumed.filter((role) => role === PUBLISHING_ROLE)).toHaveLength(1);
    expect((await release()).err).toContain('Published 0 files, 6 were there already');
  });

  test('what it declares about itself, each change once', async () => {
    seen(LIVE);
    await release(
      '--origin',
      'minor',
      '--change-class',
      'emergency',
      '--alters-schema',
      '--change',
      'altersSchema',
      '--change',
      'touchesPersonalData',
      '--needs-manual-test',
    );
    expect(hub.sent('POST /releases')).toEqual([
      expect.objectContaining({ origin: 'minor', changeClass: 'emergency', changes: ['altersSchema', 'needsManualTest', 'touchesPersonalData'] }),
    ]);
  });

  test('that it is meant to go through its path once more, only where that is said', async () => {
    seen(LIVE);
    await release('--again');
    await release();
    const [once, usually] = hub.sent('POST /releases') as SubmitBody[];
    expect([once?.again, usually?.again]).toEqual([true, undefined]);
  });

  test("the hub is looked up in the hub's own region, as the assembly names it", async () => {
    seen(LIVE);
    await release();
    expect(aws.parameterRegions).toEqual(['eu-west-2']);
  });

  test('requests are signed for execute-api with the credentials of the caller', async () => {
    seen(LIVE);
    await release();
    expect(hub.server.received[0]?.headers).toMatchObject({
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-2\/execute-api\/aws4_request, SignedHeaders=host;/),
      'x-amz-security-token': 'token',
    });
  });
});

test('slots for anywhere: the account and region of the caller take the place of the placeholders', async () => {
  seen(LIVE);
  const bucket = 'cdk-hnb659fds-assets-111111111111-us-east-1';
  aws.buckets.add(bucket);
  expect((await runPtl(['release', '1.4.2', '--assembly', fixture({ anywhere: true })])).code).toBe(0);
  const [body] = hub.sent('POST /releases') as SubmitBody[];
  expect(body?.bundle.stacks[0]?.template).toMatchObject({ bucket, region: 'us-east-1' });
  expect(aws.assumed).toEqual(['arn:aws:iam::111111111111:role/cdk-hnb659fds-file-publishing-role-111111111111-us-east-1']);
});

describe('ptl bundle', () => {
  test('prints just what ptl release would submit, and submits nothing', async () => {
    seen(LIVE);
    await release('--alters-schema');
    const [submitted] = hub.sent('POST /releases');
    const run = await runPtl(['bundle', '1.4.2', '--assembly', assemblyOf142(), '--alters-schema']);
    expect({ code: run.code, body: JSON.parse(run.out) }).toEqual({ code: 0, body: submitted });
    expect(hub.sent('POST /releases')).toHaveLength(1);
  });

  test('publishes when it is told to, and not otherwise', async () => {
    await runPtl(['bundle', '1.4.2', '--assembly', assemblyOf142()]);
    expect(aws.objects.size).toBe(0);
    const run = await runPtl(['bundle', '1.4.2', '--assembly', assemblyOf142(), '--publish']);
    expect(aws.objects.size).toBe(6);
    expect(run.err).toContain('Published 6 files, 0 were there already');
    expect(JSON.parse(run.out)).toMatchObject({ version: '1.4.2' });
  });

  test('refuses an assembly of another version', async () => {
    const run = await runPtl(['bundle', '1.4.3', '--assembly', assemblyOf142()]);
    expect(run.code).toBe(1);
    expect(run.err).toMatch(/1\.4\.2.*1\.4\.3|1\.4\.3.*1\.4\.2/s);
  });
});
