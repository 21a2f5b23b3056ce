import type { EnvironmentView, GateView, ReleaseView } from '../../lambda/contract';
import { DIGEST, EXAMPLE_TICKET, event, exampleGate, exampleRelease, exampleStatus } from './example-views';
import { Failing, FakeHub } from './fake-hub';
import { type Run, runPtl } from './run-ptl';

const hub = new FakeHub();

beforeAll(() => hub.server.start());
afterAll(() => hub.server.stop());
beforeEach(() => hub.forget());

function ptl(...args: readonly string[]): Promise<Run> {
  return runPtl(args, { env: { PTL_API_URL: hub.server.url } });
}

describe('ptl status', () => {
  test('what is live where, what is under way, who is asked and how to reach the shadow', async () => {
    hub.on('GET /status', exampleStatus());
    const { code, out } = await ptl('status');
    expect(out.split('\n')).toEqual([
      'Path to live Payments',
      '',
      'ENVIRONMENT  LIVE           BEFORE        SHADOW         TRAFFIC      BUSY WITH',
      'Integration  1.4.2 (green)  1.4.1 (blue)  -              green 100 %  -',
      'Production   1.4.1 (blue)   -             1.4.2 (green)  blue 100 %   1.4.2',
      '',
      'Under way',
      '  1.4.2  waits at the firebreak in front of Production for security',
      '',
      'Waiting for people',
      '  Release 1.4.2 at the firebreak in front of Production',
      `    digest    ${DIGEST}`,
      '    until     2026-12-04 16:05 UTC',
      '    product   accepted (Product/on-call, 2026-11-20 16:10 UTC): demo went well',
      '    security  is asked',
      '    $ ptl accept Production --release 1.4.2 --reason "<why>"',
      '',
      'Try the shadow',
      '  Production, 1.4.2: http://production.example (whoever sends the key)',
      '    $ curl -i \\',
      "        -H 'x-path-to-live-slot: green' \\",
      '        -H "x-path-to-live-key: $(aws secretsmanager get-secret-value \\',
      "          --secret-id 'path-to-live/Payments/Production/hidden/green' --region eu-west-1 \\",
      '          --query SecretString --output text)" \\',
      "        'http://production.example/'",
      '    The key is read in account 333333333333, by who has the managed policy',
      '    Payments-Production-try.',
    ]);
    expect(code).toBe(0);
  });

  test('nothing is under way: only the environments', async () => {
    const [integration] = exampleStatus().environments;
    hub.on('GET /status', exampleStatus({ environments: integration ? [integration] : [], releases: [], openGates: [] }));
    expect((await ptl('status')).out.split('\n')).toHaveLength(4);
  });

  test('a slot without a release that is under way is nothing to try', async () => {
    const environments = exampleStatus().environments.map(({ lockedBy: _, ...each }) => each);
    hub.on('GET /status', exampleStatus({ environments }));
    const { out } = await ptl('status');
    expect(out).toContain('Production   1.4.1 (blue)   -             1.4.2 (green)');
    expect(out).not.toContain('Try the shadow');
    hub.on('GET /status', exampleStatus({ environments: environments.map((each) => ({ ...each, lockedBy: '1.4.3' })) }));
    expect((await ptl('status')).out).not.toContain('curl');
  });

  test('commands are as ptl is called there; in JSON they are not', async () => {
    hub.on('GET /status', exampleStatus()).on('GET /releases/1.4.2', exampleRelease({ gates: [exampleGate()] }));
    const run = (...args: readonly string[]) => runPtl(args, { env: { PTL_API_URL: hub.server.url }, called: 'node bin/ptl.js' });
    expect((await run('status')).out).toContain('\n    $ node bin/ptl.js accept Production --release 1.4.2 --reason "<why>"\n');
    expect((await run('status', '1.4.2')).out).toContain('\n  $ node bin/ptl.js accept Production --release 1.4.2');
    expect((await run('status', '--help')).out).toContain('  $ node bin/ptl.js status 1.4.2');
    expect((await run('--help')).out).toContain('  $ node bin/ptl.js roll-back Production');
    hub.on('POST /releases/1.4.2/abort', exampleRelease());
    expect((await run('abort', '1.4.2', '--reason', 'late')).out).toContain('See how it ends with: node bin/ptl.js status 1.4.2');
    expect(JSON.parse((await run('status', '--json')).out)).toEqual(exampleStatus());
  });

  test('what is live and cannot be rolled back, why, and what to do instead', async () => {
    const why = 'release 1.4.3 took the slot green at 2026-11-20T16:00:00.000Z from 1.4.0, the version that was live before 1.4.1';
    const commands = ['ptl abort 1.4.3 --reason "<why>"', 'ptl release 1.4.0 --again'];
    const environments = exampleStatus().environments.map((each) =>
      each.environment === 'Production'
        ? { ...each, noWayBack: { why, instead: 'to have 1.4.0 live again, take it through its path once more', commands } }
        : each,
    );
    hub.on('GET /status', exampleStatus({ environments }));
    const lines = (await ptl('status')).out.split('\n');
    const at = lines.indexOf('Cannot be rolled back');
    expect(lines.slice(at, at + 6)).toEqual([
      'Cannot be rolled back',
      '  Production: release 1.4.3 took the slot green at 2026-11-20 16:00 UTC from',
      '              1.4.0, the version that was live before 1.4.1; to have 1.4.0 live',
      '              again, take it through its path once more',
      '    $ ptl abort 1.4.3 --reason "<why>"',
      '    $ ptl release 1.4.0 --again',
    ]);
  });

  test('the story of one version', async () => {
    const audit = [
      event(0, 'ReleaseSubmitted', { detail: { attempt: 1, firebreaks: ['Production'] } }),
      event(300, 'FirebreakOpened', { environment: 'Production', detail: { parties: [{ name: 'product' }, { name: 'security' }] } }),
    ];
    hub.on('GET /releases/1.4.2', exampleRelease({ changes: ['altersSchema'], gates: [exampleGate()], audit, now: 'waits' }));
    const { out } = await ptl('status', '1.4.2');
    expect(out).toContain('Release 1.4.2: waits');
    expect(out).toContain('change     major, normal, altersSchema');
    expect(out).toContain('2026-11-20 16:05:00  Production: firebreak, waits for product and security');
  });

  test('of which the gates of an attempt before are no part', async () => {
    const old = exampleGate({ gate: 'goNoGo', openedAt: '2026-11-20T15:59:59.000Z' });
    hub.on('GET /releases/1.4.2', exampleRelease({ gates: [exampleGate(), old] }));
    const { out } = await ptl('status', '1.4.2');
    expect(out).toContain('Release 1.4.2 at the firebreak in front of Production');
    expect(out).not.toContain('go/no-go');
  });

  test.each([['status'], ['status', '1.4.2'], ['tickets']])("--json is the hub's own answer: ptl %s %s", async (...args) => {
    hub.on('GET /status', exampleStatus()).on('GET /releases/1.4.2', exampleRelease()).on('GET /tickets', [EXAMPLE_TICKET]);
    const expected = { status: exampleStatus(), 'status 1.4.2': exampleRelease(), tickets: [EXAMPLE_TICKET] }[args.join(' ')];
    expect(JSON.parse((await ptl(...args, '--json')).out)).toEqual(expected);
  });
});

describe('ptl accept and ptl refuse', () => {
  test.each([
    ['accept', 'accepted'],
    ['refuse', 'refused'],
  ])('%s sends the digest and the gate that were shown', async (decision, past) => {
    hub.on('GET /status', exampleStatus()).on('POST /releases/1.4.2/decisions', exampleRelease({ now: 'accepted by every party' }));
    const { code, out, err } = await ptl(decision, 'Production', '--reason', ' CHG0031337 ');
    expect(err).toContain(`digest    ${DIGEST}`);
    expect(hub.sent('POST /releases/1.4.2/decisions')).toEqual([
      { environment: 'Production', decision, reason: 'CHG0031337', digest: DIGEST, gate: 'firebreak' },
    ]);
    expect(out.split('\n')).toEqual([`${past} release 1.4.2 at the firebreak in front of Production: CHG0031337`, 'now: accepted by every party']);
    expect(code).toBe(0);
  });

  test('for a party', async () => {
    hub.on('GET /status', exampleStatus()).on('POST /releases/1.4.2/decisions', exampleRelease());
    await ptl('accept', 'Production', '--reason', 'ok', '--party', 'security');
    expect(hub.sent('POST /releases/1.4.2/decisions')).toEqual([expect.objectContaining({ party: 'security' })]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['an environment there is not', ['Moon'], /the path has no environment "Moon"; it has Integration, Production/],
    ['a misspelt environment', ['prodcution'], /no environment "prodcution" \(did you mean "Production"\?\); it has Integration, Production/],
    ['an environment by its beginning', ['prod'], /no environment "prod" \(did you mean "Production"\?\)/],
    [
      'an environment where nothing waits',
      ['Integration'],
      /nothing waits to be decided for Integration; what does: release 1\.4\.2 at the firebreak in front of Production/,
    ],
    ['a party that is not asked', ['Production', '--party', 'legal'], /does not ask a party "legal"; it asks: product, security/],
  ])('%s: nothing is sent', async (_, args, says) => {
    hub.on('GET /status', exampleStatus());
    const { code, err } = await ptl('accept', ...args, '--reason', 'ok');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(says) });
    expect(hub.server.received).toHaveLength(1);
  });

  test('a release that does not wait: nothing is sent', async () => {
    hub.on('GET /status', exampleStatus()).on('GET /releases/1.4.1', exampleRelease({ version: '1.4.1', status: 'live' }));
    const { code, err } = await ptl('accept', 'Production', '--release', '1.4.1', '--reason', 'ok');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/nothing of release "1\.4\.1" waits to be decided for Production/) });
  });

  describe('once more, when it is decided: nothing is sent, and it says who decided, when and why, and what is next', () => {
    const product = 'product accepted (Product/on-call, 2026-11-20 16:10 UTC): demo went well';
    const all = (given: Partial<GateView>) => {
      const [accepted] = exampleGate().parties;
      const security = {
        name: 'security',
        decision: 'accept',
        by: 'arn:aws:iam::111111111111:user/grace',
        reason: 'no findings',
        at: '2026-11-20T17:00:00.000Z',
      } as const;
      return exampleGate({ parties: accepted ? [accepted, security] : [], ...given });
    };
    const inFlight = (gate: GateView, more: Partial<ReleaseView> = {}) =>
      exampleStatus({ releases: [exampleRelease({ gates: [gate], ...more })], openGates: gate.status === 'accepted' ? [gate] : [] });

    test.each<[string, GateView, RegExp]>([
      ['every party has accepted', all({ status: 'accepted' }), /a release manager resumes it: ptl resume Production --release 1\.4\.2$/],
      ['it has passed', all({ status: 'passed' }), /see ptl status 1\.4\.2$/],
      ['it was refused', exampleGate({ status: 'refused' }), /see ptl status 1\.4\.2$/],
    ])('%s', async (_, gate, next) => {
      hub.on('GET /status', inFlight(gate));
      const { code, err } = await ptl('accept', 'Production', '--reason', 'ok');
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(next) });
      expect(err).toContain(`release 1.4.2 is decided at the firebreak in front of Production already: ${product}`);
      expect(hub.server.received).toHaveLength(1);
    });

    test('of a release that has finished, when it is named', async () => {
      const gates = [all({ gate: 'goNoGo', status: 'passed' })];
      hub.on('GET /status', exampleStatus({ releases: [], openGates: [] })).on('GET /releases/1.4.2', exampleRelease({ status: 'live', gates }));
      const { code, err } = await ptl('refuse', 'Production', '--release', '1.4.2', '--reason', 'ok');
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`at the go/no-go in Production already: ${product}; security accepted (grace, `) });
    });

    test('of the release that was decided last, when none is in flight and none is named', async () => {
      const gate = (release: string, openedAt: string) => all({ gate: 'goNoGo', status: 'passed', release, openedAt });
      const finished = [
        exampleRelease({ version: '1.4.3', status: 'stopped' }),
        exampleRelease({ status: 'live', now: 'live', gates: [gate('1.4.2', '2026-11-20T18:00:00.000Z')] }),
        exampleRelease({ version: '1.4.1', status: 'live', gates: [gate('1.4.1', '2026-11-20T17:00:00.000Z')] }),
      ];
      hub.on('GET /status', exampleStatus({ releases: [], openGates: [] })).on('GET /releases', finished);
      for (const release of finished) hub.on(`GET /releases/${release.version}`, release);
      const { code, err } = await ptl('accept', 'Production', '--reason', 'ok');
      expect({ code, err }).toEqual({
        code: 1,
        err: expect.stringMatching(
          /release 1\.4\.2 is decided at the go\/no-go in Production already: product accepted .*nothing has changed; the release has ended since: live$/,
        ),
      });
      expect((await ptl('accept', 'Integration', '--reason', 'ok')).err).toContain('nothing waits to be decided for Integration');
    });

    test('but not of an attempt before: that one was another question', async () => {
      hub.on('GET /status', inFlight(exampleGate({ status: 'refused' }), { submittedAt: '2026-11-21T08:00:00.000Z' }));
      expect((await ptl('accept', 'Production', '--reason', 'ok')).err).toContain('nothing waits to be decided for Production');
    });

    test('and not while another gate of it asks', async () => {
      const gates = [all({ status: 'passed' }), exampleGate({ gate: 'goNoGo', openedAt: '2026-11-20T18:00:00.000Z' })];
      hub
        .on('GET /status', exampleStatus({ releases: [exampleRelease({ gates })], openGates: gates.slice(1) }))
        .on('POST /releases/1.4.2/decisions', exampleRelease());
      expect((await ptl('accept', 'Production', '--reason', 'ok')).code).toBe(0);
    });
  });

  test('several releases wait there: say which', async () => {
    hub
      .on('GET /status', exampleStatus({ openGates: [exampleGate(), exampleGate({ release: '1.5.0' })] }))
      .on('POST /releases/1.5.0/decisions', exampleRelease());
    const { code, err } = await ptl('accept', 'Production', '--reason', 'ok');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/release 1\.4\.2 at .*; release 1\.5\.0 at .*Say which one with --release/) });
    expect((await ptl('accept', 'Production', '--reason', 'ok', '--release', '1.5.0')).code).toBe(0);
  });

  test('of several the one is meant that asks a party of who decides, or the party that is named', async () => {
    const others = exampleGate({ parties: [{ name: 'security' }] });
    const mine = exampleGate({ release: '1.5.0', gate: 'goNoGo', parties: [{ name: 'change authority' }] });
    const answer = exampleRelease({ version: '1.5.0' });
    hub.on('GET /status', exampleStatus({ openGates: [others, { ...mine, asksYou: true }] })).on('POST /releases/1.5.0/decisions', answer);
    expect((await ptl('accept', 'Production', '--reason', 'ok')).code).toBe(0);
    hub.on('GET /status', exampleStatus({ openGates: [others, mine] }));
    expect((await ptl('accept', 'Production', '--reason', 'ok', '--party', 'change authority')).code).toBe(0);
    expect(hub.sent('POST /releases/1.5.0/decisions')).toHaveLength(2);
    const both = [others, mine].map((gate): GateView => ({ ...gate, asksYou: true }));
    hub.on('GET /status', exampleStatus({ openGates: both }));
    expect((await ptl('accept', 'Production', '--reason', 'ok')).err).toContain('Say which one with --release');
  });

  test('one release waits at several gates there: say at which', async () => {
    hub
      .on('GET /status', exampleStatus({ openGates: [exampleGate({ gate: 'contract' }), exampleGate()] }))
      .on('POST /releases/1.4.2/decisions', exampleRelease());
    const { code, err } = await ptl('accept', 'Production', '--reason', 'ok');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/at the contract in Production; .*Say which one with --gate contract or firebreak/) });
    expect((await ptl('accept', 'Production', '--reason', 'ok', '--gate', 'goNoGo')).err).toContain('nothing waits to be decided for Production');
    expect((await ptl('accept', 'Production', '--reason', 'ok', '--gate', 'goNoGo')).err).toMatch(
      /by --gate goNoGo; what does: release 1\.4\.2 at the contract in Production; release 1\.4\.2 at the firebreak in front of Production/,
    );
    expect((await ptl('accept', 'Production', '--reason', 'ok', '--gate', 'firebreak')).code).toBe(0);
    expect(hub.sent('POST /releases/1.4.2/decisions')).toEqual([expect.objectContaining({ gate: 'firebreak' })]);
  });

  test.each([
    [[], /--reason is missing; say why in a sentence, for example/],
    [['--reason', '  '], /--reason is " {2}"; say why in a sentence/],
  ])('a reason is needed: %j', async (args, says) => {
    const { code, err } = await ptl('accept', 'Production', ...args);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(says) });
    expect(hub.server.received).toEqual([]);
  });
});

test('ptl bundle --help says that it needs credentials, publishing or not', async () => {
  expect((await ptl('bundle', '--help')).out.replace(/\s+/g, ' ')).toContain('It needs AWS credentials also without that');
});

describe('ptl resume', () => {
  test('resumes the release that waits at the firebreak', async () => {
    hub
      .on('GET /status', exampleStatus({ openGates: [exampleGate({ status: 'accepted' })] }))
      .on('POST /releases/1.4.2/resume', exampleRelease({ now: 'on its way' }));
    const { code, out } = await ptl('resume', 'Production', '--reason', 'window is open');
    expect(hub.sent('POST /releases/1.4.2/resume')).toEqual([{ environment: 'Production', reason: 'window is open' }]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('resumed release 1.4.2 at the firebreak in front of Production') });
  });

  test('a go/no-go is not resumed', async () => {
    hub.on('GET /status', exampleStatus({ openGates: [exampleGate({ gate: 'goNoGo' })] }));
    expect((await ptl('resume', 'Production')).err).toContain('nothing waits to be resumed for Production; nothing does anywhere');
  });
});

describe('ptl abort, roll-back, contract and tickets', () => {
  test('abort', async () => {
    hub.on('POST /releases/1.4.2/abort', exampleRelease({ now: 'stops at its next step' }));
    const { out } = await ptl('abort', '1.4.2', '--reason', 'superseded');
    expect(hub.sent('POST /releases/1.4.2/abort')).toEqual([{ reason: 'superseded' }]);
    expect(out).toContain('now: stops at its next step');
    expect(out).toContain('Where it does not within a minute, its machine has died: see ptl doctor');
  });

  test('roll-back of what is live', async () => {
    const [, production] = exampleStatus().environments;
    hub.on('POST /environments/Production/roll-back', { outcome: 'rolledBack', environment: production });
    const { out } = await ptl('roll-back', 'Production', '--reason', 'checkout errors');
    expect(hub.sent('POST /environments/Production/roll-back')).toEqual([{ reason: 'checkout errors' }]);
    expect(out).toBe('rolled Production back; live: 1.4.1 (blue)');
  });

  describe('roll-back of waves, by the name they have together', () => {
    const [integration, production] = exampleStatus().environments as [EnvironmentView, EnvironmentView];
    const { shadow: _shadow, lockedBy: _lock, ...free } = production;
    const wave = (environment: string, number: number, version: string): EnvironmentView => {
      return { ...free, environment, live: { colour: 'blue', version }, wave: { of: 'Production', number } };
    };
    const unknown = new Failing(404, { code: 'UnknownEnvironment', message: 'the path has no environment "Production"' });
    const back = (environment: string) => ({ outcome: 'rolledBack', environment: wave(environment, 0, '1.4.1') });
    const route = (environment: string) => `POST /environments/${environment}/roll-back`;

    test('newest first; one that has another version is left', async () => {
      const environments = [integration, wave('London', 1, '1.4.2'), wave('Dublin', 2, '1.4.2'), wave('Paris', 3, '1.4.1')];
      hub.on(route('Production'), unknown).on('GET /status', exampleStatus({ environments }));
      hub.on(route('London'), back('London')).on(route('Dublin'), back('Dublin'));
      expect(await ptl('roll-back', 'Production', '--reason', 'wrong prices')).toMatchObject({
        code: 0,
        out: ['Paris is left: live is 1.4.1', 'rolled Dublin back; live: 1.4.1 (blue)', 'rolled London back; live: 1.4.1 (blue)'].join('\n'),
      });
      expect(hub.sent(route('London'))).toEqual([{ reason: 'wrong prices' }]);
      expect(hub.sent(route('Paris'))).toEqual([]);
      expect((await ptl('status')).out).toContain('Waves\n  Production: London, then Dublin, then Paris; what fails in one goes back in those before it');
    });

    test('one that cannot go back does not keep the others, and is an error', async () => {
      hub.on(route('Production'), unknown).on('GET /status', exampleStatus({ environments: [wave('London', 1, '1.4.2'), wave('Dublin', 2, '1.4.2')] }));
      hub.on(route('London'), back('London')).on(route('Dublin'), new Failing(409, { code: 'CannotRollBack', message: 'no slot to go back to' }));
      const { code, out, err } = await ptl('roll-back', 'Production', '--reason', 'wrong prices');
      expect({ code, out }).toEqual({ code: 1, out: 'Dublin stays: no slot to go back to\nrolled London back; live: 1.4.1 (blue)' });
      expect(err).toContain('not every wave of Production is rolled back: Dublin could not be');
    });

    test('one in which it is in the shadow is left: it stops there', async () => {
      const environments = [wave('London', 1, '1.4.2'), { ...wave('Dublin', 2, '1.4.1'), lockedBy: '1.4.2' }];
      hub.on(route('Production'), unknown).on('GET /status', exampleStatus({ environments }));
      hub.on(route('London'), back('London')).on(route('Dublin'), new Failing(409, { code: 'NotShifted', message: '1.4.2 has no live traffic there' }));
      expect(await ptl('roll-back', 'Production', '--reason', 'wrong prices')).toMatchObject({ code: 0 });
    });

    test('a name that nothing has is refused as before', async () => {
      hub.on(route('Production'), unknown).on('GET /status', exampleStatus());
      expect((await ptl('roll-back', 'Production', '--reason', 'wrong prices')).err).toContain('the path has no environment "Production"');
    });
  });

  describe('roll-back that was done before, or is not answered in time', () => {
    const [, production] = exampleStatus().environments as [EnvironmentView, EnvironmentView];
    const { shadow: _shadow, lockedBy: _lock, ...free } = production;
    const done = { ...free, previous: { colour: 'green', version: '1.4.2', rolledBack: true as const } };
    const route = 'POST /environments/Production/roll-back';
    const gaveUp = new Failing(503, { message: 'Service Unavailable' });

    test('done before: who, when and why, and no error', async () => {
      const before = {
        version: '1.4.2',
        by: 'arn:aws:sts::111111111111:assumed-role/OnCall/service-manager',
        at: '2026-11-20T17:57:00.000Z',
        reason: 'wrong prices',
      };
      hub.on(route, { outcome: 'rolledBackBefore', before, environment: done });
      expect(await ptl('roll-back', 'Production', '--reason', 'once more')).toMatchObject({
        code: 0,
        out: [
          'Production was rolled back already, from 1.4.2 to 1.4.1 (blue), at 2026-11-20 17:57 UTC by OnCall/service-manager: wrong prices. Nothing was done now.',
          'Where 1.4.1 has to go too, submit a new version with: ptl release <version>',
        ].join('\n'),
      });
      hub.on('GET /status', exampleStatus({ environments: [done] }));
      expect((await ptl('status')).out).toContain('1.4.1 (blue)  1.4.2 (green), rolled back');
    });

    test.each<[string, Failing]>([
      ['the gateway gave up', gaveUp],
      ['the hub did', new Failing(503, { code: 'Busy', message: 'a service the hub needs is busy' })],
    ])('%s: what became of it is looked for, and it is asked for once', async (_, failing) => {
      hub.on(route, failing);
      hub.on('GET /status', (_: unknown, times: number) => exampleStatus({ environments: [times < 3 ? { ...free, previous: undefined } : done] }));
      const { code, out, err } = await ptl('roll-back', 'Production', '--reason', 'checkout errors');
      expect({ code, out }).toEqual({ code: 0, out: 'rolled Production back; live: 1.4.1 (blue)' });
      expect(err).toContain('The roll back may be going on; looking what becomes of it.');
      expect(hub.sent(route)).toHaveLength(1);
    });

    test('and where nothing shows it in the end, that is not known', async () => {
      hub.on(route, gaveUp).on('GET /status', exampleStatus({ environments: [{ ...done, lockedBy: '1.4.3' }] }));
      const { code, err, slept } = await ptl('roll-back', 'Production', '--reason', 'checkout errors');
      expect({ code, err }).toEqual({
        code: 1,
        err: expect.stringMatching(/it is not known whether Production is rolled back: .* ptl status says what is live/),
      });
      expect(slept).toBe(120_000);
    });

    test('a refusal is told at once', async () => {
      hub.on(route, new Failing(409, { code: 'CannotRollBack', message: 'no way back (ptl release 1.4.0 --again)' }));
      const run = await runPtl(['roll-back', 'Production', '--reason', 'r'], { env: { PTL_API_URL: hub.server.url }, called: 'node bin/ptl.js' });
      expect(run).toMatchObject({ code: 1, err: 'ptl: no way back (node bin/ptl.js release 1.4.0 --again)', slept: 0 });
    });
  });

  test('roll-back of a release in flight', async () => {
    hub.on('POST /environments/Production/roll-back', { outcome: 'requested', release: '1.4.2', environment: exampleStatus().environments[1] });
    const { out } = await ptl('roll-back', 'Production', '--reason', 'errors');
    expect(out).toContain('follow it with: ptl status 1.4.2');
    expect(out).toContain('its machine has died: type this again, it then goes back without it; ptl doctor Production says so');
  });

  test('freeze says until when, what it means for who is inside, and what ends it; unfreeze ends it', async () => {
    const frozen = {
      by: 'arn:aws:sts::111111111111:assumed-role/Manager/on-call',
      reason: 'Black Friday',
      at: '2026-11-20T16:00:00.000Z',
      until: '2026-12-01T06:00:00.000Z',
    };
    const environment = { ...exampleStatus().environments[1], frozen };
    const meanwhile = 'release 1.4.2 has 10 percent of the users';
    hub.on('POST /environments/Production/freeze', { environment, meanwhile });
    const { code, out } = await ptl('freeze', 'Production', '--reason', 'Black Friday', '--until', '2026-12-01T06:00Z');
    expect(hub.sent('POST /environments/Production/freeze')).toEqual([{ reason: 'Black Friday', until: '2026-12-01T06:00Z' }]);
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 2)).toEqual([
      'Production: nothing goes live until 2026-12-01 06:00 UTC; frozen since 2026-11-20 16:00 UTC by Manager/on-call: Black Friday',
      meanwhile,
    ]);
    expect(out).toMatch(/End it before that with: .*ptl unfreeze Production --reason/);
    hub.on('GET /status', exampleStatus({ environments: [environment as EnvironmentView] }));
    expect((await ptl('status')).out).toMatch(/Frozen\n {2}Production: nothing goes live until [^$]*\$ .*ptl unfreeze Production --reason/);
    hub.on('POST /environments/Production/unfreeze', exampleStatus().environments[1]);
    expect((await ptl('unfreeze', 'Production', '--reason', 'over')).out).toMatch(/^Production is not frozen any more[\s\S]*with its version: ptl tickets/);
    expect(hub.sent('POST /environments/Production/unfreeze')).toEqual([{ reason: 'over' }]);
    expect((await ptl('freeze', 'Production')).err).toMatch(/--reason is missing/);
  });

  test('contract says what was asked for, and whom it waits for', async () => {
    const contract = { migrations: ['2026-12-drop-amount'], state: 'asked', by: 'arn:aws:sts::111111111111:assumed-role/Manager/on-call' } as const;
    const environment = { ...exampleStatus().environments[1], contract };
    hub.on('POST /environments/Production/contract', { outcome: 'requested', release: '1.4.1', environment });
    hub.on('GET /status', exampleStatus({ openGates: [exampleGate({ gate: 'contract', release: '1.4.1', runs: contract.migrations })] }));
    const { code, out } = await ptl('contract', 'Production', '--reason', '1.4.0 is history');
    expect(hub.sent('POST /environments/Production/contract')).toEqual([{ reason: '1.4.0 is history' }]);
    expect([code, out.split('\n')]).toEqual([
      0,
      [
        'asked for the contract 2026-12-drop-amount of 1.4.1 in Production',
        'it waits for people: ptl accept Production --release 1.4.1 --reason "<why>"',
        'see how it goes with: ptl status',
      ],
    ]);
    hub.on('POST /environments/Production/contract', { outcome: 'waits', release: '1.4.1', environment });
    expect((await ptl('contract', 'Production', '--reason', 'again')).out).toMatch(
      /^the contract 2026-12-drop-amount of 1\.4\.1 had been asked for .* before, by /,
    );
    expect((await ptl('contract', 'Production')).err).toMatch(/reason/);
  });

  test('tickets with their evidence, in 80 columns', async () => {
    hub.on('GET /tickets', [EXAMPLE_TICKET, EXAMPLE_TICKET]);
    const lines = (await ptl('tickets')).out.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'a1b2c3d4  Production, rolled back',
      '  where     Bake Production at 10 percent',
      '  what      alarm Payments-Production-Green-errors',
      '  expected  no alarm of the slot in ALARM',
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    hub.on('GET /tickets', []);
    expect((await ptl('tickets')).out).toBe('no tickets');
  });

  test('tickets with what they said before, newest first, each with its release and when that was', async () => {
    const earlier = ['1.4.0', '1.4.1'].map((release, day) => ({ release, at: `2026-11-1${day}T10:00:00.000Z`, actual: `${release} answered 503` }));
    hub.on('GET /tickets', [{ ...EXAMPLE_TICKET, lastRelease: '1.4.2', earlier }]);
    const lines = (await ptl('tickets')).out.split('\n');
    expect(lines.slice(4, 7)).toEqual([
      '  actual    in ALARM: Payments-Production-Green-errors',
      '  before    1.4.1, 2026-11-11 10:00 UTC: 1.4.1 answered 503',
      '  before    1.4.0, 2026-11-10 10:00 UTC: 1.4.0 answered 503',
    ]);
    expect(JSON.parse((await ptl('tickets', '--json')).out)[0]).toMatchObject({ lastRelease: '1.4.2', earlier });
  });

  test('tickets are the last fifty, and says so; --all asks on until there are no more', async () => {
    const numbered = (first: number, count: number) =>
      Array.from({ length: count }, (_, n) => ({ ...EXAMPLE_TICKET, fingerprint: (first + n).toString(16).padStart(16, '0') }));
    const pageAfter = (n: number) => `GET /tickets?before=${encodeURIComponent(`${EXAMPLE_TICKET.lastAt}#${n.toString(16).padStart(16, '0')}`)}`;
    hub.on('GET /tickets', numbered(0, 50)).on(pageAfter(49), numbered(50, 50)).on(pageAfter(99), numbered(100, 1));
    expect((await ptl('tickets')).out.split('\n').at(-1)).toBe('These are the last 50; see every one with: ptl tickets --all');
    expect(JSON.parse((await ptl('tickets', '--all', '--json')).out)).toEqual(numbered(0, 101));
    expect((await ptl('tickets', '--all')).out).not.toContain('These are the last');
  });

  test('--all ends at a hub that is older than pages, and answers with all of them each time', async () => {
    const all = Array.from({ length: 60 }, (_, n) => ({ ...EXAMPLE_TICKET, fingerprint: n.toString(16).padStart(16, '0') }));
    const last = `GET /tickets?before=${encodeURIComponent(`${EXAMPLE_TICKET.lastAt}#${all.at(-1)?.fingerprint}`)}`;
    hub.on('GET /tickets', all).on(last, all);
    expect(JSON.parse((await ptl('tickets', '--all', '--json')).out)).toEqual(all);
  });
});

describe('help', () => {
  test('names every command, with an example of a whole release', async () => {
    const { code, out } = await ptl('--help');
    expect(code).toBe(0);
    for (const command of ['release', 'status', 'accept', 'refuse', 'resume', 'abort', 'roll-back', 'freeze', 'unfreeze', 'contract', 'tickets', 'bundle'])
      expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  test.each([
    'release',
    'status',
    'accept',
    'refuse',
    'resume',
    'abort',
    'roll-back',
    'contract',
    'tickets',
    'bundle',
  ])('of %s has two examples, exit codes, the next step and its words, in 80 columns', async (command) => {
    const { code, out } = await ptl(command, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Examples:\n  \\$ ptl ${command}`));
    expect(out).toMatch(/Exit codes:\n {2}0 /);
    const section = (title: string) => new RegExp(`^${title}:\\n((?: {2}.*\\n?)+)`, 'm').exec(out)?.[1]?.trimEnd().split('\n') ?? [];
    expect(section('Examples').filter((line) => line.startsWith(`  $ ptl ${command}`)).length).toBeGreaterThanOrEqual(2);
    expect(section('Next').length).toBeGreaterThan(0);
    const said = out.slice(0, out.indexOf('Words:')).replace(/\s+/g, ' ');
    const used = ['firebreak', 'go/no-go', 'party', 'shadow', 'digest', 'hidden URL', 'ticket'].filter((word) => new RegExp(`\\b${word}\\b`).test(said));
    expect(section('Words').map((line) => line.trim().split(/ {2,}/)[0])).toEqual(expect.arrayContaining(used));
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('a misspelt command is an error with a suggestion', async () => {
    expect(await ptl('stauts')).toMatchObject({ code: 1, err: expect.stringContaining('(did you mean "status"?)') });
  });
});
