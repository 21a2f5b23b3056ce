import * as fc from 'fast-check';
import { type Bundle, keptOfParent, type SubmitBody } from '../../lambda/contract';
import { submit } from '../../lambda/domain/commands/submit';
import { Refused } from '../../lambda/domain/errors';
import type { AuditEvent, Release } from '../../lambda/domain/model';
import { bundleDigest } from '../../lambda/domain/release/bundle-digest';
import { executionName } from '../../lambda/domain/release/submission';
import { submit as submitByMachine } from '../../lambda/handlers/submit';
import { ALL, afterwards, FIREBREAK, opened } from './example-gate';
import { examplePlan, liveEnvironment } from './example-path';
import { type InMemoryPorts, inMemoryPorts } from './in-memory-ports';
import { exampleBody, publish } from './submission-body';

const PIPELINE = 'arn:aws:sts::111111111111:assumed-role/Pipeline/build-7';
const PLAN = [examplePlan('Integration', { firebreak: { ...FIREBREAK, when: ['movesMoney'] } }), examplePlan('Production', { firebreak: FIREBREAK })];

/** A hub with a plan and everything of these bodies published. */
function hub(...bodies: SubmitBody[]): InMemoryPorts {
  const ports = inMemoryPorts(PLAN);
  for (const body of bodies) publish(ports, body);
  return ports;
}

async function refusalOf(attempt: Promise<unknown>): Promise<Refused> {
  const outcome = await attempt.catch((error: unknown) => error);
  if (outcome instanceof Refused) return outcome;
  throw new Error(`expected a refusal, got ${JSON.stringify(outcome)}`);
}

/** The release comes to an end in the ledger. */
async function end(ports: InMemoryPorts, version: string, given: Partial<Release>, audit: readonly AuditEvent[] = []): Promise<void> {
  await ports.ledger.commit({ put: [{ ...((await ports.ledger.release(version)) as Release), ...given }], audit });
}

const live = (environment: string, digest: string) => liveEnvironment('1.1.0', environment, { live: { colour: 'blue', version: '1.1.0', digest } });

describe('a release that is submitted', () => {
  const body = exampleBody('1.1.0', PLAN, { changes: ['altersSchema', 'altersSchema'], origin: 'minor', changeClass: 'standard' });

  test('is registered with its plan and its seals, and starts on its path', async () => {
    const ports = hub(body);
    const view = await submit(ports, PIPELINE, body);
    expect(await ports.ledger.release('1.1.0')).toMatchObject({
      digest: body.digest,
      author: PIPELINE,
      attempt: 1,
      status: 'submitted',
      plan: PLAN,
      changes: ['altersSchema'],
      seals: Object.fromEntries(ports.bundles.files),
      execution: ports.machines.executionArn(executionName('1.1.0', 1, ports.clock.now())),
    });
    expect(ports.machines.started).toEqual([{ name: executionName('1.1.0', 1, ports.clock.now()), input: { contract: 1, release: '1.1.0' } }]);
    expect(view).toMatchObject({ origin: 'minor', changeClass: 'standard', status: 'submitted', activity: 'working', now: 'on its way to Integration' });
  });

  test('says in its event which firebreaks its declared changes switch on', async () => {
    const ports = hub(body);
    await submit(ports, PIPELINE, body);
    expect(ports.bus.published).toEqual([
      expect.objectContaining({
        what: 'ReleaseSubmitted',
        who: PIPELINE,
        detail: expect.objectContaining({ digest: body.digest, firebreaks: ['Production'] }),
      }),
    ]);
    const other = exampleBody('1.1.1', PLAN, { changes: ['needsManualTest'] });
    publish(ports, other);
    await submit(ports, PIPELINE, other);
    expect(ports.bus.published[1]?.detail).toMatchObject({ firebreaks: [] });
  });

  test('is of a project team and a normal change unless it says otherwise', async () => {
    const plain = exampleBody('1.2.0', PLAN);
    expect(await submit(hub(plain), PIPELINE, plain)).toMatchObject({ origin: 'major', changeClass: 'normal', changes: [] });
  });

  test('may be submitted while another one is in flight', async () => {
    const other = exampleBody('1.2.0', PLAN);
    const ports = hub(body, other);
    await submit(ports, PIPELINE, body);
    await submit(ports, PIPELINE, other);
    expect(ports.machines.attempts()).toEqual(['1.1.0-1', '1.2.0-1']);
  });

  test.each(['submitted', 'live'] as const)('again, while it is %s, is the one there is', async (status) => {
    const ports = hub(body);
    const first = await submit(ports, PIPELINE, body);
    await end(ports, '1.1.0', { status });
    ports.ledger.seed(...PLAN.map(({ environment }) => live(environment, body.digest)));
    const before = ports.ledger.snapshot();
    expect(await submit(ports, 'somebody else', body)).toMatchObject({ execution: first.execution, author: PIPELINE, status });
    expect(ports.ledger.snapshot()).toEqual(before);
    expect(ports.machines.started).toHaveLength(1);
  });

  test.each<['stopped' | 'rolledBack', string, boolean | undefined]>([
    ['stopped', 'just so', undefined],
    ['rolledBack', 'where that is said', true],
  ])('again, after it was %s, %s, is a new attempt, and everybody is asked again', async (status, _, again) => {
    const ports = hub(body);
    await submit(ports, PIPELINE, body);
    const at = ports.clock.now();
    await end(ports, '1.1.0', {
      status,
      reached: { Integration: 'live', Production: status },
      evidence: { 'Integration/health': { environment: 'Integration', test: 'health', verdict: 'passed', at } },
      aborted: { by: PIPELINE, reason: 'wrong week', at },
    });
    await ports.ledger.commit({ put: [afterwards(opened({ digest: body.digest }), ALL)], audit: [] });
    await submit(ports, PIPELINE, { ...body, again });
    const tried = await ports.ledger.release('1.1.0');
    expect(tried).toMatchObject({
      attempt: 2,
      status: 'submitted',
      reached: {},
      execution: ports.machines.executionArn(executionName('1.1.0', 2, ports.clock.now())),
    });
    expect(Object.keys(tried?.evidence ?? {})).toEqual(['Integration/health']);
    expect(tried?.aborted).toBeUndefined();
    expect((await ports.ledger.gates('1.1.0')).map((gate) => gate.status)).toEqual(['void']);
    expect(ports.machines.attempts()).toEqual(['1.1.0-1', '1.1.0-2']);
  });

  describe('again, after a person or live traffic has said no to it,', () => {
    const said = (what: AuditEvent['what'], who: string, why: string, detail = {}): AuditEvent => {
      return { at: '2026-11-20T16:30:00.000Z', what, release: '1.1.0', environment: 'Production', who, why, detail };
    };
    const ROLLED_BACK = said('ReleaseRolledBack', 'service-manager', 'wrong prices', { ticket: 'a1b2c3' });
    const fix = 'say so: ptl release 1.1.0 --again, or "again": true in what is submitted';

    test.each<[string, Release['status'], AuditEvent, string]>([
      ['rolled back', 'rolledBack', ROLLED_BACK, 'was rolled back in Production at 2026-11-20T16:30:00.000Z, ticket a1b2c3 (wrong prices)'],
      ['refused', 'stopped', said('GateRefused', 'on-call', 'demo failed'), 'was refused by on-call in Production at 2026-11-20T16:30:00.000Z (demo failed)'],
      [
        'aborted',
        'stopped',
        said('ReleaseAborted', 'service-manager', 'wrong week'),
        'was aborted by service-manager in Production at 2026-11-20T16:30:00.000Z (wrong week)',
      ],
    ])('%s, is refused, by every door, until that is asked for', async (_, status, event, how) => {
      const ports = hub(body);
      await submit(ports, PIPELINE, body);
      await end(ports, '1.1.0', { status }, [event]);
      const before = ports.ledger.snapshot();
      const message = `release 1.1.0 ${how}; what was rolled back, refused or aborted is tried once more only where that is asked for: if 1.1.0 is meant to be, ${fix}`;
      expect(await refusalOf(submit(ports, PIPELINE, body))).toMatchObject({ code: 'NeedsAgain', message, status: 409 });
      const byMachine = await submitByMachine(ports)({ execution: 'arn:build-7', body });
      expect(byMachine).toEqual({ outcome: 'refused', code: 'NeedsAgain', message });
      expect(ports.ledger.snapshot()).toEqual(before);
      expect(await submit(ports, PIPELINE, { ...body, again: true })).toMatchObject({ status: 'submitted' });
      expect(ports.machines.attempts()).toEqual(['1.1.0-1', '1.1.0-2']);
    });

    test('what became of an attempt before the last one does not count, nor of one that was not its own', async () => {
      const ports = hub(body);
      await submit(ports, PIPELINE, body);
      await end(ports, '1.1.0', { status: 'stopped' }, [said('GateRefused', 'on-call', 'demo failed')]);
      await submit(ports, PIPELINE, { ...body, again: true });
      await end(ports, '1.1.0', { status: 'stopped' }, [said('GateRefused', 'on-call', 'demo failed', { currentAttempt: false })]);
      expect(await submit(ports, PIPELINE, body)).toMatchObject({ status: 'submitted' });
    });
  });

  test('again, after it was stopped, keeps what it has declared: nobody gets past a firebreak by leaving a change out', async () => {
    const ports = hub(body);
    await submit(ports, PIPELINE, body);
    await end(ports, '1.1.0', { status: 'stopped' });
    expect(await submit(ports, PIPELINE, { ...body, changes: ['needsManualTest'] })).toMatchObject({ changes: ['altersSchema', 'needsManualTest'] });
  });

  test('may declare what any firebreak of its path knows, and goes on under way when the path no longer does', async () => {
    const moving = exampleBody('1.3.0', PLAN, { changes: ['movesMoney'] });
    const ports = hub(moving);
    expect(await submit(ports, PIPELINE, moving)).toMatchObject({ changes: ['movesMoney'] });
    const redeployed = inMemoryPorts([examplePlan('Integration'), examplePlan('Production')]);
    redeployed.ledger.seed((await ports.ledger.release('1.3.0')) as Release);
    expect(await submit(redeployed, PIPELINE, moving)).toMatchObject({ status: 'submitted', changes: ['movesMoney'] });
  });

  test('starts when it is submitted again after a crash between ledger and machine', async () => {
    const ports = hub(body);
    ports.machines.away = new Error('the process died');
    await expect(submit(ports, PIPELINE, body)).rejects.toThrow('the process died');
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ status: 'submitted', attempt: 1 });
    ports.machines.away = undefined;
    await submit(ports, PIPELINE, body);
    expect(ports.machines.attempts()).toEqual(['1.1.0-1']);
    expect(ports.ledger.happened()).toEqual(['ReleaseSubmitted']);
  });

  test('twice at the same instant is one release', async () => {
    const ports = hub(body);
    ports.ledger.raceNextCommit(async () => {
      await submit(ports, 'the faster one', body);
    });
    expect(await submit(ports, PIPELINE, body)).toMatchObject({ author: 'the faster one' });
    expect(ports.machines.started).toHaveLength(1);
    expect(ports.ledger.happened()).toEqual(['ReleaseSubmitted']);
  });
});

describe('a submission is refused, and nothing changes, when', () => {
  const good = exampleBody('1.1.0', PLAN);
  const [stack, ...others] = good.bundle.stacks;
  if (!stack) throw new Error('the example has stacks');
  const withBundle = (bundle: Bundle): SubmitBody => ({ ...good, bundle, digest: bundleDigest(bundle) });
  const elsewhere = { ...stack, template: { ...stack.template, key: 'other.json' } };
  const big = exampleBody('2.0.0', [
    examplePlan('Production', { slots: Array.from({ length: 500 }, (_, n) => ({ colour: `c${n}`, stackName: `Payments-${n}` })) }),
  ]);

  test.each<[string, SubmitBody, string, RegExp]>([
    ['the version has a slash', { ...good, version: '1/1' }, 'BadVersion', /"1\/1".*letters, digits, dots/],
    ['the version is empty', { ...good, version: '' }, 'BadVersion', /""/],
    ['the version is a dot', { ...good, version: '..' }, 'BadVersion', /"\.\."/],
    ['the version is too long', { ...good, version: 'x'.repeat(41) }, 'BadVersion', /1 to 40/],
    ['the version is the one of an app without a release', { ...good, version: 'unreleased' }, 'BadVersion', /"unreleased"/],
    ['the version is the name of what served before', { ...good, version: 'original' }, 'BadVersion', /"original" stands for "what served before any release"/],
    ['the digest is another bundle’s', { ...good, digest: 'f'.repeat(64) }, 'DigestMismatch', /got: ffff/],
    ['a slot is missing', withBundle({ stacks: others }), 'BundleIncomplete', /Payments-Integration-Blue \(blue of Integration\) is missing/],
    [
      'a stack is superfluous',
      withBundle({ stacks: [...good.bundle.stacks, { ...stack, stackName: 'Else' }] }),
      'BundleIncomplete',
      /Else \(blue of Integration\) is not wanted/,
    ],
    ['a stack is there twice', withBundle({ stacks: [...good.bundle.stacks, stack] }), 'BundleIncomplete', /Payments-Integration-Blue .* is not wanted/],
    [
      'a stack is said to be another colour',
      withBundle({ stacks: [...others, { ...stack, colour: 'green' }] }),
      'BundleIncomplete',
      /is missing.*is not wanted/,
    ],
    [
      'it declares a change that no firebreak knows',
      { ...good, changes: ['touchesPersonalData'] },
      'UnknownChange',
      /the change "touchesPersonalData"; known are altersSchema, needsManualTest, plannedOutage, movesMoney; .*cdk deploy/,
    ],
    [
      'it writes a change otherwise than its firebreak',
      { ...good, changes: ['movesMoney', 'AltersSchema', 'movsMonei'] },
      'UnknownChange',
      /"AltersSchema" \(did you mean "altersSchema"\?\), "movsMonei" \(did you mean "movesMoney"\?\); known are/,
    ],
    [
      'the key of a file does not tell its content',
      withBundle({ stacks: [...others, elsewhere] }),
      'KeyWithoutHash',
      /other\.json of Payments-Integration-Blue/,
    ],
  ])('%s', async (_title, body, code, message) => {
    const ports = hub(good, body);
    const before = ports.ledger.snapshot();
    const refused = await refusalOf(submit(ports, PIPELINE, body));
    expect([refused.code, refused.message]).toEqual([code, expect.stringMatching(message)]);
    expect(ports.ledger.snapshot()).toEqual(before);
    expect(ports.machines.started).toEqual([]);
  });

  test.each([
    ['a template', stack.template],
    ['an asset', stack.assets[0]],
  ])('%s is not published', async (_title, file) => {
    const ports = hub(good);
    const name = `${file?.bucket}/${file?.key}`;
    ports.bundles.files.delete(name);
    const before = ports.ledger.snapshot();
    const refused = await refusalOf(submit(ports, PIPELINE, good));
    expect(refused).toMatchObject({ code: 'MissingFile', message: expect.stringContaining(`${name} of Payments-Integration-Blue`), status: 400 });
    expect(refused.message).toContain('publish');
    expect(ports.ledger.snapshot()).toEqual(before);
    expect(ports.machines.started).toEqual([]);
  });

  test('its version is taken by other content', async () => {
    const ports = hub(good);
    await submit(ports, PIPELINE, good);
    const before = ports.ledger.snapshot();
    const [first, ...rest] = good.bundle.stacks;
    const other = withBundle({
      stacks: [{ ...(first ?? stack), template: { ...stack.template, hash: 'ab'.repeat(32), key: `${'ab'.repeat(32)}.json` } }, ...rest],
    });
    publish(ports, other);
    const refused = await refusalOf(submit(ports, PIPELINE, other));
    expect(refused).toMatchObject({ code: 'VersionTaken', message: expect.stringMatching(/submit this content under a new one/), status: 409 });
    expect(await refusalOf(submit(ports, PIPELINE, { ...other, again: true }))).toMatchObject({
      code: 'VersionTaken',
      message: expect.stringMatching(/got: \w+; this is not the content of \S+: submit what was built from its own source/),
    });
    expect(ports.ledger.snapshot()).toEqual(before);
  });

  test.each<[string, (body: SubmitBody) => SubmitBody]>([
    ['a file of it was overwritten since', (body) => body],
    ['its files are said to be elsewhere', (body) => JSON.parse(JSON.stringify(body).replaceAll('"key":"', '"key":"other/'))],
  ])('it is submitted again after it was stopped, and %s', async (_title, again) => {
    const ports = hub(good);
    await submit(ports, PIPELINE, good);
    await end(ports, '1.1.0', { status: 'stopped', reached: { Integration: 'live', Production: 'stopped' } });
    publish(ports, again(good));
    ports.bundles.files.set(`${stack.template.bucket}/${stack.template.key}`, 'etag-of-something-else');
    const before = ports.ledger.snapshot();
    const refused = await refusalOf(submit(ports, PIPELINE, again(good)));
    expect(refused).toMatchObject({ code: 'VersionTaken', message: expect.stringMatching(/is not what .* was registered with.*new one/), status: 409 });
    expect(ports.ledger.snapshot()).toEqual(before);
  });

  test.each(['submitted', 'live'] as const)('it is %s, and declares a change that it did not declare before', async (status) => {
    const ports = hub(good);
    await submit(ports, PIPELINE, good);
    await end(ports, '1.1.0', { status });
    ports.ledger.seed(...PLAN.map(({ environment }) => live(environment, good.digest)));
    const before = ports.ledger.snapshot();
    const refused = await refusalOf(submit(ports, PIPELINE, { ...good, changes: ['altersSchema'] }));
    expect(refused).toMatchObject({ code: 'UndeclaredChange', message: expect.stringMatching(/altersSchema.*new version/), status: 409 });
    expect(ports.ledger.snapshot()).toEqual(before);
  });

  test('it is under way, and declares a change that its path does not know', async () => {
    const ports = hub(good);
    await submit(ports, PIPELINE, good);
    const before = ports.ledger.snapshot();
    const refused = await refusalOf(submit(ports, PIPELINE, { ...good, changes: ['alterSchema'] }));
    expect(refused).toMatchObject({ code: 'UnknownChange', message: expect.stringContaining('did you mean "altersSchema"?'), status: 400 });
    expect(ports.ledger.snapshot()).toEqual(before);
  });

  test('an environment is still taken by an earlier attempt of it', async () => {
    const ports = hub(good);
    await submit(ports, PIPELINE, good);
    await end(ports, '1.1.0', { status: 'stopped' });
    const lock = { release: '1.1.0', execution: 'arn:earlier', colour: 'blue', since: ports.clock.now(), shifted: true };
    await ports.ledger.commit({ put: [{ ...(await ports.ledger.environment('Integration')), lock }], audit: [] });
    const before = ports.ledger.snapshot();
    const refused = await refusalOf(submit(ports, PIPELINE, good));
    expect(refused).toMatchObject({ code: 'StillInside', message: expect.stringMatching(/1\.1\.0.*Integration.*arn:earlier/), status: 409 });
    expect(ports.ledger.snapshot()).toEqual(before);
    expect(ports.machines.started).toHaveLength(1);
  });

  test('the path was not deployed yet', async () => {
    const ports = inMemoryPorts();
    expect(await refusalOf(submit(ports, PIPELINE, good))).toMatchObject({ code: 'NoPath', message: expect.stringContaining('cdk deploy') });
  });

  test('it is too large for the ledger', async () => {
    const slots = big.bundle.stacks.map(({ colour, stackName }) => ({ colour, stackName }));
    const ports = inMemoryPorts([examplePlan('Production', { slots })]);
    publish(ports, big);
    const before = ports.ledger.snapshot();
    expect(await refusalOf(submit(ports, PIPELINE, big))).toMatchObject({
      code: 'TooLarge',
      message: expect.stringMatching(/takes \d+ bytes .* allowed are 300000/),
    });
    expect(ports.ledger.snapshot()).toEqual(before);
  });
});

test('no two attempts have the same execution name, and none is too long for its children', () => {
  const version = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/);
  const attempt = fc.record({ version, attempt: fc.integer({ min: 1, max: 9999 }), second: fc.constantFrom(1_767_603_600, 1_767_603_601, 4_000_000_000) });
  fc.assert(
    fc.property(attempt, attempt, (a, b) => {
      const [one, other] = [a, b].map(({ second, ...each }) => executionName(each.version, each.attempt, new Date(second * 1_000).toISOString()));
      expect(one === other).toBe(a.version === b.version && a.attempt === b.attempt && a.second === b.second);
      expect(keptOfParent('LongestEnvironment20')).toBeGreaterThanOrEqual(String(one).length);
    }),
  );
});
