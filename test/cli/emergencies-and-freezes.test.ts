import { gateReport } from '../../cli/report/gate-report';
import { outcomeReport, type ReleaseOutcome } from '../../cli/report/outcome-report';
import { releaseReport } from '../../cli/report/release-report';
import { statusReport } from '../../cli/report/status-report';
import type { EnvironmentView, GateView, ReleaseView } from '../../lambda/contract';
import { event, exampleGate, exampleRelease, exampleStatus } from './example-views';
import { Failing, FakeHub } from './fake-hub';
import { runPtl } from './run-ptl';

const hub = new FakeHub();
const WHY = 'card payments fail';
const MANAGER = 'arn:aws:sts::111111111111:assumed-role/Manager/release-manager';

beforeAll(() => hub.server.start());
afterAll(() => hub.server.stop());
beforeEach(() => hub.forget());

const ptl = (...args: readonly string[]) => runPtl(args, { env: { PTL_API_URL: hub.server.url } });
/** Without its line breaks. */
const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('an emergency that took the place of 1.4.1', () => {
  const emergency = (more: Partial<ReleaseView> = {}) => exampleRelease({ emergency: WHY, evicted: ['1.4.1'], changeClass: 'emergency', ...more });

  test('ptl status says that 1.4.1 comes back behind it and may replace it, and those who decide see why it is one', async () => {
    hub.on('GET /status', exampleStatus({ releases: [emergency()] }));
    const { out } = await ptl('status');
    expect(flat(out)).toContain('1.4.1, whose place 1.4.2 took, is submitted anew when it has ended, and goes live in place of it where nobody stops it');
    expect(out).toMatch(new RegExp(`Waiting for people\\n {2}Release 1\\.4\\.2 at the firebreak.*\\n {4}digest +\\w+\\n {4}emergency +${WHY}\\n`));
  });

  test('so does ptl status <version>, with its gates', async () => {
    const audit = [event(0, 'ReleaseSubmitted', { detail: { attempt: 1, firebreaks: [], emergency: WHY, fixForward: 'the database is slow' } })];
    hub.on('GET /releases/1.4.2', emergency({ gates: [exampleGate()], fixForward: 'the database is slow', audit }));
    const { out } = await ptl('status', '1.4.2');
    expect(out).toMatch(new RegExp(`\\n {2}emergency +${WHY}\\n {2}evicted +1\\.4\\.1, whose place`));
    expect(out).toMatch(/\n {2}fix-forward +the database is slow\n/);
    expect(out).toMatch(new RegExp(`at the firebreak in front of Production\\n {2}digest +\\w+\\n {2}emergency +${WHY}\\n`));
    expect(flat(out)).toContain(`submitted by Pipeline/run-7, an emergency: ${WHY}, a fix-forward: the database is slow`);
  });

  test('whoever accepts is shown it', async () => {
    const release = emergency({ gates: [exampleGate()] });
    hub.on('GET /status', exampleStatus({ releases: [release] })).on('POST /releases/1.4.2/decisions', release);
    expect((await ptl('accept', 'Production', '--reason', 'mends it')).err).toMatch(new RegExp(`\\n {2}emergency +${WHY}\\n`));
    hub.on('GET /status', exampleStatus({ releases: [exampleRelease()] })).on('POST /releases/1.4.2/decisions', exampleRelease({ gates: [exampleGate()] }));
    expect((await ptl('accept', 'Production', '--reason', 'fine')).err).not.toContain('emergency');
  });

  const outcome = (ending: ReleaseOutcome['ending'], release: ReleaseView): ReleaseOutcome => {
    return { ending, release, exitCode: 0, path: 'Payments', started: 0, ended: 1000 };
  };

  test('ptl release says it when it waits for people, with why it is one', () => {
    const said = outcomeReport(outcome('waitingForPeople', emergency({ gates: [exampleGate()] })), 80);
    expect(said).toContain(`  an emergency: ${WHY}`);
    expect(flat(said.join('\n'))).toContain('1.4.1, whose place 1.4.2 took, is submitted anew when it has ended');
  });

  test.each(['live', 'stopped', 'rolledBack'] as const)('and when it is %s, with what keeps 1.4.1 out', (ending) => {
    const said = outcomeReport(outcome(ending, emergency({ status: ending })), 80);
    expect(flat(said.join('\n'))).toContain('is submitted anew now that it has ended, and goes live in place of it where nobody stops it');
    expect(said.at(-1)).toBe('  $ ptl abort 1.4.1 --reason "<why>"');
  });

  test('of two both are named', () => {
    const said = outcomeReport(outcome('live', emergency({ status: 'live', evicted: ['1.4.0', '1.4.1'] })), 80);
    expect(flat(said.join('\n'))).toContain('1.4.0 and 1.4.1, whose place 1.4.2 took, are submitted anew now that it has ended, and go live');
    expect(said.slice(-2)).toEqual(['  $ ptl abort 1.4.0 --reason "<why>"', '  $ ptl abort 1.4.1 --reason "<why>"']);
  });

  test('who looks at it when it has ended is led to what became of 1.4.1, and not told that it is still to come', async () => {
    hub.on('GET /releases/1.4.2', emergency({ status: 'live' }));
    const said = flat((await ptl('status', '1.4.2')).out);
    expect(said).toContain(
      'evicted 1.4.1, whose place 1.4.2 took; submitted anew when that had ended, where nobody had said no to it by then: ptl status 1.4.1',
    );
    expect(said).not.toContain('is submitted anew');
  });

  test.each(['submitted', 'live'] as const)('where a team’s own machine brings releases, nothing is said to come by itself (%s)', (status) => {
    const own = emergency({ status, ownMachine: 'ShopPath' });
    const said = '1.4.1, whose place 1.4.2 took, comes back when your machine, ShopPath, brings it once more';
    expect(flat(outcomeReport(outcome('submitted', own), 80).join('\n'))).toMatch(new RegExp(`${said}\\.$`));
    expect(flat(statusReport(exampleStatus({ releases: [own] }), 80).join('\n'))).toContain(said);
    expect(flat(releaseReport(own, 80).join('\n'))).toContain(`evicted ${said}`);
    expect(outcomeReport(outcome('live', { ...own, evicted: ['1.4.0', '1.4.1'] }), 200).at(-1)).toContain('come back when your machine, ShopPath, brings them');
  });

  test('where somebody has said no to 1.4.1, it is not said to come, nor how to keep it out', () => {
    const away = emergency({ evicted: ['1.4.0', '1.4.1'], staysAway: ['1.4.1'] });
    const said = flat(statusReport(exampleStatus({ releases: [away] }), 80).join('\n'));
    expect(said).toContain('1.4.0, whose place 1.4.2 took, is submitted anew when it has ended');
    expect(said).not.toContain('1.4.1, whose');
    expect(outcomeReport(outcome('live', { ...away, status: 'live', now: 'live' }), 80).at(-1)).toBe('  $ ptl abort 1.4.0 --reason "<why>"');
    const stays = '1.4.1, whose place 1.4.2 took, stays away: ptl status 1.4.1';
    expect(flat(releaseReport(away, 80).join('\n'))).toMatch(new RegExp(`evicted 1\\.4\\.0, whose .*, if it lacks what 1\\.4\\.2 mends; ${stays}`));
    expect(flat(releaseReport({ ...away, status: 'live' }, 80).join('\n'))).toContain(`by then: ptl status 1.4.0; ${stays}`);
    const none = emergency({ staysAway: ['1.4.1'] });
    expect(flat(releaseReport(none, 80).join('\n'))).toContain(`evicted ${stays} `);
    expect(outcomeReport(outcome('live', { ...none, status: 'live', now: 'live' }), 80)).toEqual(['1.4.2 is live (0:01).']);
  });

  test('one that took nobody’s place says nothing of it', () => {
    expect(outcomeReport(outcome('live', emergency({ status: 'live', evicted: [], now: 'live' })), 80)).toEqual(['1.4.2 is live (0:01).']);
  });

  test('1.4.1 says in its own story that the hub brought it back', async () => {
    const audit = [event(0, 'ReleaseSubmitted', { detail: { attempt: 2, requeuedAfter: '1.4.2' } })];
    hub.on('GET /releases/1.4.1', exampleRelease({ version: '1.4.1', audit }));
    expect(flat((await ptl('status', '1.4.1')).out)).toContain('attempt 2, anew by the hub: the emergency 1.4.2, which took its place, has ended');
  });
});

describe('1.4.1, which has come back behind the emergency 1.4.2', () => {
  const gate = exampleGate({ release: '1.4.1' });
  const back = (more: Partial<ReleaseView> = {}) =>
    exampleRelease({ version: '1.4.1', undoes: [{ emergency: '1.4.2', environments: ['Integration', 'Production'] }], gates: [gate], ...more });
  const WORDS =
    'what the emergency 1.4.2 mends, whose place it takes in Integration and Production: 1.4.1 was submitted before, and lacks that unless it was mended there, too';
  const outcome = (release: ReleaseView): ReleaseOutcome => ({ ending: 'waitingForPeople', release, exitCode: 4, path: 'Payments', started: 0, ended: 1000 });

  test('ptl status says what it undoes, how to keep it out, and tells whoever decides', async () => {
    hub.on('GET /status', exampleStatus({ releases: [back()], openGates: [gate] }));
    const { out } = await ptl('status');
    const [underWay = '', waiting = ''] = out.split('Waiting for people');
    expect(flat(underWay)).toContain(`1.4.1 on its way to Integration; undoes ${WORDS} $ ptl abort 1.4.1 --reason "<why>"`);
    expect(flat(waiting)).toContain(` undoes ${WORDS} until `);
  });

  test('so does its own story, whoever accepts, and ptl release where it waits', async () => {
    hub.on('GET /releases/1.4.1', back()).on('GET /status', exampleStatus({ releases: [back()], openGates: [gate] }));
    hub.on('POST /releases/1.4.1/decisions', back());
    expect(flat((await ptl('status', '1.4.1')).out).split(` undoes ${WORDS} `)).toHaveLength(3);
    expect(flat((await ptl('accept', 'Production', '--reason', 'seen')).err)).toContain(` undoes ${WORDS} `);
    expect(flat(outcomeReport(outcome(back()), 80).join('\n'))).toContain(` undoes: ${WORDS} `);
  });

  test('where it undoes nothing any more, nothing is said of it; nor where its contract is asked about, long since live', async () => {
    hub.on('GET /releases/1.4.1', back({ undoes: undefined }));
    expect((await ptl('status', '1.4.1')).out).not.toContain('undoes');
    expect(gateReport({ ...gate, gate: 'contract' }, 80, back()).join('\n')).not.toContain('undoes');
  });

  test.each<[string, Partial<GateView>, Partial<ReleaseView>, boolean]>([
    ['is asked while it is on its way', {}, {}, true],
    ['is asked no more when it has ended', {}, { status: 'stopped' }, false],
    ['is asked no more when the question is void', { status: 'void' }, {}, false],
    ['is asked no more when another has refused', { status: 'refused' }, {}, false],
    ['is asked about the contract of what is live', { gate: 'contract' }, { status: 'live' }, true],
    ['is asked no more about a contract that was given up', { gate: 'contract', status: 'void' }, { status: 'live' }, false],
  ])('a party that has said nothing %s', async (_, asked, given, isAsked) => {
    hub.on('GET /releases/1.4.1', back({ undoes: undefined, gates: [{ ...gate, ...asked }], ...given }));
    const { out } = await ptl('status', '1.4.1');
    expect(out).toMatch(isAsked ? /\n {2}security +is asked\n/ : /\n {2}security +was asked, and has not answered\n/);
    expect(out.includes('$ ptl accept')).toBe(isAsked);
  });
});

describe('ptl freeze', () => {
  const production = exampleStatus().environments[1] as EnvironmentView;
  const freeze = { by: MANAGER, reason: 'sale', at: '2026-11-20T16:00:00.000Z' };
  const frozen = (environment: string, until?: string) => ({ ...production, environment, frozen: { ...freeze, ...(until !== undefined && { until }) } });

  test('one without an end is ended, and not before anything', async () => {
    hub.on('POST /environments/Production/freeze', { environment: frozen('Production') });
    const { out } = await ptl('freeze', 'Production', '--reason', 'sale');
    expect(out).toContain('nothing goes live until somebody ends it');
    expect(out).toContain('\nEnd it with: ptl unfreeze Production --reason "<why>"');
  });

  test('a second one says whose it takes the place of, until when that was to last, and why', async () => {
    const replaces = { ...freeze, reason: 'Black Friday', until: '2026-12-01T06:00:00.000Z' };
    hub.on('POST /environments/Production/freeze', { environment: frozen('Production'), replaces });
    expect((await ptl('freeze', 'Production', '--reason', 'sale')).out).toContain(
      '\nthat takes the place of the freeze by Manager/release-manager since 2026-11-20 16:00 UTC, until 2026-12-01 06:00 UTC: Black Friday\n',
    );
  });

  test('of a refusal it is said who and when as everywhere, and scripts get it as the hub wrote it', async () => {
    const message = `Production is frozen by ${MANAGER} since 2026-01-05T09:00:00.000Z`;
    hub.on('POST /environments/Production/unfreeze', new Failing(409, { code: 'Frozen', message }));
    const args = ['unfreeze', 'Production', '--reason', 'over'];
    expect((await ptl(...args)).err).toBe('ptl: Production is frozen by Manager/release-manager since 2026-01-05 09:00 UTC');
    expect(JSON.parse((await ptl(...args, '--json')).out).error).toEqual({ code: 'Frozen', message });
  });

  test.each([
    ['2026-11-30T25:00Z', 'is no time of day that there is: its hour is 25, and must be 0 to 23'],
    ['2026-11-30T08:00', 'must be an instant with its zone'],
    ['2026-11-31T08:00Z', 'is no day that there is'],
  ])('an end that is none, %s, is refused before anybody is asked', async (until, what) => {
    const { code, err } = await ptl('freeze', 'Production', '--reason', 'sale', '--until', until);
    expect([code, err]).toEqual([1, `ptl: --until ${what}, got: "${until}"; for example 2026-12-01T06:00Z`]);
    expect(hub.server.received).toEqual([]);
  });

  describe('of waves, by the name they have together', () => {
    const unknown = new Failing(404, { code: 'UnknownEnvironment', message: 'the path has no environment "Production"' });
    const waves = ['London', 'Dublin'].map((environment, index) => ({ ...frozen(environment), wave: { of: 'Production', number: index + 1 } }));
    const [london, dublin] = waves;

    test('freezes and frees each of them', async () => {
      hub.on('POST /environments/Production/freeze', unknown).on('GET /status', exampleStatus({ environments: waves }));
      hub.on('POST /environments/London/freeze', { environment: london }).on('POST /environments/Dublin/freeze', { environment: dublin });
      const { code, out } = await ptl('freeze', 'Production', '--reason', 'sale');
      expect([code, out.match(/^\w+: nothing goes live/gm)]).toEqual([0, ['London: nothing goes live', 'Dublin: nothing goes live']]);
      hub.on('POST /environments/Production/unfreeze', unknown);
      hub.on('POST /environments/London/unfreeze', london).on('POST /environments/Dublin/unfreeze', dublin);
      expect((await ptl('unfreeze', 'Production', '--reason', 'over')).out.match(/^\w+ is not frozen/gm)).toEqual([
        'London is not frozen',
        'Dublin is not frozen',
      ]);
      expect(hub.sent('POST /environments/Dublin/unfreeze')).toEqual([{ reason: 'over' }]);
    });

    test('one that cannot be does not keep the others, and is an error that names it', async () => {
      hub.on('POST /environments/Production/freeze', unknown).on('GET /status', exampleStatus({ environments: waves }));
      hub.on('POST /environments/London/freeze', new Failing(409, { code: 'Retiring', message: 'London is being retired' }));
      hub.on('POST /environments/Dublin/freeze', { environment: dublin });
      const { code, out, err } = await ptl('freeze', 'Production', '--reason', 'sale');
      expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/^London is left as it is: .*\nDublin: nothing goes live/) });
      expect(err).toContain('not every wave of Production is frozen: London: ');
    });

    test('a name that is neither is as wrong as ever', async () => {
      hub.on('POST /environments/Prodction/freeze', unknown).on('GET /status', exampleStatus({ environments: waves }));
      expect(await ptl('freeze', 'Prodction', '--reason', 'sale')).toMatchObject({ code: 1, err: expect.stringContaining('has no environment') });
    });
  });
});

describe('ptl abort of a release that is live in an earlier wave', () => {
  const environments = (['live', 'live', 'shadow'] as const).map((state, index) => ({ environment: ['London', 'Dublin', 'Paris'][index] ?? '', state }));

  test('says where it goes back, and asks for nothing more: that could fail, when it was aborted', async () => {
    hub.on('POST /releases/1.4.2/abort', exampleRelease({ environments, goesBackIn: ['Dublin', 'London'] }));
    const { code, out } = await ptl('abort', '1.4.2', '--reason', 'late');
    expect([code, out]).toEqual([0, expect.stringContaining('\nIt goes back in Dublin, then London: it has not gone live in every wave\n')]);
    expect(hub.server.received).toHaveLength(1);
  });

  test('and nothing of waves where it was live before, nor of environments that are none', async () => {
    hub.on('POST /releases/1.4.2/abort', exampleRelease({ environments }));
    expect((await ptl('abort', '1.4.2', '--reason', 'late')).out).not.toContain('goes back');
  });
});

describe('an option that was forgotten to be given a value', () => {
  test.each<[readonly string[], string]>([
    [
      ['freeze', 'Production', '--reason', '--until', '2026-12-01T06:00Z'],
      '--reason has no value, the option --until follows it; say why, in a sentence in quotes: --reason "<why>"; see ptl freeze --help',
    ],
    [
      ['release', '1.4.2', '--emergency', '--assembly=cdk.out'],
      '--emergency has no value, the option --assembly follows it; say why, in a sentence in quotes: --emergency "<why>"; see ptl release --help',
    ],
    [
      ['status', '--path', '--json'],
      '--path has no value, the option --json follows it; it takes <name>, the path to live, where there are several; see ptl status --help',
    ],
    [['release', '1.4.2', '--emergency'], '--emergency has no value; say why, in a sentence in quotes: --emergency "<why>"; see ptl release --help'],
    [['accept', 'Production', '--reason'], '--reason has no value; say why, in a sentence in quotes: --reason "<why>"; see ptl accept --help'],
  ])('%j', async (args, message) => {
    expect(await ptl(...args)).toMatchObject({ code: 1, err: `ptl: ${message}` });
    expect(hub.server.received).toEqual([]);
  });

  test('a reason that only begins like an option is one', async () => {
    hub.on('POST /environments/Production/freeze', { environment: exampleStatus().environments[1] });
    expect((await ptl('freeze', 'Production', '--reason', '--until the sale is over')).code).toBe(0);
    expect(hub.sent('POST /environments/Production/freeze')).toEqual([{ reason: '--until the sale is over' }]);
  });
});
