import { dirname } from 'node:path';
import { awsProblem, usualIdentity } from '../../cli/hub/aws';
import { UserError } from '../../cli/user-error';
import { CONTRACT_VERSION } from '../../lambda/contract';
import { exampleStatus } from './example-views';
import { Failing } from './fake-hub';
import { assemblyOf142, aws, fixture, hub, LIVE, release, seen, withAwsAndHub } from './release-world';
import { EXAMPLE_IDENTITY, type Run, runPtl } from './run-ptl';

withAwsAndHub();

describe('where the hub is', () => {
  function statusIn(directory: string, env: Readonly<Record<string, string>> = {}): Promise<Run> {
    hub.on('GET /status', exampleStatus());
    return runPtl(['status'], { directory, env });
  }

  test('the only path in cdk.out, in the region of its hub', async () => {
    expect((await statusIn(dirname(assemblyOf142()))).code).toBe(0);
    expect(aws.parameterRegions).toEqual(['eu-west-2']);
  });

  const inRegion = (region: string) => ({ ...EXAMPLE_IDENTITY, region: async () => region });
  const nowhereAtAll = { ...EXAMPLE_IDENTITY, region: () => Promise.reject(new UserError('NoRegion', 'no AWS region is set')) };

  test("an old cdk.out: looked for in the caller's own region first, where they are at work now", async () => {
    hub.on('GET /status', exampleStatus());
    const run = () => runPtl(['status'], { directory: dirname(assemblyOf142()), identity: inRegion('eu-west-3') });
    expect((await run()).code).toBe(0);
    expect(aws.parameterRegions).toEqual(['eu-west-3']);
    aws.emptyRegions.add('eu-west-3');
    expect((await run()).code).toBe(0);
    expect(aws.parameterRegions.slice(1)).toEqual(['eu-west-3', 'eu-west-2']);
    aws.emptyRegions.add('eu-west-2');
    const { err } = await run();
    expect(err).toContain('does not exist in eu-west-3 or eu-west-2. It belongs to account 111111111111');
    expect(err).toContain('--region or AWS_REGION');
  });

  test('--region is the only one that is looked in', async () => {
    hub.on('GET /status', exampleStatus());
    const directory = dirname(assemblyOf142());
    expect((await runPtl(['status', '--region', 'eu-north-1'], { directory })).code).toBe(0);
    aws.emptyRegions.add('eu-north-1');
    expect((await runPtl(['status', '--region', 'eu-north-1'], { directory })).err).toContain('does not exist in eu-north-1.');
    expect(aws.parameterRegions).toEqual(['eu-north-1', 'eu-north-1']);
    expect((await runPtl(['status', '--region', 'eu-north-1', '--path', 'Payments'], { directory, identity: nowhereAtAll })).err).toContain('eu-north-1');
  });

  test('--region comes before what the assembly of a release says, too', async () => {
    seen(LIVE);
    expect((await release('--region', 'eu-north-1')).code).toBe(0);
    expect(aws.parameterRegions).toEqual(['eu-north-1']);
  });

  test('without a region of one’s own, the one that cdk.out names; without that, it is asked for', async () => {
    hub.on('GET /status', exampleStatus());
    expect((await runPtl(['status'], { directory: dirname(assemblyOf142()), identity: nowhereAtAll })).code).toBe(0);
    expect(aws.parameterRegions).toEqual(['eu-west-2']);
    expect((await runPtl(['status', '--path', 'Payments'], { identity: nowhereAtAll })).err).toBe('ptl: no AWS region is set');
  });

  test('a release and a bundle without a region of one’s own ask who the caller is in the region of the hub that their assembly names', async () => {
    seen(LIVE);
    const { AWS_REGION, AWS_CONFIG_FILE } = process.env;
    delete process.env.AWS_REGION;
    process.env.AWS_CONFIG_FILE = '/nowhere/config';
    try {
      const bundle = await runPtl(['bundle', '1.4.2', '--assembly', assemblyOf142()], { identity: nowhereAtAll });
      expect({ code: bundle.code, err: bundle.err }).toEqual({ code: 0, err: '' });
      const run = await runPtl(['release', '1.4.2', '--assembly', assemblyOf142()], { identity: nowhereAtAll });
      expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: expect.stringContaining('Published') });
    } finally {
      Object.assign(process.env, { AWS_REGION }, AWS_CONFIG_FILE === undefined ? {} : { AWS_CONFIG_FILE });
      if (AWS_CONFIG_FILE === undefined) delete process.env.AWS_CONFIG_FILE;
    }
    const asked = aws.server.received.filter(({ body }) => body.includes('Action=GetCallerIdentity'));
    expect(asked.length).toBeGreaterThan(1);
    for (const { headers } of asked.slice(-2)) expect(headers.authorization).toContain('/eu-west-2/sts/');
  });

  test.each([
    'release',
    'bundle',
    'status',
  ])('without credentials ptl %s says so, as every command does, and before anything is synthesized', async (command) => {
    const problem = Object.assign(new Error('Could not load credentials from any providers'), { name: 'CredentialsProviderError' });
    const identity = { ...EXAMPLE_IDENTITY, credentials: () => Promise.reject(awsProblem(problem, 'reading your credentials')) };
    const { code, err } = await runPtl([command, ...(command === 'status' ? [] : ['1.4.2'])], { identity, env: { PTL_PATH: 'Payments' } });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^ptl: no AWS credentials were found \(reading your credentials\): .*log in/) });
  });

  test('a cdk.out of another ptl is in nobody’s way who says which path they mean', async () => {
    hub.on('GET /status', exampleStatus());
    const directory = dirname(fixture({ contract: CONTRACT_VERSION + 1 }));
    expect((await runPtl(['status', '--path', 'Payments'], { directory })).code).toBe(0);
    expect((await runPtl(['status'], { directory })).err).toContain('was synthesized for contract');
    aws.parameters.clear();
    expect((await runPtl(['status', '--path', 'Payments'], { directory })).err).toContain('does not exist in eu-west-2.');
  });

  test('who is refused is told who they are, by AWS itself', async () => {
    hub.on('GET /status', new Failing(403, { message: 'Forbidden' }));
    const { err } = await runPtl(['status'], { env: { PTL_PATH: 'Payments' }, identity: usualIdentity() });
    expect(err).toContain('IAM does not let arn:aws:iam::111111111111:user/pipeline ask the hub for GET /status');
  });

  test('a region where it may not be read is passed over; if that was the last, the policy is named', async () => {
    hub.on('GET /status', exampleStatus());
    aws.refusedRegions.add('eu-west-3');
    const run = () => runPtl(['status'], { directory: dirname(assemblyOf142()), identity: inRegion('eu-west-3') });
    expect((await run()).code).toBe(0);
    aws.emptyRegions.add('eu-west-2');
    expect(await run()).toMatchObject({
      code: 1,
      err: expect.stringMatching(/not allowed to read .*\/path-to-live\/Payments\/api-url in eu-west-3: .*at least Payments-read.*no identity-based policy/),
    });
  });

  test('several paths in cdk.out: PTL_PATH says which', async () => {
    const two = dirname(fixture({ paths: ['Payments', 'Refunds'] }));
    expect((await statusIn(two)).err).toContain('several paths to live: Payments, Refunds');
    expect((await statusIn(two, { PTL_PATH: 'Payments' })).code).toBe(0);
  });

  test('a path that is named, without any cdk.out', async () => {
    expect((await statusIn('/nowhere', { PTL_PATH: 'Payments' })).code).toBe(0);
    expect((await statusIn('/nowhere', { PTL_PATH: 'Refunds' })).err).toContain('the parameter /path-to-live/Refunds/api-url does not exist in eu-west-2');
  });
});
