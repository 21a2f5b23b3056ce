import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleStatus } from './example-views';
import { Failing, FakeHub, HANGS_UP } from './fake-hub';
import { EXAMPLE_IDENTITY, type Run, runPtl } from './run-ptl';

const hub = new FakeHub();

beforeAll(() => hub.server.start());
afterAll(() => hub.server.stop());
beforeEach(() => hub.forget());

function ptl(...args: readonly string[]): Promise<Run> {
  return runPtl(args, { env: { PTL_API_URL: hub.server.url } });
}

describe('the hub does not answer as it should', () => {
  test("the hub's own refusal is passed on", async () => {
    hub.on('GET /releases/9.9.9', new Failing(404, { code: 'UnknownRelease', message: 'no release has the version "9.9.9"' }));
    expect(await ptl('status', '9.9.9')).toMatchObject({ code: 1, err: 'ptl: no release has the version "9.9.9"' });
    hub.on('GET /releases/9.9.8', new Failing(409, { code: 'AlreadyDecided', message: 'on-call said: no\n\u001b[2Kptl: accepted' }));
    expect(await ptl('status', '9.9.8')).toMatchObject({ code: 1, err: 'ptl: on-call said: no [2Kptl: accepted' });
  });

  test('a look is repeated after a lost connection and after errors of the hub', async () => {
    hub.on('GET /tickets', (_: unknown, times: number) => [HANGS_UP, new Failing(503, { code: 'Busy', message: 'busy' }), []][times - 1]);
    expect(await ptl('tickets')).toMatchObject({ code: 0, out: 'no tickets' });
  });

  test('but not for ever', async () => {
    hub.on('GET /tickets', HANGS_UP);
    const { code, err, slept } = await ptl('tickets');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`the hub's API at ${hub.server.url} does not answer`) });
    expect(hub.server.received).toHaveLength(5);
    expect(slept).toBe(6000);
  });

  test('a decision is never sent twice', async () => {
    hub.on('GET /status', exampleStatus()).on('POST /releases/1.4.2/decisions', HANGS_UP);
    expect((await ptl('accept', 'Production', '--reason', 'ok')).code).toBe(1);
    expect(hub.sent('POST /releases/1.4.2/decisions')).toHaveLength(1);
  });

  test('unless it was throttled: then nobody has heard it', async () => {
    hub
      .on('GET /status', exampleStatus())
      .on('POST /releases/1.4.2/abort', (_: unknown, times: number) =>
        times < 3 ? new Failing(429, { message: 'Too Many Requests' }) : exampleStatus().releases[0],
      );
    expect(await ptl('abort', '1.4.2', '--reason', 'late')).toMatchObject({ code: 0, out: expect.stringContaining('aborted release 1.4.2') });
    hub.on('POST /releases/1.4.2/abort', new Failing(429, { message: 'Too Many Requests' }));
    expect(await ptl('abort', '1.4.2', '--reason', 'late')).toMatchObject({ code: 1, err: expect.stringContaining('429') });
    expect(hub.sent('POST /releases/1.4.2/abort')).toHaveLength(8);
  });

  test.each<[number, unknown, RegExp]>([
    [404, { message: 'Not Found' }, /there is no GET \/tickets at .*is this the URL of the hub's API/],
    [500, '<html>', /could not answer GET \/tickets: 500 "<html>"/],
    [200, '<html>welcome</html>', /could not answer GET \/tickets: 200/],
  ])('%i %j', async (status, body, says) => {
    hub.on('GET /tickets', new Failing(status, body));
    const { code, err } = await ptl('tickets');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(says) });
  });
});

describe('something else answers, and says yes to everything', () => {
  const REASON = ['--reason', 'late'] as const;

  test.each<[string, readonly string[]]>([
    ['GET /status', ['status']],
    ['GET /releases/1.4.2', ['status', '1.4.2']],
    ['GET /tickets', ['tickets']],
    ['GET /doctor', ['doctor']],
    ['POST /releases/1.4.2/decisions', ['accept', 'Production', ...REASON]],
    ['POST /releases/1.4.2/abort', ['abort', '1.4.2', ...REASON]],
    ['POST /environments/Production/roll-back', ['roll-back', 'Production', ...REASON]],
    ['POST /environments/Production/freeze', ['freeze', 'Production', ...REASON]],
    ['POST /environments/Production/unfreeze', ['unfreeze', 'Production', ...REASON]],
    ['POST /environments/Production/recover', ['recover', 'Production', ...REASON]],
    ['POST /environments/Production/contract', ['contract', 'Production', ...REASON]],
    ['GET /retirement', ['retire']],
  ])('%s is not taken for done', async (route, args) => {
    for (const body of [{}, 'ok', null, { message: 'ok' }, ...(args[0] === 'tickets' ? [] : [[]])]) {
      hub.on('GET /status', exampleStatus()).on(route, body);
      const { code, err, out } = await ptl(...args);
      const says = `ptl: what answers ${route} at ${hub.server.url} is not the hub: 200 ${JSON.stringify(JSON.stringify(body))}; check the network`;
      expect({ code, err: err.replaceAll('\n', ' '), out }).toEqual({ code: 1, err: expect.stringContaining(says), out: '' });
    }
  });
});

describe('IAM does not let somebody', () => {
  const FORBIDDEN = new Failing(403, { message: 'Forbidden' });
  const refusedTo = (who: string | undefined, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runPtl(args, { env: { PTL_API_URL: hub.server.url, PTL_PATH: 'Payments', ...env }, identity: { ...EXAMPLE_IDENTITY, who: async () => who } });
  const ON_CALL = 'arn:aws:sts::111111111111:assumed-role/Product/on-call';

  test.each<[string, readonly string[], string, RegExp]>([
    [
      'look',
      ['tickets'],
      'GET /tickets',
      /let \S+Product\/on-call ask the hub for GET \/tickets \(to look at .*\): attach .* Payments-read to the role Product/,
    ],
    [
      'accept',
      ['accept', 'Production', '--reason', 'ok'],
      'POST /releases/1.4.2/decisions',
      /POST \/releases\/1\.4\.2\/decisions \(to accept and refuse releases\): ask a member of the party that is asked, .*; if it is your part, attach .* Payments-decide/,
    ],
    ['refuse', ['refuse', 'Production', '--reason', 'no'], 'POST /releases/1.4.2/decisions', /Payments-decide/],
    [
      'abort',
      ['abort', '1.4.2', '--reason', 'late'],
      'POST /releases/1.4.2/abort',
      /\(to resume, abort and roll back releases, freeze environments, and contract the shared state\): ask a release manager; if it is your part, attach .* Payments-manage/,
    ],
    ['contract', ['contract', 'Production', '--reason', 'late'], 'POST /environments/Production/contract', /Payments-manage/],
    ['roll back', ['roll-back', 'Production', '--reason', 'late'], 'POST /environments/Production/roll-back', /Payments-manage/],
  ])('%s: who, what, whom to ask, and then the policy that allows it', async (_, args, route, says) => {
    hub.on('GET /status', exampleStatus()).on(route, FORBIDDEN);
    const { code, err } = await refusedTo(ON_CALL, args);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(says) });
    expect(err).not.toContain('Forbidden');
  });

  test('and what the API answered is there with --debug', async () => {
    hub.on('GET /tickets', FORBIDDEN);
    expect((await refusedTo(ON_CALL, ['tickets', '--debug'])).err).toMatch(
      /UserError: IAM does not let [\s\S]*\[cause\]: Error: the API answered 403 .*Forbidden/,
    );
  });

  test('a user is named as one; who is not known is not guessed; nor is the path', async () => {
    hub.on('GET /tickets', FORBIDDEN);
    expect((await refusedTo('arn:aws:iam::111111111111:user/service-manager', ['tickets'])).err).toContain('Payments-read to that user');
    expect((await refusedTo(undefined, ['tickets'])).err).toContain('let whoever your credentials are of ask the hub');
    expect((await refusedTo(ON_CALL, ['tickets'], { PTL_PATH: '' })).err).toContain('managed policy <path>-read');
  });

  test('and --json has the same', async () => {
    hub.on('GET /tickets', FORBIDDEN);
    expect(JSON.parse((await refusedTo(ON_CALL, ['tickets', '--json'])).out)).toMatchObject({
      error: { code: 'AccessDenied', message: expect.stringContaining('Payments-read') },
      exitCode: 1,
    });
  });
});

describe('who and where', () => {
  test.each([['http:/x'], ['payments'], ['ftp://x']])('PTL_API_URL=%s', async (url) => {
    expect(await runPtl(['status'], { env: { PTL_API_URL: url } })).toMatchObject({
      code: 1,
      err: expect.stringContaining(`PTL_API_URL is "${url}", which is no URL`),
    });
  });

  test('no path is named and there is no cdk.out', async () => {
    expect(await runPtl(['status'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('name it with --path <name> or the environment variable PTL_PATH'),
    });
  });

  test('no path is named, and the app there was not synthesized', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ptl-app-'));
    try {
      writeFileSync(join(directory, 'cdk.json'), '{}');
      expect(await runPtl(['status'], { directory })).toMatchObject({
        code: 1,
        err: "ptl: there is no cdk.out here to read the path to live from: run cdk synth '**', or name the path with --path <name> or PTL_PATH",
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('no credentials', async () => {
    const credentials = () => Promise.reject(Object.assign(new Error('Could not load credentials from any providers'), { name: 'CredentialsProviderError' }));
    const run = await runPtl(['status', '--json'], { env: { PTL_API_URL: hub.server.url }, identity: { ...EXAMPLE_IDENTITY, credentials } });
    expect(run.err).toContain('no AWS credentials were found');
    expect(JSON.parse(run.out)).toMatchObject({ error: { code: 'NoCredentials' }, exitCode: 1 });
  });

  test('an error nobody thought of shows no stack, unless it is asked for', async () => {
    const credentials = () => Promise.reject(new RangeError('out of luck'));
    const options = { env: { PTL_API_URL: hub.server.url }, identity: { ...EXAMPLE_IDENTITY, credentials } };
    expect((await runPtl(['status'], options)).err).toMatch(/^ptl: out of luck \(.*--debug.*\)$/);
    expect((await runPtl(['status', '--debug'], options)).err).toMatch(/RangeError: out of luck\n\s+at /);
  });
});
