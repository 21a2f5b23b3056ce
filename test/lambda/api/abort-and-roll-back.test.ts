import type { RollBackAnswer } from '../../../lambda/contract';
import { call } from '../api-call';
import { session } from '../example-gate';
import { exampleSlot, liveEnvironment, snapshot } from '../example-path';
import type { InMemoryPorts } from '../in-memory-ports';
import { atGate, decide, holding, MANAGER, PIPELINE, shifted, TOKEN, world } from './world';

describe('an abort', () => {
  test('ends the waiting of a release at a gate, and is told to the machine', async () => {
    const ports = await atGate(await world());
    const aborted = await call(ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'wrong week' });
    expect(aborted.body).toMatchObject({
      activity: 'working',
      now: expect.stringContaining(`aborted by ${MANAGER} (wrong week)`),
      gates: [{ status: 'void' }],
    });
    expect(ports.machines.answers).toEqual([
      { token: TOKEN, answer: { success: { outcome: 'refused', failure: expect.objectContaining({ expected: 'not aborted' }) } } },
    ]);
    expect((await decide(ports, session('OnCall'))).body.code).toBe('NotOpen');
  });

  test('of a release that is being deployed is seen by its next step', async () => {
    const ports = await holding();
    expect((await call(ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'wrong week' })).status).toBe(200);
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ aborted: { by: MANAGER, reason: 'wrong week' } });
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'ReleaseAborted', environment: 'Production', who: MANAGER, why: 'wrong week' });
  });

  test('twice is once', async () => {
    const ports = await holding();
    await call(ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'wrong week' });
    const before = ports.ledger.snapshot();
    expect((await call(ports, MANAGER, 'POST /releases/1.1.0/abort', { reason: 'again' })).status).toBe(200);
    expect(ports.ledger.snapshot()).toEqual(before);
  });
});

/** 0.9.0 was live before 1.0.0, and is in its slot. */
async function withTarget(): Promise<InMemoryPorts> {
  const ports = await world();
  const held = { blue: exampleSlot('1.0.0', 'Payments-Production-Blue'), green: exampleSlot('0.9.0', 'Payments-Production-Green') };
  const previous = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };
  ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { slots: held, previous }));
  return ports;
}

describe('a roll back', () => {
  test('of a release that bakes wakes it at once, and says who wanted it', async () => {
    const ports = await shifted();
    const { body } = await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'checkout is slow' });
    expect(body).toMatchObject({
      outcome: 'requested',
      release: '1.1.0',
      environment: { environment: 'Production', lockedBy: '1.1.0', weights: { blue: 90, green: 10 } },
    });
    expect(ports.machines.answers).toEqual([{ token: TOKEN, answer: { error: 'RollBackRequested', cause: `${MANAGER} asked for it: checkout is slow` } }]);
    const state = await ports.ledger.environment('Production');
    expect([state.rollBackRequested, state.bake]).toEqual([{ by: MANAGER, reason: 'checkout is slow', at: ports.clock.now() }, undefined]);
    expect(ports.bus.published.at(-1)).toMatchObject({ what: 'RollBackRequested', release: '1.1.0', who: MANAGER, why: 'checkout is slow' });
    expect(ports.machines.rollBacks).toEqual([]);
  });

  test('of a release between two bakes is seen by its next step', async () => {
    const ports = await shifted({ bake: undefined });
    expect((await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' })).body.outcome).toBe('requested');
    expect(ports.machines.answers).toEqual([]);
    expect(await ports.ledger.environment('Production')).toMatchObject({ rollBackRequested: { reason: 'slow' } });
  });

  test('of a release whose bake is over does not answer its token again', async () => {
    const bake = { token: TOKEN, release: '1.1.0', colour: 'green', percent: 10, startedAt: 's', readAt: 't' };
    const ports = await shifted({ bake });
    expect((await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' })).body.outcome).toBe('requested');
    expect(ports.machines.answers).toEqual([]);
    expect((await ports.ledger.environment('Production')).bake).toEqual(bake);
  });

  test('asked for again is asked of the writer of the live rule: the machine that was told may have died', async () => {
    const ports = await shifted();
    const { lock } = await ports.ledger.environment('Production');
    await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' });
    const before = ports.ledger.snapshot();
    expect((await call(ports, PIPELINE, 'POST /environments/Production/roll-back', { reason: 'me too' })).body).toMatchObject({
      outcome: 'rolledBack',
      release: '1.1.0',
    });
    expect(ports.machines.rollBacks).toEqual([
      {
        environment: 'Production',
        release: '1.1.0',
        execution: lock?.execution,
        failure: expect.objectContaining({ step: 'Roll back Production', actual: `${MANAGER} asked for it: slow` }),
      },
    ]);
    expect(ports.ledger.snapshot()).toEqual(before);
  });

  test('with no release in flight is done by the writer of the live rule', async () => {
    const ports = await withTarget();
    const { status, body } = await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow since Friday' });
    expect([status, body.outcome]).toEqual([200, 'rolledBack']);
    expect(ports.machines.rollBacks).toEqual([{ environment: 'Production', who: MANAGER, reason: 'slow since Friday' }]);
  });

  test('that the writer refuses is refused in its words', async () => {
    const ports = await withTarget();
    const failure = { step: 'Roll back Production', subject: 's', expected: 'a version that was live before', actual: 'none', logs: '' };
    ports.machines.rollingBack = async (): Promise<RollBackAnswer> => ({ outcome: 'refused', failure });
    const before = snapshot(ports);
    const { status, body } = await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' });
    expect([status, body.code, body.message]).toEqual([409, 'CannotRollBack', expect.stringContaining('expected a version that was live before, found none')]);
    expect(snapshot(ports)).toEqual(before);
  });

  test('for which the ledger knows no way back asks no writer, and says so in one sentence', async () => {
    const ports = await world();
    const { status, body } = await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' });
    const message =
      'Production was not rolled back: no slot holds a version that was live before 1.0.0: release the one you want in its place (ptl release <version>)';
    expect([status, body]).toEqual([409, { code: 'CannotRollBack', message }]);
    expect(ports.machines.rollBacks).toEqual([]);
  });
});
