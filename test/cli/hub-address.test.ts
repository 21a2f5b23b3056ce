import { dirname } from 'node:path';
import { exampleStatus } from './example-views';
import { assemblyOf142, aws, fixture, hub, withAwsAndHub } from './release-world';
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

  test("an old cdk.out: also looked for in the caller's own region", async () => {
    aws.emptyRegions.add('eu-west-2');
    const identity = { ...EXAMPLE_IDENTITY, region: async () => 'eu-west-3' };
    hub.on('GET /status', exampleStatus());
    expect((await runPtl(['status'], { directory: dirname(assemblyOf142()), identity })).code).toBe(0);
    expect(aws.parameterRegions).toEqual(['eu-west-2', 'eu-west-3']);
    aws.emptyRegions.add('eu-west-3');
    expect((await runPtl(['status'], { directory: dirname(assemblyOf142()), identity })).err).toContain('does not exist in eu-west-2 or eu-west-3');
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
