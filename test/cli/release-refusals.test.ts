import { LegacyStackSynthesizer } from 'aws-cdk-lib';
import { CONTRACT_VERSION, type EnvironmentView, type StatusView } from '../../lambda/contract';
import { DIGEST, exampleRelease, exampleStatus } from './example-views';
import { Failing } from './fake-hub';
import { assemblyOf142, aws, BUCKETS, digestOf142, fixture, hub, PUBLISHING_ROLE, UNKNOWN_RELEASE, withAwsAndHub } from './release-world';
import { runPtl } from './run-ptl';

withAwsAndHub();

describe('what is wrong is said in words, with exit code 1 and nothing submitted', () => {
  async function refused(args: readonly string[], says: RegExp): Promise<void> {
    const { code, err } = await runPtl(args);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(says) });
    expect(err).not.toMatch(/\n\s+at /);
    expect(hub.sent('POST /releases')).toEqual([]);
  }

  test.each([['1.4.2 rc'], [''], ['-1'], ['1/4'], ['x'.repeat(41)], ['unreleased'], ['original']])('version %j', async (version) => {
    await refused(['release', '--assembly', assemblyOf142(), '--', version], /the version ".*" cannot name a release; use 1-40 letters/);
  });

  test('an assembly for another version', () =>
    refused(
      ['release', '1.4.3', '--assembly', assemblyOf142()],
      /the assembly is for version "1\.4\.2", not for "1\.4\.3" \(stack Payments-Integration-Blue\)/,
    ));

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
      ['release', '1.4.2', '--assembly', assemblyOf142()],
      /the parameter \/path-to-live\/Payments\/api-url does not exist in eu-west-2.* account 111111111111/,
    );
    expect(aws.objects.size).toBe(0);
  });

  test('a publishing role that may not be assumed', async () => {
    aws.refusedRoles.add(PUBLISHING_ROLE);
    await refused(
      ['release', '1.4.2', '--assembly', assemblyOf142()],
      new RegExp(`could not be published to ${BUCKETS[1]}.*not authorized.*${PUBLISHING_ROLE}.*--trust`),
    );
  });

  test('a bucket that is not there', async () => {
    aws.buckets.clear();
    await refused(['release', '1.4.2', '--assembly', assemblyOf142()], /No bucket named .*bootstrapped/);
  });

  test.each([
    ['--timeout', '2', /--timeout is "2"; it must be a whole number above 0 with s, m, h or d/],
    ['--timeout', '0s', /--timeout is "0s"/],
    ['--until', 'done', /^ptl: --until is "done"; it must be one of submitted, shadow, live; see ptl release --help$/],
    ['--origin', 'huge', /--origin is "huge"; it must be one of major, minor; see/],
    ['--context', "it's", /--context is "it's"; it must be key=value; see ptl release --help/],
    ['--chnge', 'x', /ptl release has no option "--chnge" \(did you mean "--change"\?\); it has --path, .*--quiet; see ptl release --help/],
    ['--json', 'another', /ptl release takes <version> besides its options, and got "1\.4\.2" "another"; leave the rest out, or put what has spaces in quotes/],
  ])('%s %s', async (option, value, says) => {
    await refused(['release', '1.4.2', option, value], says);
  });
});

test.each<[readonly string[], string]>([
  [['release'], 'ptl release needs <version>, and it is missing: the version, for example 1.4.2; see ptl release --help'],
  [
    ['accept', '--reason', 'ok'],
    'ptl accept needs <environment>, and it is missing: the environment the decision is about, for example Production; see ptl accept --help',
  ],
  [['tickets', '--path'], '--path has no value; it takes <name>, the path to live, where there are several; see ptl tickets --help'],
  [
    ['release', '1.4.2', '--assembly', 'cdk.out', '--app', 'node app.js'],
    '--assembly (what cdk synth wrote for this version, ready to be taken as it is) and --app (command that runs the CDK app) cannot be given together; leave one of the two out; see ptl release --help',
  ],
  ...['--emergency', '--fix-forward', '--replace-target'].map((option): [string[], string] => [
    ['release', '1.4.2', option, ' '],
    `${option} is " "; it must say why, in a sentence; see ptl release --help`,
  ]),
  [
    ['relase', '1.4.2'],
    'ptl has no command "relase" (did you mean "release"?); it has release, status, accept, refuse, resume, abort, roll-back, freeze, unfreeze, contract, tickets, doctor, recover, bundle, review, retire; see ptl --help',
  ],
  ...['aprove', 'approve'].map((word): [string[], string] => [
    [word, 'Production'],
    `ptl has no command "${word}" (did you mean "accept"?); it has release, status, accept, refuse, resume, abort, roll-back, freeze, unfreeze, contract, tickets, doctor, recover, bundle, review, retire; see ptl --help`,
  ]),
])('what cannot be understood is said as all else: %j', async (args, message) => {
  expect(await runPtl(args)).toMatchObject({ code: 1, out: '', err: `ptl: ${message}` });
  expect(JSON.parse((await runPtl([args[0] ?? '', '--json', ...args.slice(1)])).out)).toEqual({ error: { code: 'Usage', message }, exitCode: 1 });
});

describe('what the hub would refuse is refused before anything is published', () => {
  async function refusedEarly(code: string, says: RegExp, ...args: readonly string[]): Promise<void> {
    const run = await runPtl(['release', '1.4.2', '--assembly', assemblyOf142(), '--json', ...args]);
    expect(JSON.parse(run.out)).toEqual({ error: { code, message: expect.stringMatching(says) }, exitCode: 1 });
    expect(aws.objects.size).toBe(0);
    expect(hub.sent('POST /releases')).toEqual([]);
  }

  test('a misspelt change', async () => {
    hub.on('GET /status', exampleStatus({ changes: ['altersSchema', 'needsManualTest', 'movesMoney'] }));
    const says =
      /no firebreak of the path knows the change "movesMonei" \(did you mean "movesMoney"\?\); known are altersSchema, needsManualTest, movesMoney; .*Nothing was published/;
    await refusedEarly('UnknownChange', says, '--change', 'movesMonei', '--alters-schema');
  });

  test('a version that is registered with other content', async () => {
    hub.on('GET /releases/1.4.2', exampleRelease());
    await refusedEarly(
      'VersionTaken',
      new RegExp(`"1\\.4\\.2" is registered with digest ${DIGEST}, and this content has ${await digestOf142()}; a version never changes`),
    );
  });

  test('a version that is to go through its path once more, from other content', async () => {
    hub.on('GET /releases/1.4.2', exampleRelease());
    const says =
      /this is not the content of 1\.4\.2: check out the source it was built from and give the same --context, or .*--assembly\. Nothing was published$/;
    await refusedEarly('VersionTaken', says, '--again');
  });

  test('environments the path does not have as it is deployed', async () => {
    const [integration, production] = exampleStatus().environments as [EnvironmentView, EnvironmentView];
    hub.on('GET /status', exampleStatus({ environments: [{ ...integration, environment: 'Integrations' }, production] }));
    const says =
      /not for the path Payments as it is deployed: the path has no environment "Integration" \(did you mean "Integrations"\?\); the assembly has no slot for Integrations; the path has Integrations, Production\./;
    await refusedEarly('BundleIncomplete', says);
  });

  test('and what is known of neither is left to the hub: a change, of a hub that does not tell; what a registered version goes by', async () => {
    const views: [StatusView, unknown][] = [
      [exampleStatus(), UNKNOWN_RELEASE],
      [exampleStatus({ changes: [], environments: [] }), exampleRelease({ digest: await digestOf142() })],
    ];
    const body = { code: 'UnknownChange', message: 'said by the hub' };
    for (const [status, registered] of views) {
      hub.on('GET /status', status).on('GET /releases/1.4.2', registered).on('POST /releases', new Failing(400, body));
      const run = await runPtl(['release', '1.4.2', '--assembly', assemblyOf142(), '--change', 'movesMonei']);
      expect(run.err).toContain('said by the hub');
    }
    expect(hub.sent('POST /releases')).toHaveLength(2);
  });
});
