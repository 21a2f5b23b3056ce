import type { SubmitBody } from '../../lambda/contract';
import { abort } from '../../lambda/domain/commands/abort';
import { viewRelease } from '../../lambda/domain/commands/read';
import { submit as submitByApi } from '../../lambda/domain/commands/submit';
import type { AuditEvent, Release } from '../../lambda/domain/model';
import { isNewer } from '../../lambda/domain/turns/take-place';
import { submit } from '../../lambda/handlers/submit';
import { examplePlan } from './example-path';
import { type InMemoryPorts, inMemoryPorts } from './in-memory-ports';
import { exampleBody, publish } from './submission-body';

const PLAN = [examplePlan('Production')];
const PIPELINE = 'arn:aws:sts::111111111111:assumed-role/pipeline/service-manager';
const EVICTED = { by: PIPELINE, reason: 'card payments fail', at: '2026-01-05T09:00:00.000Z', superseded: '1.0.1', evicted: true } as const;

async function submitted(ports: InMemoryPorts, version: string, given: Partial<SubmitBody> = {}): Promise<void> {
  const body = exampleBody(version, PLAN, given);
  publish(ports, body);
  await submitByApi(ports, PIPELINE, body);
}

/** 1.1.0 was evicted by 1.0.1. */
async function world(evicted: Partial<Release>, emergency: Partial<Release>): Promise<InMemoryPorts> {
  const ports = inMemoryPorts(PLAN);
  await submitted(ports, '1.1.0', { changes: ['altersSchema'] });
  await submitted(ports, '1.0.1', { emergency: 'card payments fail' });
  const change = async (version: string, given: Partial<Release>) => ports.ledger.seed({ ...((await ports.ledger.release(version)) as Release), ...given });
  await change('1.1.0', { aborted: EVICTED, ...evicted });
  await change('1.0.1', emergency);
  return ports;
}

const anew = (ports: InMemoryPorts) =>
  submit(ports)({ execution: 'arn:aws:states:eu-west-2:111111111111:execution:Payments-submit:e1', body: { requeue: { release: '1.1.0', after: '1.0.1' } } });

test('what an emergency evicted goes through its path once more as it was submitted, when both have ended', async () => {
  const ports = await world({ status: 'stopped' }, { status: 'live' });
  expect(await anew(ports)).toMatchObject({ outcome: 'submitted', release: '1.1.0' });
  const release = await ports.ledger.release('1.1.0');
  expect(release).toMatchObject({ attempt: 2, status: 'submitted', author: PIPELINE, changes: ['altersSchema'], reached: {}, requeuedAfter: '1.0.1' });
  expect(release?.aborted).toBeUndefined();
  expect(ports.machines.attempts()).toEqual(['1.1.0-1', '1.0.1-1', '1.1.0-2']);
  expect((await ports.ledger.audit('1.1.0')).at(-1)).toMatchObject({ what: 'ReleaseSubmitted', who: PIPELINE, detail: { attempt: 2, requeuedAfter: '1.0.1' } });
});

test('asked twice, it goes once; after a crash before its machine started, asking again starts it', async () => {
  const ports = await world({ status: 'stopped' }, { status: 'stopped' });
  ports.machines.away = new Error('no');
  await expect(anew(ports)).rejects.toThrow('no');
  ports.machines.away = undefined;
  await anew(ports);
  await anew(ports);
  expect((await ports.ledger.release('1.1.0'))?.attempt).toBe(2);
  expect(ports.machines.attempts()).toEqual(['1.1.0-1', '1.0.1-1', '1.1.0-2']);
});

test.each<[string, Partial<Release>, Partial<Release>]>([
  ['has not stopped yet', { status: 'submitted' }, { status: 'live' }],
  ['gave way to one that is on its way', { status: 'stopped' }, { status: 'submitted' }],
  ['was submitted by somebody meanwhile', { status: 'submitted', aborted: undefined }, { status: 'live' }],
  ['was aborted by a person', { status: 'stopped', aborted: { by: PIPELINE, reason: 'wrong', at: EVICTED.at } }, { status: 'live' }],
  ['was superseded by a newer one', { status: 'stopped', aborted: { ...EVICTED, evicted: undefined } }, { status: 'live' }],
])('what %s is not submitted', async (_what, evicted, emergency) => {
  const ports = await world(evicted, emergency);
  const before = ports.ledger.snapshot();
  expect(await anew(ports)).toMatchObject({ outcome: 'submitted', release: '1.1.0' });
  expect(ports.ledger.snapshot()).toEqual(before);
  expect(ports.machines.started).toHaveLength(2);
});

test('an emergency is one by its change class, too, and needs a reason', async () => {
  const ports = inMemoryPorts(PLAN);
  await submitted(ports, '1.0.1', { emergency: ' card payments fail ' });
  expect(await ports.ledger.release('1.0.1')).toMatchObject({ changeClass: 'emergency', emergency: 'card payments fail' });
  const body = exampleBody('1.0.2', PLAN, { emergency: ' ' });
  expect(await submit(ports)({ execution: 'e', body })).toMatchObject({
    outcome: 'refused',
    message: expect.stringContaining('emergency must say why it is one'),
  });
});

test('a request that names nothing is refused with what it lacks', async () => {
  const ports = inMemoryPorts(PLAN);
  expect(await submit(ports)({ execution: 'e', body: { requeue: {} } })).toMatchObject({ outcome: 'refused', code: 'BadInput' });
  expect(await submit(ports)({ execution: 'e', body: { requeue: { release: '9.9.9', after: '1.0.1' } } })).toMatchObject({ code: 'UnknownRelease' });
});

test('it comes back as old as it was: where the newest wins, what was submitted meanwhile is newer', async () => {
  const ports = await world({ status: 'stopped' }, { status: 'live' });
  const first = (await ports.ledger.release('1.1.0')) as Release;
  ports.clock.advance(60);
  await submitted(ports, '1.2.0');
  ports.clock.advance(60);
  await anew(ports);
  const [again, newer] = [(await ports.ledger.release('1.1.0')) as Release, (await ports.ledger.release('1.2.0')) as Release];
  expect(again).toMatchObject({ attempt: 2, authoredAt: first.submittedAt });
  expect([again.submittedAt > newer.submittedAt, isNewer(again, newer), isNewer(newer, again)]).toEqual([true, false, true]);
  ports.ledger.seed({ ...again, status: 'stopped', aborted: EVICTED });
  await anew(ports);
  expect(await ports.ledger.release('1.1.0')).toMatchObject({ attempt: 3, authoredAt: first.submittedAt });
});

test('that its author submits it is another matter: it is as new as that', async () => {
  const ports = await world({ status: 'stopped' }, { status: 'live' });
  await anew(ports);
  ports.ledger.seed({ ...((await ports.ledger.release('1.1.0')) as Release), status: 'stopped' });
  await submitted(ports, '1.1.0', { changes: ['altersSchema'] });
  const release = await ports.ledger.release('1.1.0');
  expect(release).toMatchObject({ attempt: 3 });
  expect(release).not.toHaveProperty('authoredAt');
});

const event = (what: AuditEvent['what'], at: string): AuditEvent => ({
  at,
  what,
  release: '1.1.0',
  environment: 'Integration',
  who: PIPELINE,
  why: 'slow',
  detail: {},
});

test.each<[string, AuditEvent['what']]>([
  ['rolled back where it was live before', 'ReleaseRolledBack'],
  ['refused at its go/no-go before its machine had stopped', 'GateRefused'],
])('what was %s does not come back by itself', async (_what, what) => {
  const ports = await world({ status: 'stopped' }, { status: 'live' });
  await ports.ledger.commit({ put: [], audit: [event(what, ports.clock.now())] });
  expect(await anew(ports)).toMatchObject({ outcome: 'refused', code: 'NeedsAgain' });
  expect(await ports.ledger.release('1.1.0')).toMatchObject({ attempt: 1, status: 'stopped' });
});

test.each([
  'submitted',
  'stopped',
] as const)('what somebody aborts that was evicted, and is %s, does not come back, and the emergency says so', async (status) => {
  const ports = await world({ status }, { evicted: ['1.1.0'] });
  expect(await viewRelease(ports, '1.0.1')).not.toHaveProperty('staysAway');
  await abort(ports, 'arn:service-manager', '1.1.0', { reason: 'not any more' });
  expect(await viewRelease(ports, '1.0.1')).toMatchObject({ evicted: ['1.1.0'], staysAway: ['1.1.0'] });
  const release = (await ports.ledger.release('1.1.0')) as Release;
  expect([release.status, release.aborted]).toEqual([status, { by: 'arn:service-manager', reason: 'not any more', at: ports.clock.now() }]);
  ports.ledger.seed({ ...((await ports.ledger.release('1.0.1')) as Release), status: 'live' }, { ...release, status: 'stopped' });
  await anew(ports);
  expect((await ports.ledger.release('1.1.0'))?.attempt).toBe(1);
  await expect(submitted(ports, '1.1.0', { changes: ['altersSchema'] })).rejects.toThrow('was aborted by arn:service-manager');
});

const SAID = { replaceTarget: 'mends orders', fixForward: 'alarms are old' };
const UNSAID = { replaceTarget: undefined, fixForward: undefined };
test.each<[Release['reached'], Release['reached'], Partial<Release>]>([
  [{}, { Production: 'stopped' }, SAID],
  [{ Production: 'live' }, { Production: 'stopped' }, UNSAID],
  [{ Integration: 'live', Production: 'stopped' }, { Integration: 'live', Production: 'stopped' }, SAID],
  [{ Integration: 'live', Production: 'live' }, { Integration: 'live', Production: 'stopped' }, UNSAID],
  [{ Integration: 'live' }, { Integration: 'stopped' }, UNSAID],
])('what was said about the version that was live then is not said about the emergency (%j, it was %j)', async (reached, was, expected) => {
  const ports = await world({ status: 'stopped', ...SAID, reached: was }, { status: 'live', reached });
  await anew(ports);
  const { replaceTarget, fixForward, attempt } = (await ports.ledger.release('1.1.0')) as Release;
  expect([attempt, { replaceTarget, fixForward }]).toEqual([2, expected]);
});
