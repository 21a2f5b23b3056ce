import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { LegacyStackSynthesizer } from 'aws-cdk-lib';
import { CONTRACT_VERSION, type ReleaseView, type SubmitBody } from '../../lambda/contract';
import { DIGEST, event, exampleGate, exampleRelease, exampleStatus } from './example-views';
import { FakeAws } from './fake-aws';
import { Failing, FakeHub } from './fake-hub';
import { fixtureAssembly } from './fixture-assembly';
import { EXAMPLE_IDENTITY, type Run, runPtl } from './run-ptl';

const aws = new FakeAws();
const hub = new FakeHub();
const fixtures: string[] = [];
const PUBLISHING_ROLE = 'arn:aws:iam::333333333333:role/cdk-hnb659fds-file-publishing-role-333333333333-eu-west-1';
const BUCKETS = ['cdk-hnb659fds-assets-222222222222-eu-west-1', 'cdk-hnb659fds-assets-333333333333-eu-west-1'];
let assembly: string;

// Publishing signs and sends some thirty requests, which takes long beside everything else that is tested.
jest.setTimeout(30_000);

function fixture(...options: Parameters<typeof fixtureAssembly>): string {
  const directory = fixtureAssembly(...options);
  fixtures.push(dirname(directory));
  return directory;
}

beforeAll(async () => {
  await Promise.all([aws.server.start(), hub.server.start()]);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.server.url,
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'us-east-1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  assembly = fixture();
});

afterAll(async () => {
  await Promise.all([aws.server.stop(), hub.server.stop()]);
  for (const directory of fixtures) rmSync(directory, { recursive: true, force: true });
});

beforeEach(() => {
  hub.forget();
  aws.refusedRoles.clear();
  aws.emptyRegions.clear();
  aws.objects.clear();
  aws.assumed.length = 0;
  aws.parameterRegions.length = 0;
  aws.parameters.clear();
  aws.parameters.set('/path-to-live/Payments/api-url', hub.server.url);
  for (const bucket of BUCKETS) aws.buckets.add(bucket);
});

/** The release as the hub shows it look by look; the last look goes on for ever. */
function seen(...views: readonly Partial<ReleaseView>[]): void {
  hub.on('POST /releases', exampleRelease());
  hub.on('GET /releases/1.4.2', (_: unknown, times: number) => exampleRelease(views[Math.min(times, views.length) - 1]));
}

function release(...args: readonly string[]): Promise<Run> {
  return runPtl(['release', '1.4.2', '--assembly', assembly, ...args]);
}

const SUBMITTED = event(0, 'ReleaseSubmitted', { detail: { attempt: 1, firebreaks: ['Production'] } });
const LIVE: Partial<ReleaseView> = { status: 'live', activity: 'finished', now: 'live in Integration and Production' };
const WAITING: Partial<ReleaseView> = {
  activity: 'waitingForPeople',
  now: 'waits at the firebreak in front of Production for security',
  gates: [exampleGate()],
};
const failure = {
  step: 'Test the shadow of Integration',
  subject: 'test "GET /health"',
  expected: 'status 200',
  actual: 'status 500',
  logs: 'Payments-Integration-probe',
};
const STOPPED: Partial<ReleaseView> = {
  status: 'stopped',
  activity: 'finished',
  now: 'stopped in Integration',
  audit: [
    SUBMITTED,
    event(9, 'ReleaseStopped', { environment: 'Integration', detail: { failure } }),
    event(9, 'TicketRaised', { detail: { ticket: 'a1b2c3d4' } }),
  ],
};

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

describe('where the hub is', () => {
  function statusIn(directory: string, env: Readonly<Record<string, string>> = {}): Promise<Run> {
    hub.on('GET /status', exampleStatus());
    return runPtl(['status'], { directory, env });
  }

  test('the only path in cdk.out, in the region of its hub', async () => {
    expect((await statusIn(dirname(assembly))).code).toBe(0);
    expect(aws.parameterRegions).toEqual(['eu-west-2']);
  });

  test("an old cdk.out: also looked for in the caller's own region", async () => {
    aws.emptyRegions.add('eu-west-2');
    const identity = { ...EXAMPLE_IDENTITY, region: async () => 'eu-west-3' };
    hub.on('GET /status', exampleStatus());
    expect((await runPtl(['status'], { directory: dirname(assembly), identity })).code).toBe(0);
    expect(aws.parameterRegions).toEqual(['eu-west-2', 'eu-west-3']);
    aws.emptyRegions.add('eu-west-3');
    expect((await runPtl(['status'], { directory: dirname(assembly), identity })).err).toContain('does not exist in eu-west-2 or eu-west-3');
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

describe('how it ends', () => {
  test.each<[string, readonly string[], readonly Partial<ReleaseView>[], number, string]>([
    ['live', [], [{}, LIVE], 0, '1.4.2 is live in Integration and Production'],
    ['submitted', ['--until', 'submitted'], [{}], 0, '1.4.2 is submitted'],
    ['stopped', [], [STOPPED], 2, '1.4.2 stopped in Integration'],
    ['rolled back', [], [{ status: 'rolledBack', now: 'rolled back in Production' }], 3, '1.4.2 rolled back in Production'],
    ['waiting for people', [], [WAITING], 4, 'the firebreak in front of Production asks security, until 2026-12-04 16:05 UTC'],
    ['timed out', ['--timeout', '90s'], [{}], 5, 'goes on by itself'],
  ])('%s', async (_, args, views, code, says) => {
    seen(...views);
    const run = await release(...args);
    expect({ code: run.code, out: run.out }).toEqual({ code, out: expect.stringContaining(says) });
  });

  test('a release that waits is followed on with --wait-for-people', async () => {
    seen(WAITING, WAITING, LIVE);
    const run = await release('--wait-for-people');
    expect(run.code).toBe(0);
  });

  test('until shadow: reached when the go/no-go of the last environment is open, not at the firebreak in front of it', async () => {
    seen(WAITING);
    expect((await release('--until', 'shadow')).code).toBe(4);
    const environments: ReleaseView['environments'] = [
      { environment: 'Integration', state: 'live' },
      { environment: 'Production', state: 'shadow' },
    ];
    seen(
      { environments, gates: [exampleGate({ status: 'passed' })] },
      { environments, activity: 'waitingForPeople', gates: [exampleGate({ gate: 'goNoGo' })] },
    );
    const run = await release('--until', 'shadow');
    expect(run.code).toBe(0);
    expect(run.out).toContain('in the shadow of Production, tested');
    expect(run.out).toContain('$ ptl accept Production --release 1.4.2 --reason "<why>"');
  });

  test('a go/no-go that an earlier attempt left behind does not count', async () => {
    const environments: ReleaseView['environments'] = [{ environment: 'Production', state: 'shadow' }];
    const earlier = exampleGate({ gate: 'goNoGo', status: 'refused', openedAt: '2026-11-20T15:00:00.000Z' });
    seen({ environments, gates: [earlier] }, STOPPED);
    expect((await release('--until', 'shadow')).code).toBe(2);
  });

  test('the evidence of a failure is printed', async () => {
    seen(STOPPED);
    const { out } = await release();
    expect(out).toMatch(/what +test "GET \/health"\n +expected +status 200\n +actual +status 500\n +logs +Payments-Integration-probe\n +ticket +a1b2c3d4/);
  });

  test('a timeout is not overslept', async () => {
    seen({});
    expect((await release('--timeout', '90s')).slept).toBe(90_000);
  });
});

describe('progress', () => {
  const audit = [
    SUBMITTED,
    event(2, 'EnvironmentEntered', { environment: 'Integration', detail: { colour: 'blue' } }),
    event(65, 'TrafficShifted', { environment: 'Integration', detail: { colour: 'blue', percent: 100 } }),
    event(3700, 'GateRefused', {
      environment: 'Production',
      who: 'arn:aws:sts::111111111111:assumed-role/Product/ada',
      why: 'demo failed',
      detail: { gate: 'firebreak' },
    }),
  ];

  test('a line an event, once, in words, with the time since it was submitted', async () => {
    seen({ audit: audit.slice(0, 1) }, { audit: audit.slice(0, 3) }, { audit: audit.slice(0, 3) }, { ...LIVE, audit });
    const { err, out } = await release();
    expect(err.split('\n').slice(-4)).toEqual([
      '    0:00  1.4.2 submitted by Pipeline/run-7',
      '    0:02  Integration: 1.4.2 enters, for the slot blue',
      '    1:05  Integration: 100 percent of live traffic goes to 1.4.2, slot blue',
      ' 1:01:40  Production: refused at the firebreak by Product/ada: demo failed',
    ]);
    expect(out.split('\n')).toHaveLength(1);
  });

  test('what an earlier attempt did is not told again', async () => {
    hub.on(
      'POST /releases',
      exampleRelease({ ...LIVE, audit: [...audit, event(7200, 'ReleaseSubmitted', { detail: { attempt: 2, firebreaks: ['Production'] } })] }),
    );
    const { err } = await release();
    expect(err.split('\n').at(-1)).toBe('    0:00  1.4.2 submitted by Pipeline/run-7, attempt 2; there will be a firebreak in front of Production');
  });

  test('a long silence is broken, so that no pipeline takes it for stuck', async () => {
    seen({});
    const { err } = await release('--timeout', '10m');
    expect(err.match(/still: on its way to Integration/g)).toHaveLength(2);
  });

  test('none with --quiet', async () => {
    seen(LIVE);
    expect((await release('--quiet')).err).toBe('');
  });
});

describe('--json', () => {
  test('one document with outcome, exit code and who is asked', async () => {
    seen(WAITING);
    const { out, code } = await release('--json');
    expect(JSON.parse(out)).toMatchObject({
      version: '1.4.2',
      path: 'Payments',
      digest: DIGEST,
      outcome: 'waitingForPeople',
      exitCode: 4,
      waitingFor: [{ environment: 'Production', gate: 'firebreak', asked: ['security'], command: 'ptl accept Production --release 1.4.2 --reason "<why>"' }],
    });
    expect(code).toBe(4);
  });

  test('an error is a document too', async () => {
    hub.on('POST /releases', new Failing(409, { code: 'VersionTaken', message: 'the version "1.4.2" is registered with another digest' }));
    const { out, err, code } = await release('--json');
    expect(JSON.parse(out)).toEqual({ error: { code: 'VersionTaken', message: 'the version "1.4.2" is registered with another digest' }, exitCode: 1 });
    expect(err).toContain('ptl: the version "1.4.2" is registered with another digest');
    expect(code).toBe(1);
  });
});

describe('what is wrong is said in words, with exit code 1 and nothing submitted', () => {
  async function refused(args: readonly string[], says: RegExp): Promise<void> {
    const { code, err } = await runPtl(args);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(says) });
    expect(err).not.toMatch(/\n\s+at /);
    expect(hub.sent('POST /releases')).toEqual([]);
  }

  test.each([['1.4.2 rc'], [''], ['-1'], ['1/4'], ['x'.repeat(41)], ['unreleased']])('version %j', async (version) => {
    await refused(['release', '--assembly', assembly, '--', version], /the version ".*" cannot name a release; use 1-40 letters/);
  });

  test('an assembly for another version', () =>
    refused(['release', '1.4.3', '--assembly', assembly], /the assembly is for version "1\.4\.2", not for "1\.4\.3" \(stack Payments-Integration-Blue\)/));

  test('an assembly without a version', () =>
    refused(['release', '1.4.2', '--assembly', fixture({ version: 'unreleased' })], /was synthesized without a version.*cdk synth '\*\*' -c release=1\.4\.2/));

  test('an assembly without release stage', () =>
    refused(['release', '1.4.2', '--assembly', fixture({ environments: {} })], /no release stage for path "Payments"/));

  test('an assembly without a path to live', () => refused(['release', '1.4.2', '--assembly', fixture({ paths: [] })], /has no path to live/));

  test('no assembly', () => refused(['release', '1.4.2', '--assembly', 'nowhere'], /there is no assembly in "\/nowhere\/nowhere"/));

  test('an assembly of another contract', () =>
    refused(['release', '1.4.2', '--assembly', fixture({ contract: CONTRACT_VERSION + 1 })], /was synthesized for contract 2 .* knows 1/));

  test('slots whose templates are left to the CLI', () =>
    refused(
      ['release', '1.4.2', '--assembly', fixture({ synthesizer: () => new LegacyStackSynthesizer() })],
      /the template of stack "Payments-Integration-Blue" is not among its assets.*DefaultStackSynthesizer/,
    ));

  test('several paths, and none named', async () => {
    const two = fixture({ paths: ['Payments', 'Refunds'] });
    await refused(['release', '1.4.2', '--assembly', two], /several paths to live: Payments, Refunds; say which one with --path/);
    await refused(['release', '1.4.2', '--assembly', two, '--path', 'Pay'], /no path to live named "Pay"; it has: Payments, Refunds/);
  });

  test('no hub: its parameter is missing', async () => {
    aws.parameters.clear();
    await refused(
      ['release', '1.4.2', '--assembly', assembly],
      /the parameter \/path-to-live\/Payments\/api-url does not exist in eu-west-2.* account 111111111111/,
    );
    expect(aws.objects.size).toBe(0);
  });

  test('a publishing role that may not be assumed', async () => {
    aws.refusedRoles.add(PUBLISHING_ROLE);
    await refused(
      ['release', '1.4.2', '--assembly', assembly],
      new RegExp(`could not be published to ${BUCKETS[1]}.*not authorized.*${PUBLISHING_ROLE}.*--trust`),
    );
  });

  test('a bucket that is not there', async () => {
    aws.buckets.clear();
    await refused(['release', '1.4.2', '--assembly', assembly], /No bucket named .*bootstrapped/);
  });

  test.each([
    ['--timeout', '2', /--timeout is "2"; it must be a whole number above 0 with s, m, h or d/],
    ['--timeout', '0s', /--timeout is "0s"/],
    ['--until', 'done', /Allowed choices are submitted, shadow, live/],
    ['--origin', 'huge', /Allowed choices are major, minor/],
    ['--context', 'novalue', /key=value/],
    ['--chnge', 'x', /unknown option '--chnge'.*\n?.*--change/],
  ])('%s %s', async (option, value, says) => {
    await refused(['release', '1.4.2', option, value], says);
  });
});
