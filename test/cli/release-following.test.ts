import type { ReleaseView } from '../../lambda/contract';
import { event, exampleGate, exampleRelease, exampleStatus } from './example-views';
import { Failing, HANGS_UP } from './fake-hub';
import { digestOf142, hub, LIVE, release, STOPPED, SUBMITTED, seen, WAITING, withAwsAndHub } from './release-world';

withAwsAndHub();

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
    hub.forget();
    hub.on('GET /status', exampleStatus());
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

  describe('a hub that does not answer for a while', () => {
    const away = (from: number, to: number, reply: unknown) => {
      seen({}, LIVE);
      let looks = 0;
      const views = hub.replyTo('GET /releases/1.4.2') as () => unknown;
      hub.on('GET /releases/1.4.2', () => {
        const view = views();
        looks += hub.sent('POST /releases').length > 0 ? 1 : 0;
        return looks >= from && looks < to ? reply : view;
      });
    };

    test.each<[string, unknown]>([
      ['is busy', new Failing(503, { code: 'Busy', message: 'a service the hub needs is busy' })],
      ['has an error', new Failing(500, { code: 'Unexpected', message: 'the hub could not do it' })],
      ['is throttled', new Failing(429, { message: 'Too Many Requests' })],
      ['hangs up', HANGS_UP],
      ['answers half', new Failing(200, '{"version":"1.4')],
    ])('and %s, is looked at again: the release goes on', async (_, reply) => {
      away(1, 9, reply);
      const { code, err } = await release();
      expect([code, err.match(/There is no answer/g)?.length]).toEqual([0, 1]);
      expect(err).toContain('Release 1.4.2 goes on whether or not it is followed; looking again.');
    });

    test('is given up in the end, and the release is not', async () => {
      away(1, 1_000, HANGS_UP);
      const { code, err, slept } = await release();
      expect({ code, err }).toEqual({
        code: 1,
        err: expect.stringContaining('; release 1.4.2 goes on whether or not it is followed: run the same command again'),
      });
      expect(slept).toBeGreaterThan(120_000);
    });

    test('ends when time is up, as any other', async () => {
      away(1, 1_000, HANGS_UP);
      const { code, out, slept } = await release('--timeout', '30s');
      expect({ code, out }).toEqual({ code: 5, out: expect.stringContaining('goes on by itself') });
      expect(slept).toBeLessThan(45_000);
    });

    test('what the hub refuses is no such thing', async () => {
      away(1, 1_000, new Failing(403, { message: 'Forbidden' }));
      expect((await release()).slept).toBeLessThan(5_000);
    });
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
      who: 'arn:aws:sts::111111111111:assumed-role/Product/on-call',
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
      ' 1:01:40  Production: refused at the firebreak by Product/on-call: demo failed',
    ]);
    expect(out.split('\n')).toHaveLength(1);
  });

  test('run again for a release that is on its way: what has happened is one line, what happens then is told as it comes', async () => {
    hub.on('POST /releases', exampleRelease({ audit: audit.slice(0, 3), now: 'waits at the firebreak in front of Production for product' }));
    hub.on('GET /releases/1.4.2', exampleRelease({ ...LIVE, audit, digest: await digestOf142() }));
    const lines = (await release()).err.split('\n');
    expect(lines.slice(lines.findIndex((line) => line.startsWith('Release 1.4.2')) + 1)).toEqual([
      'So far (since 2026-11-20 16:00 UTC, 3 events, the last at 2026-11-20 16:01 UTC): Integration: 100 percent of live traffic goes to 1.4.2, slot blue. All of them: ptl status 1.4.2',
      'Now following: waits at the firebreak in front of Production for product',
      ' 1:01:40  Production: refused at the firebreak by Product/on-call: demo failed',
    ]);
  });

  test('run again for a release that has ended: there is nothing to follow', async () => {
    hub.on('POST /releases', exampleRelease({ ...LIVE, audit }));
    const { err, code } = await release();
    expect(err.split('\n').at(-1)).toMatch(/^So far \(since .*4 events, .*17:01 UTC\): Production: refused/);
    expect(err).not.toContain('1:05');
    expect(code).toBe(0);
  });

  const ROLLED_BACK: Partial<ReleaseView> = {
    status: 'rolledBack',
    activity: 'finished',
    now: 'rolled back in Production',
    audit: [
      event(0, 'ReleaseSubmitted', { detail: { attempt: 2, firebreaks: [] } }),
      event(5400, 'ReleaseRolledBack', { environment: 'Production', why: 'wrong prices', detail: { ticket: 'a1b2c3' } }),
      event(5400, 'TicketRaised', { environment: 'Production', detail: { ticket: 'a1b2c3' } }),
    ],
  };

  test.each<[string, Partial<ReleaseView>, string]>([
    ['rolled back', ROLLED_BACK, 'attempt 2 of 1.4.2 was rolled back in Production at 2026-11-20 17:30 UTC, ticket a1b2c3: wrong prices; trying once more'],
    [
      'stopped',
      STOPPED,
      'attempt 1 of 1.4.2 stopped in Integration at 2026-11-20 16:00 UTC, ticket a1b2c3d4: test "GET /health": status 500; trying once more',
    ],
  ])('of one that was %s, tried once more: how the attempt before ended comes first', async (_, earlier, says) => {
    const digest = await digestOf142();
    hub.on('GET /releases/1.4.2', exampleRelease({ ...earlier, digest }));
    hub.on('POST /releases', exampleRelease({ ...LIVE, digest, execution: 'arn:aws:states:eu-west-2:111111111111:execution:Payments-path:1.4.2-3' }));
    const { err, code } = await release('--again');
    const lines = err.split('\n');
    expect(lines.slice(lines.indexOf(says))).toEqual([says, expect.stringMatching(/^Release 1\.4\.2 of Payments/), expect.stringContaining('submitted by')]);
    expect(code).toBe(0);
  });

  test.each<[string, Partial<ReleaseView>, readonly string[], number]>([
    ['rolled back', ROLLED_BACK, [], 3],
    ['rolled back, and only to be submitted', ROLLED_BACK, ['--until', 'submitted'], 3],
    ['refused', STOPPED, [], 2],
  ])('of one that was %s, which the hub does not try once more: how it ended, and what to say', async (_, ended, args, code) => {
    hub.on('GET /releases/1.4.2', exampleRelease({ ...ended, digest: await digestOf142() }));
    hub.on('POST /releases', new Failing(409, { code: 'NeedsAgain', message: 'release 1.4.2 was rolled back; say so: ptl release 1.4.2 --again' }));
    const run = await release(...args);
    expect(run).toMatchObject({ code, out: expect.stringMatching(new RegExp(`^1\\.4\\.2 ${ended.now} `)) });
    expect(run.out.replace(/\s+/g, ' ')).toContain('Not submitted once more: release 1.4.2 was rolled back; say so: ptl release 1.4.2 --again');
    expect(run.err).not.toContain('trying once more');
    expect(JSON.parse((await release('--json', ...args)).out)).toMatchObject({
      exitCode: code,
      outcome: ended.status,
      notSubmitted: expect.stringContaining('--again'),
    });
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
      digest: await digestOf142(),
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
