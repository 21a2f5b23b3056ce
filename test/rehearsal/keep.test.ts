import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../rehearsal/emulator/environment';
import { hiddenCurl, whatToTry } from '../../rehearsal/keep';
import type { People, Person } from '../../rehearsal/people/people';
import { curlConfig } from '../../rehearsal/people/shell-file';
import type { LocalWorld } from '../../rehearsal/world';

const root = join(__dirname, '..', '..');
const HIDDEN = {
  url: 'http://production.eu-west-2.elb.amazonaws.com',
  headers: { 'x-path-to-live-slot': 'green' },
  secretHeaders: { 'x-path-to-live-key': 'path-to-live/Payments/Production/hidden/green' },
  access: 'whoever sends the key',
};

describe('what --keep offers', () => {
  const state = mkdtempSync(join(tmpdir(), "keep's-"));
  const adminEnv = childEnvironment({ PATH: process.env.PATH }, 4566, '/a folder/names.cjs');
  let lines: string[];

  const person = (name: string): Person => ({
    name,
    env: { ...adminEnv, AWS_PROFILE: undefined, AWS_ACCESS_KEY_ID: `${name}Id`, AWS_SECRET_ACCESS_KEY: `${name}Key`, AWS_SESSION_TOKEN: `${name}Token` },
    role: { arn: `arn:aws:iam::000000000000:role/${name}`, managedPolicyArns: [] },
  });
  const people: People = {
    pipeline: person('PaymentsPipeline'),
    parties: new Map([
      ['Service management', person('ServiceManagement')],
      ['Product', person('Product')],
    ]),
    changeAuthority: person('ChangeAuthority'),
    releaseManager: person('ReleaseManager'),
    tester: person('Tester'),
    serviceDesk: person('ServiceDesk'),
  };
  const everybody = ['ChangeAuthority', 'PaymentsPipeline', 'Product', 'ReleaseManager', 'ServiceDesk', 'ServiceManagement', 'Tester', 'administrator'];

  beforeAll(async () => {
    const production = { environment: 'Production', account: '000000000000', region: 'eu-west-2' };
    const aws = { endpoint: 'http://127.0.0.1:4566', env: adminEnv, log: join(state, 'emulator.log'), calls: join(state, 'calls.jsonl') };
    const hub = { status: async () => ({ environments: [{ environment: 'Production', shadow: { version: '1.2.0', hiddenUrl: HIDDEN } }] }) };
    const frontDoors = new Map([['Production', { url: HIDDEN.url }]]);
    const world = { root, state, aws, people, hub, path: 'Payments', plans: [production], production, frontDoors, context: ['bakeSeconds=4'] };
    lines = await whatToTry(world as unknown as LocalWorld);
  });

  /** The variables of a shell that has sourced somebody's file. */
  function sourced(name: string, before: NodeJS.ProcessEnv): Record<string, string> {
    const script = '. "$1" && env -0';
    const printed = execFileSync('sh', ['-c', script, 'sh', join(state, 'people', `${name}.env`)], {
      env: { PATH: process.env.PATH, ...before },
      encoding: 'utf8',
    });
    return Object.fromEntries(
      printed
        .split('\0')
        .filter(Boolean)
        .map((line) => line.split(/=(.*)/s).slice(0, 2)),
    );
  }

  test('there is a file for everybody', () => {
    expect(readdirSync(join(state, 'people')).sort()).toEqual(['.curlrc', ...everybody.map((name) => `${name}.env`)]);
  });

  describe.each(everybody)('a shell that sources the file of %s', (name) => {
    test.each([
      ['nothing of AWS is set', {}],
      ['a profile is set', { AWS_PROFILE: 'production', AWS_DEFAULT_PROFILE: 'production' }],
      [
        'more leads elsewhere',
        { AWS_SESSION_TOKEN: 'real', AWS_ENDPOINT_URL_DYNAMODB: 'https://real', PTL_API_URL: 'https://real', HTTPS_PROXY: 'http://proxy' },
      ],
    ])('talks to the local AWS as them where %s before', (_, before) => {
      const shell = sourced(name, before);
      for (const gone of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_ENDPOINT_URL_DYNAMODB', 'PTL_API_URL', 'HTTPS_PROXY'])
        expect(shell).not.toHaveProperty(gone);
      expect(Object.values(shell)).not.toContain('undefined');
      expect(shell).toMatchObject({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', PTL_PATH: 'Payments', NODE_OPTIONS: '--require "/a folder/names.cjs"' });
      const own = name === 'administrator' ? ['test', undefined] : [`${name}Id`, `${name}Token`];
      expect([shell.AWS_ACCESS_KEY_ID, shell.AWS_SESSION_TOKEN]).toEqual(own);
    });
  });

  test('a release goes through its firebreak, live and back, with everybody at the time they are asked', () => {
    const acts = lines.flatMap(
      (line) => /people\/(\w+)\.env(?! *#)/.exec(line)?.[1] ?? /ptl\.js (release \S+ \S+|accept|resume|roll-back \S+)/.exec(line)?.[1] ?? [],
    );
    expect(acts.slice(0, 17)).toEqual([
      ...['PaymentsPipeline', 'release 1.3.0 --alters-schema', 'ServiceManagement', 'accept', 'Product', 'accept', 'ReleaseManager', 'resume'],
      ...['PaymentsPipeline', 'release 1.3.0 --alters-schema', 'ChangeAuthority', 'accept', 'PaymentsPipeline', 'release 1.3.0 --alters-schema'],
      ...['ReleaseManager', 'roll-back Production', 'PaymentsPipeline'],
    ]);
  });

  test('an emergency that goes forward, and a freeze that is ended, are among what there is to try', () => {
    const commands = lines.flatMap((line) => /ptl\.js ((?:release 1\.4|freeze|unfreeze).*)/.exec(line)?.[1] ?? []);
    expect(commands).toEqual([
      expect.stringMatching(/^release 1\.4\.0 --context service=\S+1\.0\.0 --context migrations=\S+ --context bakeSeconds=4 +# until the go\/no-go asks$/),
      expect.stringMatching(
        /^release 1\.4\.1 --emergency "[^"]+" --fix-forward "[^"]+" --context service=\S+1\.0\.0 --context migrations=\S+ --context bakeSeconds=4$/,
      ),
      'freeze Production --reason "sale, CHG0042"',
      'unfreeze Production --reason "sale is over"',
    ]);
  });

  test('what is in the shadow is looked at before the next release takes its slot', () => {
    const [shadow, release] = [/x-path-to-live-key/, /release 1\.3\.0/].map((what) => lines.findIndex((line) => what.test(line)));
    expect(shadow).toBeGreaterThan(0);
    expect(shadow).toBeLessThan(release ?? 0);
  });

  test('1.0.0 goes once more through its path, with what it was built from', () => {
    const again = lines.find((line) => line.includes('--again')) ?? '';
    expect(again).toMatch(/release 1\.0\.0 --again --context service=\S+1\.0\.0 --context migrations=\S+ --context bakeSeconds=4$/);
    const [service = '', migrations = ''] = [...again.matchAll(/--context (?:service|migrations)=(\S+)/g)].map(([, folder]) => folder);
    expect(readFileSync(join(service, 'index.js'), 'utf8')).toMatch('// 1.0.0');
    expect(existsSync(migrations) && readdirSync(migrations)).toEqual([]);
  });
});

test('a hidden URL is asked as ptl status says, with the key read in place', () => {
  expect(hiddenCurl(HIDDEN, 'eu-west-2')).toBe(
    "curl -i -H 'x-path-to-live-slot: green' " +
      '-H "x-path-to-live-key: $(aws secretsmanager get-secret-value --secret-id path-to-live/Payments/Production/hidden/green --region eu-west-2 --query SecretString --output text)" ' +
      'http://production.eu-west-2.elb.amazonaws.com/pay',
  );
});

test('curl finds the load balancers where the local AWS listens, and nothing else there', () => {
  const urls = ['http://a.eu-west-2.elb.amazonaws.com', 'http://b.eu-west-2.elb.amazonaws.com'];
  expect(curlConfig(urls, 'http://127.0.0.1:4566')).toBe(
    'connect-to = "a.eu-west-2.elb.amazonaws.com::127.0.0.1:4566"\nconnect-to = "b.eu-west-2.elb.amazonaws.com::127.0.0.1:4566"\n',
  );
});
