import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { run } from '../../rehearsal/emulator/run';
import { HELP, readOptions } from '../../rehearsal/verify/options';

const main = join(__dirname, '..', '..', 'rehearsal', 'verify', 'main.ts');
const NOWHERE = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true', AWS_PROFILE: undefined };
const ARGS = ['--account', '000000000000', '--region', 'eu-west-2'];

const verify = (args: readonly string[], env: NodeJS.ProcessEnv) =>
  run(process.execPath, ['--import', 'tsx', main, ...args], { env: { ...process.env, ...NOWHERE, ...env } });

describe('without credentials', () => {
  test('it says so, and what to do', async () => {
    const { status, said } = await verify(ARGS, { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined });
    expect(said).toMatch(/There are no AWS credentials that work here .*Nothing was done\. Sign in first, .*npm run rehearse does the same on a local AWS/s);
    expect(status).toBe(1);
  }, 60_000);
});

describe('with credentials', () => {
  const asked: string[] = [];
  let server: Server;
  const env = () => ({
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });

  /** As much of STS and CloudFormation as is asked before anything is done. */
  const ANSWERS: Readonly<Record<string, string>> = {
    GetCallerIdentity:
      '<GetCallerIdentityResult><Arn>arn:aws:iam::000000000000:user/somebody</Arn><UserId>u</UserId><Account>000000000000</Account></GetCallerIdentityResult>',
    DescribeStacks:
      '<DescribeStacksResult><Stacks><member><StackName>Payments-Hub</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks></DescribeStacksResult>',
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        const action = new URLSearchParams(body).get('Action') ?? '';
        asked.push(action);
        response.setHeader('content-type', 'text/xml').end(`<${action}Response>${ANSWERS[action] ?? ''}</${action}Response>`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => asked.splice(0));

  test('of another account than the one that is named, nothing is done', async () => {
    const { status, said } = await verify(['--account', '111111111111', '--region', 'eu-west-2', '--yes'], env());
    expect(said).toMatch(/of account 000000000000 \(arn:aws:iam::000000000000:user\/somebody\), and --account names 111111111111\. Nothing was done/);
    expect([status, asked]).toEqual([1, ['GetCallerIdentity']]);
  }, 60_000);

  test('it says what it would do and cost, and that nobody has run it, and waits for --yes', async () => {
    const { status, said } = await verify(ARGS, env());
    expect(said).toMatch(/In account 000000000000, region eu-west-2, as arn:aws:iam::000000000000:user\/somebody:/);
    expect(said).toMatch(
      /cdk bootstrap.*cdk deploy.*seven IAM roles.*three releases.*removed again.*It costs about USD.*This has not been run on a real account.*Add --yes to do it/s,
    );
    expect([status, asked]).toEqual([1, ['GetCallerIdentity']]);
  }, 60_000);

  test('stacks of the same name that are there already are left alone', async () => {
    const { status, said } = await verify([...ARGS, '--yes'], env());
    expect(said).toMatch(/there are stacks of this name already: Payments-Hub\. Nothing was done/);
    expect([status, asked]).toEqual([1, ['GetCallerIdentity', 'DescribeStacks']]);
  }, 60_000);
});

describe('its options', () => {
  test('are an account and a region', () => {
    expect(readOptions([...ARGS, '--yes'])).toEqual({ account: '000000000000', region: 'eu-west-2', yes: true, keep: false });
    expect([readOptions(['--help']), HELP.includes('nobody has run')]).toEqual([undefined, true]);
  });

  test.each<[string, string[], RegExp]>([
    ['no account', ['--region', 'eu-west-2'], /--account is ""; name the account to use, 12 digits/],
    ['half a region', ['--account', '000000000000', '--region', 'london'], /--region is "london"; name the region to use, for example --region eu-west-2/],
    ['something else', [...ARGS, '--fast'], /Unknown option '--fast'\. The options are --account, --region, --yes, --keep and --help/],
  ])('%s is refused', (_, args, message) => expect(() => readOptions(args)).toThrow(message));
});
