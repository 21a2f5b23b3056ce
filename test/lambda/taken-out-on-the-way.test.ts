import type { OpenGateInput } from '../../lambda/contract';
import { requeue } from '../../lambda/domain/commands/requeue';
import type { Release } from '../../lambda/domain/model';
import { finish } from '../../lambda/handlers/finish';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { openGate } from '../../lambda/handlers/open-gate';
import { stop } from '../../lambda/handlers/stop';
import { call } from './api-call';
import { FIREBREAK, session } from './example-gate';
import { examplePlan } from './example-path';
import { Walk } from './walk';

const plan = [examplePlan('Integration'), examplePlan('Production', { firebreak: FIREBREAK })];
const reason = { reason: 'wrong prices' };

/** 1.0.0 is live everywhere, 1.1.0 in Integration. */
async function halfWay(): Promise<Walk> {
  const walk = new Walk(plan);
  await walk.through('1.0.0');
  await walk.submit('1.1.0');
  await walk.intoShadow('1.1.0', 'Integration');
  await walk.takeOver('1.1.0', 'Integration');
  return walk;
}

const rollBackIntegration = (walk: Walk) => call(walk.ports, session('ReleaseManager'), 'POST /environments/Integration/roll-back', reason);
const releaseOf = async (walk: Walk) => (await walk.ports.ledger.release('1.1.0')) as Release;

test('a release that waits at a firebreak further on is rolled back: nobody is asked any more, and its machine is told', async () => {
  const walk = await halfWay();
  const release = await releaseOf(walk);
  walk.ports.ledger.seed({ ...release, changes: FIREBREAK.when });
  const { execution } = release;
  const input: OpenGateInput = { environment: 'Production', release: '1.1.0', execution, gate: 'firebreak', token: 'the token' };
  await openGate(walk.ports)(input);
  expect((await rollBackIntegration(walk)).status).toBe(200);
  expect(await walk.ports.ledger.gate('1.1.0', 'Production', 'firebreak')).toMatchObject({ status: 'void' });
  expect(walk.ports.machines.answers).toEqual([
    { token: 'the token', answer: { success: { outcome: 'refused', failure: expect.objectContaining({ actual: expect.stringContaining('wrong prices') }) } } },
  ]);
  expect(await releaseOf(walk)).toMatchObject({ status: 'submitted', reached: { Integration: 'rolledBack' }, aborted: { by: session('ReleaseManager') } });
  expect((await walk.ports.ledger.environment('Integration')).live?.version).toBe('1.0.0');
});

test('a release in the shadow further on stops there', async () => {
  const walk = await halfWay();
  await walk.intoShadow('1.1.0', 'Production');
  await rollBackIntegration(walk);
  const [lock, release] = [(await walk.ports.ledger.environment('Production')).lock, await releaseOf(walk)];
  const shift = { environment: 'Production', release: '1.1.0', execution: lock?.execution ?? '', colour: lock?.colour ?? '', percent: 10 };
  expect(await moveTraffic(walk.ports)(shift)).toMatchObject({
    outcome: 'refused',
    failure: { actual: expect.stringContaining('rolled back in Integration') },
  });
  expect(release.aborted?.reason).toBe('rolled back in Integration: wrong prices');
});

test('it has only stopped there, and goes live again behind it only when somebody says so', async () => {
  const walk = await halfWay();
  await rollBackIntegration(walk);
  const { execution } = await releaseOf(walk);
  await finish(walk.ports)({ release: '1.1.0', execution, outcome: 'stopped', environment: 'Production' });
  expect(await releaseOf(walk)).toMatchObject({ status: 'stopped' });
  const message = expect.stringContaining('release 1.1.0 was rolled back in Integration at');
  expect(await walk.submit('1.1.0')).toMatchObject({ status: 409, body: { code: 'NeedsAgain', message } });
  expect((await walk.submit('1.1.0', { again: true })).body).toMatchObject({ status: 'submitted' });
});

test('a release with traffic further on is left to who rolls that environment back', async () => {
  const walk = await halfWay();
  await walk.intoShadow('1.1.0', 'Production');
  const { lock } = await walk.ports.ledger.environment('Production');
  const task = { environment: 'Production', release: '1.1.0', execution: lock?.execution ?? '', colour: lock?.colour ?? '' };
  expect(await moveTraffic(walk.ports)({ ...task, percent: 10 })).toEqual({ outcome: 'shifted' });
  await rollBackIntegration(walk);
  expect(await releaseOf(walk)).toMatchObject({ status: 'submitted', reached: { Integration: 'rolledBack', Production: 'shifting' } });
  expect((await releaseOf(walk)).aborted).toBeUndefined();
  expect(await moveTraffic(walk.ports)({ ...task, percent: 50 })).toEqual({ outcome: 'shifted' });
});

test('one that an emergency has evicted further on does not come back by itself', async () => {
  const walk = await halfWay();
  await walk.intoShadow('1.1.0', 'Production');
  await walk.submit('1.0.1', { emergency: 'card payments fail' });
  const emergency = (await walk.ports.ledger.release('1.0.1')) as Release;
  const aborted = { by: emergency.author, reason: 'card payments fail', at: '2026-01-05T09:00:00.000Z', superseded: '1.0.1', evicted: true } as const;
  walk.ports.ledger.seed({ ...(await releaseOf(walk)), aborted }, { ...emergency, status: 'stopped' });
  await rollBackIntegration(walk);
  const { lock } = await walk.ports.ledger.environment('Production');
  const failure = { step: 's', subject: 'the release', expected: 'not evicted', actual: 'evicted', logs: '', superseded: '1.0.1' };
  await stop(walk.ports)({ environment: 'Production', release: '1.1.0', execution: lock?.execution ?? '', failure });
  expect(await releaseOf(walk)).toMatchObject({ status: 'stopped', reached: { Integration: 'rolledBack' } });
  await expect(requeue(walk.ports, { release: '1.1.0', after: '1.0.1' })).rejects.toThrow('was rolled back in Integration');
});
