import type { DoctorView, FindingView, RecoverView } from '../../lambda/contract';
import { Failing, FakeHub } from './fake-hub';
import { type Run, runPtl } from './run-ptl';

const hub = new FakeHub();
beforeAll(() => hub.server.start());
afterAll(() => hub.server.stop());
beforeEach(() => hub.forget());

const ptl = (...args: readonly string[]): Promise<Run> => runPtl(args, { env: { PTL_API_URL: hub.server.url } });

const WEIGHTS: FindingView = {
  kind: 'weights',
  environment: 'Production',
  subject: 'the live rule of Production',
  expected: 'blue 100',
  actual: 'green 100',
  since: '2026-11-20T16:00:00.000Z',
  by: 'recover',
  remedy: 'write blue 100 back',
  fingerprint: 'a1b2c3d4e5f60718',
};
const OUTBOX: FindingView = { ...WEIGHTS, kind: 'outbox', environment: undefined, subject: 'the outbox of the hub', since: undefined, remedy: 'deliver them' };
const BUSY: FindingView = { ...WEIGHTS, kind: 'stackBusy', by: 'time', remedy: 'wait' };
const GONE: FindingView = { ...WEIGHTS, kind: 'ruleGone', by: 'person', remedy: 'have it made anew' };
const view = (...findings: FindingView[]): DoctorView => ({ path: 'Payments', environments: ['Integration', 'Production'], findings });

describe('ptl doctor', () => {
  test('says that everything is as it must be, with exit code 0', async () => {
    hub.on('GET /doctor', view());
    expect(await ptl('doctor')).toMatchObject({
      code: 0,
      out: 'Path to live Payments: looked at Integration, Production\nEverything is as it must be.',
    });
  });

  test('says of each finding both values, since when and what to do, in lines that fit, with an exit code of its own', async () => {
    hub.on('GET /doctor', view(WEIGHTS, BUSY, GONE, OUTBOX));
    const { code, out } = await ptl('doctor');
    expect(code).toBe(6);
    expect(out).toContain(
      [
        'Production: weights',
        '  what      the live rule of Production',
        '  expected  blue 100',
        '  found     green 100',
        '  since     2026-11-20 16:00 UTC',
        '  do        ptl recover Production --reason "<why>" would write blue 100 back',
      ].join('\n'),
    );
    expect(out).toMatch(
      /stackBusy[\s\S]*do +nothing yet: wait[\s\S]*ruleGone[\s\S]*do +have it made anew\n[\s\S]*The hub: outbox[\s\S]*ptl recover <environment>/,
    );
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('looks at one environment', async () => {
    hub.on('GET /doctor/Production', { ...view(WEIGHTS), environments: ['Production'] });
    expect(JSON.parse((await ptl('doctor', 'Production', '--json')).out).findings).toEqual([WEIGHTS]);
  });

  test('what the hub refuses is passed on, with exit code 1', async () => {
    hub.on('GET /doctor/Prod', new Failing(404, { code: 'UnknownEnvironment', message: 'the path has no environment "Prod"' }));
    expect(await ptl('doctor', 'Prod')).toMatchObject({ code: 1, err: 'ptl: the path has no environment "Prod"' });
  });
});

describe('ptl recover', () => {
  const ask = (answer: Partial<RecoverView>) =>
    hub.on('POST /environments/Production/recover', { environment: 'Production', done: [], held: [], left: [], ...answer });
  const args = ['recover', 'Production', '--reason', 'INC0042'];

  test('says what was done, and that all is well, with exit code 0', async () => {
    ask({ done: ['gave Production to blue 100'] });
    expect(await ptl(...args)).toMatchObject({ code: 0, out: 'Done in Production:\n  - gave Production to blue 100\nEverything is as it must be.' });
    expect(hub.sent('POST /environments/Production/recover')).toEqual([{ reason: 'INC0042' }]);
  });

  test('says that there was nothing to do', async () => {
    ask({});
    expect(await ptl(...args)).toMatchObject({ code: 0, out: 'Production is as it must be; nothing was done.' });
  });

  test('says what could not be put right, and what is left, with the exit code of findings', async () => {
    ask({ held: ['1.0.0 has no healthy target'], left: [GONE] });
    const { code, out } = await ptl(...args);
    expect([code, out]).toEqual([
      6,
      expect.stringMatching(/^Could not be put right:\n {2}- 1\.0\.0 has no healthy target\nLeft, 1 not as it must be:\n\nProduction: ruleGone/),
    ]);
  });

  test('does not say that all is well where something could not be put right, and nothing else is found', async () => {
    ask({ done: ['delivered 1 of 2 that were left in the outbox'], held: ['not delivered: 7 to token: ThrottlingException'] });
    const { code, out } = await ptl(...args);
    const held = 'Could not be put right:\n  - not delivered: 7 to token: ThrottlingException';
    const done = 'Done in Production:\n  - delivered 1 of 2 that were left in the outbox';
    expect([code, out]).toEqual([6, `${done}\n${held}\nNothing else was found that is not as it must be.`]);
  });

  test('needs a reason, before the hub is asked', async () => {
    expect(await ptl('recover', 'Production')).toMatchObject({ code: 1, err: expect.stringContaining('--reason is missing') });
    expect(hub.server.received).toEqual([]);
  });

  test('is not sent twice where an answer is lost: the first may be at work', async () => {
    hub.on('POST /environments/Production/recover', new Failing(500, 'oops'));
    expect((await ptl(...args)).code).toBe(1);
    expect(hub.sent('POST /environments/Production/recover')).toHaveLength(1);
  });
});
