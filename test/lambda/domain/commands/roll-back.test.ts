import type { EnvironmentState } from '../../../../lambda/domain/model';
import { holding, MANAGER, PIPELINE, shifted, world } from '../../api/world';
import { call } from '../../api-call';
import { exampleSlot, liveEnvironment, snapshot } from '../../example-path';
import type { InMemoryPorts } from '../../in-memory-ports';

const rollBack = (ports: InMemoryPorts, who = MANAGER) => call(ports, who, 'POST /environments/Production/roll-back', { reason: ' slow ' });
const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const held = { blue: exampleSlot('1.0.0', 'Payments-Production-Blue'), green: exampleSlot('0.9.0', 'Payments-Production-Green') };
const previous = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };

/** 0.9.0 was live before 1.0.0; nothing is in flight in Production. */
async function resting(given: Partial<EnvironmentState> = {}): Promise<InMemoryPorts> {
  const ports = await world();
  ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { slots: held, previous, ...given }));
  return ports;
}

describe('of a release without live traffic nothing is rolled back, and it is said what does help', () => {
  const NOTHING = 'release 1.1.0 is in Production and has no live traffic there, so there is nothing of it to roll back; to take it out, use ptl abort 1.1.0. ';

  test.each<[string, Partial<EnvironmentState>, string]>([
    ['where nothing is live', { live: undefined, weights: {}, slots: {} }, 'Nothing is live there yet'],
    [
      'where nothing was live before',
      {},
      'The live version, 1.0.0, cannot be rolled back either: no slot holds a version that was live before 1.0.0: release the one you want in its place, as an emergency: it takes the place of 1.1.0, which comes once more behind it (ptl release <version> --emergency "<why>")',
    ],
    [
      'where the live version can be, once its slot was started',
      { previous: { ...previous, colour: 'red' }, slots: { ...held, red: { ...exampleSlot('0.9.0', 'Payments-Production-Red'), loweredFrom: 2 } } },
      'If it is the live version, 1.0.0, that you want out, then ptl roll-back Production when 1.1.0 has ended',
    ],
  ])('%s', async (_, given, words) => {
    const ports = await holding(given);
    const before = snapshot(ports);
    expect(await rollBack(ports)).toEqual({ status: 409, body: { code: 'NotShifted', message: `${NOTHING}${words}` } });
    expect(snapshot(ports)).toEqual(before);
  });
});

describe('a slot that was lowered is started first', () => {
  const capacity = { kind: 'ecsService', cluster: 'payments', service: 'green', least: 2 } as const;
  const lowered = () => resting({ slots: { ...held, green: { ...held.green, capacity, loweredFrom: 2 } } });

  test('and who asked is recorded, with what is raised', async () => {
    const ports = await lowered();
    expect(await rollBack(ports)).toMatchObject({ status: 200, body: { outcome: 'raising', environment: { environment: 'Production' } } });
    expect(ports.machines.raises).toEqual([{ environment: 'Production' }]);
    expect(ports.machines.rollBacks).toEqual([]);
    expect((await environment(ports)).rollBackRequested).toEqual({ by: MANAGER, reason: 'slow', at: ports.clock.now() });
    const { what, release, who, why, detail } = ports.bus.published.at(-1) ?? {};
    expect({ what, release, who, why, detail }).toEqual({
      what: 'RollBackRequested',
      release: '1.0.0',
      who: MANAGER,
      why: 'slow',
      detail: { colour: 'blue', weights: { blue: 100 }, raises: 'green' },
    });
  });

  test('asked for again, the first request stands, and whoever raises is asked again', async () => {
    const ports = await lowered();
    await rollBack(ports);
    const before = ports.ledger.snapshot();
    expect((await rollBack(ports, PIPELINE)).body.outcome).toBe('raising');
    expect(ports.ledger.snapshot()).toEqual(before);
    expect(ports.machines.raises).toHaveLength(2);
  });

  test('not where the path is being retired: the writer says so', async () => {
    const ports = await lowered();
    const state = await environment(ports);
    const [plan] = await ports.plans.environments();
    const at = ports.clock.now();
    const retirement = { by: MANAGER, reason: 'moved away', at, execution: 'arn:run', plan: plan as never, original: '503', release: '1.0.0' };
    ports.ledger.seed({ ...state, retirement });
    expect(await rollBack(ports)).toMatchObject({ status: 200, body: { outcome: 'rolledBack' } });
    expect([ports.machines.raises, ports.machines.rollBacks.length]).toEqual([[], 1]);
    expect((await environment(ports)).rollBackRequested).toBeUndefined();
  });
});

test('a roll back that the writer refuses without a word is refused as one to nothing', async () => {
  const ports = await resting();
  ports.machines.rollingBack = async () => ({ outcome: 'refused' }) as never;
  const message = 'Production was not rolled back: expected a slot to go back to, found none';
  expect(await rollBack(ports)).toEqual({ status: 409, body: { code: 'CannotRollBack', message } });
});

test('a machine that was told, and is asked for again, ends as one that a person asked to go back', async () => {
  const ports = await shifted();
  await rollBack(ports);
  await rollBack(ports, PIPELINE);
  const failure = {
    step: 'Roll back Production',
    subject: 'the release',
    expected: 'nobody asked for its roll back',
    actual: `${MANAGER} asked for it: slow`,
    ofRelease: '1.1.0',
    logs: 'child',
  };
  expect(ports.machines.rollBacks).toEqual([{ environment: 'Production', release: '1.1.0', execution: 'child', failure }]);
});
