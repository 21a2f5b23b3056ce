import { DeleteObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import type { RetirementView } from '../../lambda/contract';
import { exampleStatus } from './example-views';
import { Failing, FakeHub } from './fake-hub';
import { type Run, runPtl } from './run-ptl';

const hub = new FakeHub();
const TEAMS = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/pay/73e2d6bc24d8a067';
const file = (key: string) => ({ bucket: 'cdk-assets-222222222222-eu-west-2', key, region: 'eu-west-2', hash: key });

beforeAll(() => hub.server.start());
afterAll(() => hub.server.stop());
beforeEach(() => hub.forget());

function ptl(...args: readonly string[]): Promise<Run> {
  return runPtl(args, { env: { PTL_API_URL: hub.server.url } });
}

function view(state: RetirementView['environments'][number]['state'], given: Partial<RetirementView> = {}): RetirementView {
  const environment = (name: string, goesTo: string) => ({
    environment: name,
    account: '222222222222',
    region: 'eu-west-2',
    live: state === 'retired' ? undefined : '1.4.1',
    goesTo,
    slots: [{ colour: 'blue', stackName: `Payments-${name}-Blue`, ...(state === 'inUse' && { version: '1.4.1' }) }],
    state,
  });
  return {
    path: 'Payments',
    problems: [],
    environments: [environment('Production', TEAMS)],
    files: [file('1.json'), file('2.zip')],
    releases: 2,
    ...given,
  };
}

const status = (retiring: boolean, live = 'blue', retiredAt?: string) => ({
  ...exampleStatus({ releases: [], openGates: [] }),
  environments: exampleStatus()
    .environments.slice(1)
    .map((each) => ({
      ...each,
      live: { colour: live, version: live === 'original' ? live : '1.4.1' },
      retiredAt,
      ...(retiring && { retiring: { by: 'on-call', at: '2026-11-20T16:00:00.000Z' } }),
    })),
});

describe('without --yes', () => {
  test('says what it would do, what stays and by which commands that goes, and asks the hub for nothing', async () => {
    hub.on('GET /retirement', view('inUse'));
    const { code, out } = await ptl('retire');
    expect(code).toBe(0);
    expect(out).toMatch(/Production +1\.4\.1 +targetgroup\/pay\/73e2d6bc24d8a067 +Payments-Production-Blue/);
    expect(out).toContain('Nothing was changed. Do it with: ptl retire --reason "<why>" --yes');
    expect(out).toContain('$ npx cdk destroy Payments/Production\n  $ npx cdk destroy Payments/Hub');
    expect(out).toContain('2 published files of 2 releases stay in cdk-assets-222222222222-eu-west-2.');
    expect(out).toContain('$ npx cdk gc aws://222222222222/eu-west-2 --unstable=gc');
    expect(
      Math.max(
        ...out
          .split('\n')
          .filter((line) => !line.includes('$ '))
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
    expect(hub.server.received.map(({ method }) => method)).toEqual(['GET']);
  });

  test('what is in the way is exit code 1', async () => {
    hub.on('GET /retirement', view('inUse', { problems: ['release 1.4.2 is in flight: let it end'] }));
    expect(await ptl('retire')).toMatchObject({ code: 1, out: expect.stringContaining('- release 1.4.2 is in flight: let it end') });
  });

  test('that users would get 503 is in the way until it is said', async () => {
    const [production] = view('inUse').environments;
    hub.on('GET /retirement', view('inUse', { environments: [{ ...production, goesTo: '503' } as RetirementView['environments'][number]] }));
    expect(await ptl('retire')).toMatchObject({ code: 1, out: expect.stringContaining('say --users-get-503 Production') });
    expect((await ptl('retire', '--users-get-503', 'Production')).code).toBe(0);
  });

  test('once it is under way nothing is, whoever gets 503: it was let begin', async () => {
    const [production] = view('retiring').environments;
    hub.on('GET /retirement', view('retiring', { environments: [{ ...production, goesTo: '503' } as RetirementView['environments'][number]] }));
    expect(await ptl('retire')).toMatchObject({ code: 0, out: expect.stringContaining('It is under way.') });
    expect(JSON.parse((await ptl('retire', '--json')).out).problems).toEqual([]);
  });

  test('commands are as ptl is called there', async () => {
    hub.on('GET /retirement', view('inUse'));
    const { out } = await runPtl(['retire'], { env: { PTL_API_URL: hub.server.url }, called: 'npx ptl' });
    expect(out.match(/npx ptl retire .*/g)).toEqual(['npx ptl retire --reason "<why>" --yes', 'npx ptl retire --json']);
  });

  test('--json lists every file', async () => {
    hub.on('GET /retirement', view('inUse'));
    expect(JSON.parse((await ptl('retire', '--json')).out).files).toEqual([file('1.json'), file('2.zip')]);
  });
});

describe('with --yes', () => {
  const args = ['retire', '--reason', 'moved', '--yes'];

  test('asks for it, tells how it goes, and ends with what is left', async () => {
    hub
      .on('POST /retirement', view('retiring'))
      .on(
        'GET /status',
        (_: unknown, times: number) => [status(true), status(true, 'original'), status(false, 'original', '2026-11-20T16:01:00.000Z')][times - 1],
      )
      .on('GET /retirement', view('retired'));
    const { code, out, err } = await ptl(...args, '--users-get-503', 'Integration');
    expect(hub.sent('POST /retirement')).toEqual([{ reason: 'moved', usersGet503: ['Integration'] }]);
    expect(err.split('\n')).toEqual([
      'Retiring has begun: no release is let in any more.',
      'Production: its users get what served before any release',
      'Production: its slots are removed',
    ]);
    expect([code, out.split('\n')[0]]).toEqual([0, 'The path to live Payments is retired.']);
  });

  test('that stopped on the way is exit code 2', async () => {
    hub.on('POST /retirement', view('retiring')).on('GET /status', status(false)).on('GET /retirement', view('inUse'));
    expect(await ptl(...args)).toMatchObject({ code: 2, out: expect.stringMatching(/^Stopped: Production could not be retired.*ptl tickets/) });
  });

  test('that is not done in time goes on without the command', async () => {
    hub.on('POST /retirement', view('retiring')).on('GET /status', status(true));
    expect(await ptl(...args, '--timeout', '10s')).toMatchObject({ code: 5, out: expect.stringContaining('goes on by itself') });
  });

  test('and no reason is refused before the hub is asked', async () => {
    expect(await ptl('retire', '--yes')).toMatchObject({ code: 1, err: expect.stringContaining('--reason is missing') });
    expect(hub.server.received).toEqual([]);
  });

  test('what the hub refuses is passed on', async () => {
    hub.on('POST /retirement', new Failing(409, { code: 'CannotRetire', message: 'the path cannot be retired now' }));
    expect(await ptl(...args)).toMatchObject({ code: 1, err: expect.stringContaining('the path cannot be retired now') });
  });
});

describe('with --remove-files', () => {
  const s3 = mockClient(S3Client);
  const sealed = (key: string, seal = `"${key}"`) => ({ ...file(key), seal });
  const named = (name: string, message = name) => Object.assign(new Error(message), { name });
  const args = ['retire', '--reason', 'moved', '--yes', '--remove-files'];

  beforeEach(() => {
    s3.reset();
    s3.on(HeadObjectCommand).callsFake(async ({ Key }: { Key: string }) => ({ ETag: `"${Key}"` }));
    s3.on(DeleteObjectCommand).resolves({});
    hub.on('POST /retirement', view('retiring')).on('GET /status', status(false, 'original', '2026-11-20T16:01:00.000Z'));
  });

  const removed = () => s3.commandCalls(DeleteObjectCommand).map(({ args: [{ input }] }) => input);

  test('says which first, and without --yes removes nothing', async () => {
    hub.on('GET /retirement', view('inUse', { files: [sealed('1.json'), sealed('2.zip')] }));
    const { code, out } = await ptl('retire', '--remove-files');
    expect([code, s3.calls()]).toEqual([0, []]);
    expect(out.replace(/\s+/g, ' ')).toContain(
      '3. remove 2 published files of 2 releases from cdk-assets-222222222222-eu-west-2, with your own rights. Files are named by the hash',
    );
    expect(out).toContain('Nothing was changed. Do it with: ptl retire --reason "<why>" --yes --remove-files');
    expect(out).not.toContain('cdk gc');
  });

  test('removes exactly what was registered, when all slots are gone', async () => {
    hub.on('GET /retirement', view('retired', { files: [sealed('1.json'), sealed('2.zip')] }));
    const { code, out } = await ptl(...args);
    expect(code).toBe(0);
    const Bucket = 'cdk-assets-222222222222-eu-west-2';
    expect(removed()).toEqual(['1.json', '2.zip'].map((Key) => ({ Bucket, Key, IfMatch: `"${Key}"` })));
    expect(out.replace(/\s+/g, ' ')).toContain('2 published files of 2 releases were removed from cdk-assets-222222222222-eu-west-2.');
    expect(out.replace(/\s+/g, ' ')).toMatch(/A bucket with versions.*Container images of slots, if there were any, stay/);
    const json = JSON.parse((await ptl(...args, '--json')).out);
    expect([json.outcome, json.removed.length, json.left]).toEqual(['retired', 2, []]);
  });

  test('leaves what is not what was registered, what nobody sealed and what it may not remove, and says so with exit code 2', async () => {
    hub.on('GET /retirement', view('retired', { files: [sealed('1.json', '"other"'), file('2.zip'), sealed('3.zip'), sealed('4.zip'), sealed('5.zip')] }));
    s3.on(HeadObjectCommand, { Key: '3.zip' }).rejects(named('NotFound'));
    s3.on(HeadObjectCommand, { Key: '4.zip' }).rejects(named('403', 'UnknownError'));
    const { code, out } = await ptl(...args);
    expect([code, removed().map(({ Key }) => Key)]).toEqual([2, ['5.zip']]);
    const flat = out.replace(/\s+/g, ' ');
    expect(flat).toContain('1 published files of 2 releases were removed from cdk-assets-222222222222-eu-west-2. 1 were not there any more.');
    expect(flat).toContain('3 are left:');
    expect(flat).toContain('1.json: it is not what was registered: its ETag is "1.json", not "other"');
    expect(flat).toContain('2.zip: the ledger knows no seal of it');
    expect(flat).toContain('4.zip: S3 refused: 403');
  });

  test('removes nothing where the retiring has stopped on the way', async () => {
    hub.on('GET /retirement', view('inUse', { files: [sealed('1.json')] }));
    expect((await ptl(...args)).code).toBe(2);
    expect(s3.calls()).toEqual([]);
  });
});
