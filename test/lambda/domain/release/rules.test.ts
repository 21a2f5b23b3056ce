import type { OwnTaskInput, SubmitBody } from '../../../../lambda/contract';
import { Refused } from '../../../../lambda/domain/errors';
import type { AuditEvent, Release } from '../../../../lambda/domain/model';
import { checkChanges, checkSameChanges, knownChanges } from '../../../../lambda/domain/release/declared-changes';
import { checkTriedAgain, goesOnceMore } from '../../../../lambda/domain/release/once-more';
import { arrived } from '../../../../lambda/domain/release/own-release';
import { brokenSeal, isOfCurrentAttempt, statusInWords } from '../../../../lambda/domain/release/release';
import {
  checkBody,
  checkKeys,
  checkOutside,
  checkSameDigest,
  checkSameFiles,
  checkStacks,
  checkVersion,
  executionName,
  register,
  submitted,
} from '../../../../lambda/domain/release/submission';
import { FIREBREAK } from '../../example-gate';
import { examplePlan, exampleRelease, liveEnvironment, taskInput } from '../../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const PLAN = [examplePlan('Integration'), examplePlan('Production', { firebreak: FIREBREAK })];
const RELEASE = exampleRelease('1.1.0', PLAN);
const body = (given: Partial<SubmitBody> = {}): SubmitBody => ({ version: '1.1.0', digest: RELEASE.digest, bundle: RELEASE.bundle, ...given });
const [FIRST, SECOND, ...REST] = RELEASE.bundle.stacks as [Stack, Stack, ...Stack[]];
type Stack = Release['bundle']['stacks'][number];

function refusalOf(check: () => unknown): unknown[] {
  try {
    check();
  } catch (error) {
    if (error instanceof Refused) return [error.code, error.message];
    throw error;
  }
  return [];
}

describe('a submission is refused in words that say what to do:', () => {
  const FIX = 'synthesize the release from the app the platform was deployed from, or run cdk deploy for the platform first';
  const stacks = (...given: Stack[]) => refusalOf(() => checkStacks(PLAN, { stacks: given }));
  const notOne = 'the bundle is not the one stack for each slot that the path needs: ';

  test('every slot of the path needs one stack, and nothing else one', () => {
    const name = `${FIRST.stackName} (${FIRST.colour} of Integration)`;
    expect(stacks(FIRST, SECOND, ...REST)).toEqual([]);
    expect(stacks(SECOND, ...REST)).toEqual(['BundleIncomplete', `${notOne}${name} is missing; ${FIX}`]);
    expect(stacks(FIRST, FIRST, SECOND, ...REST)).toEqual(['BundleIncomplete', `${notOne}${name} is not wanted; ${FIX}`]);
    const strange = { ...FIRST, colour: 'red' };
    expect(stacks(strange, SECOND, ...REST)).toEqual([
      'BundleIncomplete',
      `${notOne}${name} is missing; ${FIRST.stackName} (red of Integration) is not wanted; ${FIX}`,
    ]);
    expect(refusalOf(() => checkStacks([], { stacks: [] }))).toEqual([
      'NoPath',
      'the path has no environment yet; run cdk deploy for the platform before you submit a release',
    ]);
  });

  test('every file says its hash, templates and assets alike', () => {
    const file = { ...FIRST.template, key: 'code.zip', hash: 'abc' };
    const words = `the file ${file.bucket}/code.zip of ${FIRST.stackName} does not carry its hash abc in its key; publish files under their hash, as the CDK does`;
    const good = { ...file, key: 'abc.zip' };
    expect(refusalOf(() => checkKeys({ stacks: [{ ...FIRST, template: good, assets: [good] }] }))).toEqual([]);
    expect(refusalOf(() => checkKeys({ stacks: [{ ...FIRST, template: file, assets: [] }] }))).toEqual(['KeyWithoutHash', words]);
    expect(refusalOf(() => checkKeys({ stacks: [{ ...FIRST, template: good, assets: [good, file] }] }))).toEqual(['KeyWithoutHash', words]);
  });

  test.each<[string, string]>([
    ['1.1.0', ''],
    ['unreleased', 'the version "unreleased" stands for "no release"; give the release a version of its own'],
    ['original', 'the version "original" stands for "what served before any release"; give the release a version of its own'],
    ['a b', 'the version "a b" cannot name an execution; use 1 to 40 letters, digits, dots, hyphens and underscores, the first a letter or a digit'],
  ])('the version %s', (version, message) => {
    expect(refusalOf(() => checkVersion(version))).toEqual(message ? ['BadVersion', message] : []);
  });

  test('the digest is that of the bundle', () => {
    const [code, message] = refusalOf(() => checkBody(body({ digest: 'mine' })));
    expect([code, message]).toEqual([
      'DigestMismatch',
      expect.stringMatching(/^the bundle of "1\.1\.0" has digest [0-9a-f]{64}, got: mine; submit it with a ptl of the hub's version$/),
    ]);
  });

  test('a version is one content for ever', () => {
    const taken = (again?: boolean) => refusalOf(() => checkSameDigest(RELEASE, { version: '1.1.0', digest: 'other', again }));
    const about = 'the version "1.1.0" is registered with digest digest-of-1.1.0, got: other; ';
    expect(refusalOf(() => checkSameDigest(RELEASE, { version: '1.1.0', digest: RELEASE.digest }))).toEqual([]);
    expect(taken()).toEqual(['VersionTaken', `${about}a version never changes, submit this content under a new one`]);
    expect(taken(true)).toEqual([
      'VersionTaken',
      `${about}this is not the content of 1.1.0: submit what was built from its own source, with the same context, or its kept assembly`,
    ]);
    const [file = ''] = Object.keys(RELEASE.seals);
    expect(refusalOf(() => checkSameFiles(RELEASE, RELEASE.seals))).toEqual([]);
    expect(refusalOf(() => checkSameFiles(RELEASE, { ...RELEASE.seals, [file]: 'other' }))).toEqual([
      'VersionTaken',
      `the file ${file} is not what the version "1.1.0" was registered with; a version never changes, submit this content under a new one`,
    ]);
  });

  test('an earlier attempt has left every environment', () => {
    const lock = { release: '1.1.0', execution: 'e', colour: 'green', since: NOW, shifted: false };
    const check = (held: typeof lock) =>
      refusalOf(() => checkOutside(RELEASE, [liveEnvironment('1.0.0', 'Integration'), liveEnvironment('1.0.0', 'Production', { lock: held })]));
    expect(check({ ...lock, release: '1.2.0' })).toEqual([]);
    expect(check(lock)).toEqual(['StillInside', 'release 1.1.0 is still in Production, by e; submit it again when it has ended there, ptl status says when']);
  });

  test('what it declares is known to a firebreak, and was declared before', () => {
    const known = knownChanges(PLAN);
    expect(known).toEqual([...new Set(known)]);
    const [code, message] = refusalOf(() => checkChanges(PLAN, body({ changes: ['altersSchema', 'altersShema', 'x', 'x'] })));
    expect([code, message]).toEqual([
      'UnknownChange',
      expect.stringMatching(
        /^no firebreak of the path knows the change "altersShema".*altersSchema.*, "x"; known are .*altersSchema.*; declare one of those, or have a firebreak know it by \.when\(Change\.named\(…\)\) and run cdk deploy for the platform first$/,
      ),
    ]);
    expect(refusalOf(() => checkChanges(PLAN, body()))).toEqual([]);
    const more = (status: Release['status']) => refusalOf(() => checkSameChanges({ ...RELEASE, status, changes: ['a'] }, body({ changes: ['a', 'b', 'c'] })));
    expect(more('live')).toEqual(['UndeclaredChange', 'release 1.1.0 is live and did not declare b, c; submit it as a new version']);
    expect(more('submitted')).toEqual([
      'UndeclaredChange',
      'release 1.1.0 is submitted and did not declare b, c; abort it and submit it with --again, or submit it as a new version',
    ]);
    expect(refusalOf(() => checkSameChanges(RELEASE, body()))).toEqual([]);
  });
});

describe('once more', () => {
  const SAY = 'say so: ptl release 1.1.0 --again, or "again": true in what is submitted';
  const event = (what: AuditEvent['what'], given: Partial<AuditEvent> = {}): AuditEvent => ({
    at: NOW,
    what,
    release: '1.1.0',
    who: 'arn:service-manager',
    detail: {},
    ...given,
  });
  const tried = (status: Release['status'], audit: readonly AuditEvent[], given: Partial<SubmitBody> = {}) =>
    refusalOf(() => checkTriedAgain({ ...RELEASE, status }, audit, body(given)));
  const needs = (how: string) => [
    'NeedsAgain',
    `release 1.1.0 ${how}; what was rolled back, refused or aborted is tried once more only where that is asked for: if 1.1.0 is meant to be, ${SAY}`,
  ];
  const where = { environment: 'Production' };

  test.each<[string, Release['status'], readonly AuditEvent[], unknown[]]>([
    ['goes what a test stopped', 'stopped', [], []],
    ['goes only by its name what was rolled back', 'rolledBack', [], needs('was rolled back')],
    [
      'goes only by its name what was rolled back, with its ticket',
      'rolledBack',
      [event('ReleaseRolledBack', { ...where, detail: { ticket: 'abc' }, why: 'slow' })],
      needs(`was rolled back in Production at ${NOW}, ticket abc (slow)`),
    ],
    ['goes only by its name what was refused', 'stopped', [event('GateRefused', where)], needs(`was refused by arn:service-manager in Production at ${NOW}`)],
    ['goes only by its name what was aborted', 'stopped', [event('ReleaseAborted')], needs(`was aborted by arn:service-manager at ${NOW}`)],
    ['goes what an earlier attempt was refused in', 'stopped', [event('GateRefused'), event('ReleaseSubmitted')], []],
    ['goes what another machine was refused in', 'stopped', [event('GateRefused', { detail: { currentAttempt: false } })], []],
    [
      'says the last of several',
      'stopped',
      [event('GateRefused', { at: 'first' }), event('GateRefused', { at: 'last' })],
      needs('was refused by arn:service-manager at last'),
    ],
  ])('%s', (_, status, audit, refusal) => {
    expect(tried(status, audit)).toEqual(refusal);
    expect(tried(status, audit, { again: true })).toEqual([]);
  });

  test('goes what was replaced, where that is asked for', () => {
    const live = { colour: 'blue', version: '1.1.0', digest: RELEASE.digest };
    const here = liveEnvironment('1.1.0', 'Integration', { live });
    const replaced = liveEnvironment('1.2.0', 'Production');
    const again = body({ again: true });
    expect([goesOnceMore(RELEASE, [here, replaced], again), goesOnceMore(RELEASE, [replaced, here], again), goesOnceMore(RELEASE, [here], again)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([goesOnceMore(RELEASE, [replaced, here], body()), goesOnceMore(RELEASE, [], body())]).toEqual([false, false]);
    expect(refusalOf(() => goesOnceMore(RELEASE, [here, replaced], body()))).toEqual([
      'Replaced',
      `release 1.1.0 went live in Production before, and 1.2.0 is live there now; if 1.1.0 is meant to go through its path once more, ${SAY}`,
    ]);
  });
});

describe('a release that is registered', () => {
  const submission = {
    body: body(),
    migrations: [],
    plan: PLAN,
    seals: RELEASE.seals,
    author: 'arn:pipeline',
    now: NOW,
    executionArn: (name: string) => `arn:${name}`,
  };

  test('begins its next attempt with nothing reached, and keeps what was declared and proved', () => {
    const evidence = { 'Integration/health': { environment: 'Integration', test: 'health', verdict: 'passed' as const, at: 'then' } };
    const before = { ...RELEASE, revision: 7, attempt: 2, changes: ['a'], evidence, reached: { Integration: 'stopped' as const }, submittedAt: 'then' };
    const release = register({ ...submission, body: body({ changes: ['a', 'b'] }), registered: before });
    expect(release).toMatchObject({
      revision: 7,
      attempt: 3,
      changes: ['a', 'b'],
      evidence,
      reached: {},
      status: 'submitted',
      registeredAt: 'then',
      submittedAt: NOW,
    });
    expect(release.execution).toBe('arn:1.1.0-3-260105090000');
    expect(register(submission)).toMatchObject({
      revision: 0,
      attempt: 1,
      changes: [],
      evidence: {},
      registeredAt: NOW,
      origin: 'major',
      changeClass: 'normal',
    });
    expect(register(submission)).not.toHaveProperty('migrations');
  });

  test('fits into the ledger', () => {
    const large = { ...submission, body: body({ bundle: { stacks: Array(1_200).fill(FIRST) } }) };
    expect(refusalOf(() => register(large))).toEqual([
      'TooLarge',
      expect.stringMatching(
        /^the release "1\.1\.0" takes \d{6} bytes in the ledger, allowed are 300000; it has 1200 stacks: use fewer assets a stack, or split the path$/,
      ),
    ]);
  });

  test('says in its event which firebreaks are on, and what it brings', () => {
    expect(submitted({ ...RELEASE, changes: ['altersSchema'] }).detail).toMatchObject({ firebreaks: ['Production'], attempt: 1, origin: 'major' });
    expect(submitted(RELEASE).detail).toMatchObject({ firebreaks: [] });
    expect(submitted(RELEASE).detail).not.toHaveProperty('migrations');
    const migrations = [{ name: 'add', kind: 'expand', timeoutSeconds: 1 }] as unknown as Release['migrations'];
    expect(submitted({ ...RELEASE, migrations }).detail.migrations).toEqual([{ name: 'add', kind: 'expand' }]);
  });

  test('has executions of its own', () => {
    expect(executionName('1.1.0', 2, NOW)).toBe('1.1.0-2-260105090000');
    expect(isOfCurrentAttempt(RELEASE, { ...taskInput('1.1.0'), execution: RELEASE.execution })).toBe(true);
    expect(isOfCurrentAttempt(RELEASE, { ...taskInput('1.1.0'), execution: `${RELEASE.execution}-Integration` })).toBe(false);
    expect([statusInWords({ status: 'rolledBack' }), statusInWords({ status: 'stopped' })]).toEqual(['rolled back', 'stopped']);
  });

  test('has files that are what they were, or its failure says which is not', () => {
    const [file] = RELEASE.bundle.stacks.map(({ template }) => template) as [Stack['template']];
    const key = `${file.bucket}/${file.key}`;
    const at = { step: 'Enter Production', task: taskInput('1.1.0') };
    const about = { step: at.step, subject: `file ${key}`, logs: at.task.execution };
    const was = `as it was registered, ETag ${RELEASE.seals[key]}`;
    const broken = (found: Record<string, string>, release = RELEASE) => brokenSeal(release, [file], found, at);
    expect(broken(RELEASE.seals as Record<string, string>)).toBeUndefined();
    expect(broken({})).toEqual({ ...about, expected: was, actual: 'not there: publish the release again, or submit it as a new version' });
    expect(broken({ [key]: 'x' })).toEqual({ ...about, expected: was, actual: 'changed since, ETag x: submit it as a new version' });
    expect(broken({ [key]: 'x' }, { ...RELEASE, seals: {} })).toMatchObject({ expected: 'registered with the release' });
  });
});

describe('a release that a team’s own machine brings', () => {
  const input = { ...taskInput('1.1.0'), digest: 'digest-of-1.1.0', plan: PLAN[1] } as unknown as OwnTaskInput;
  const arrive = (given: Partial<OwnTaskInput> = {}, registered?: Release) =>
    arrived({ input: { ...input, ...given }, changes: [], registered, states: [], now: NOW });

  test.each(['1234567', 'with a blank', 'x'.repeat(201), undefined, 'umläut-x'])('needs a digest that tells its content, not %j', (digest) => {
    const fix = 'give what tells this content from any other, for example the digest of the image or the id of the commit: 8 to 200 characters, no blanks';
    expect(refusalOf(() => arrive({ digest: digest as never }))).toEqual(['BadDigest', `the digest of "1.1.0" is ${JSON.stringify(digest)}; ${fix}`]);
  });

  test.each(['12345678', 'x'.repeat(200)])('may have the digest %s', (digest) => {
    expect(arrive({ digest })).toMatchObject({ digest, author: input.execution, execution: input.execution, plan: [PLAN[1]], seals: {} });
  });

  test('comes by with one environment after the other, each once', () => {
    const one = arrive({ plan: PLAN[0] });
    const two = arrive({}, one);
    expect(two.plan.map(({ environment, order }) => [environment, order])).toEqual([
      ['Integration', PLAN[0]?.order],
      ['Production', 1],
    ]);
    expect(arrive({}, two)).toBe(two);
  });
});
