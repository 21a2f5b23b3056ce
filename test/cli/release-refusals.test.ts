import { LegacyStackSynthesizer } from 'aws-cdk-lib';
import { CONTRACT_VERSION } from '../../lambda/contract';
import { assemblyOf142, aws, BUCKETS, fixture, hub, PUBLISHING_ROLE, withAwsAndHub } from './release-world';
import { runPtl } from './run-ptl';

withAwsAndHub();

describe('what is wrong is said in words, with exit code 1 and nothing submitted', () => {
  async function refused(args: readonly string[], says: RegExp): Promise<void> {
    const { code, err } = await runPtl(args);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(says) });
    expect(err).not.toMatch(/\n\s+at /);
    expect(hub.sent('POST /releases')).toEqual([]);
  }

  test.each([['1.4.2 rc'], [''], ['-1'], ['1/4'], ['x'.repeat(41)], ['unreleased']])('version %j', async (version) => {
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
    ['--until', 'done', /Allowed choices are submitted, shadow, live/],
    ['--origin', 'huge', /Allowed choices are major, minor/],
    ['--context', 'novalue', /key=value/],
    ['--chnge', 'x', /unknown option '--chnge'.*\n?.*--change/],
  ])('%s %s', async (option, value, says) => {
    await refused(['release', '1.4.2', option, value], says);
  });
});
