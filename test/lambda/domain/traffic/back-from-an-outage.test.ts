import type { AuditEvent, EnvironmentState } from '../../../../lambda/domain/model';
import { deploy } from '../../../../lambda/handlers/deploy';
import { enter } from '../../../../lambda/handlers/enter';
import { moveTraffic } from '../../../../lambda/handlers/move-traffic';
import { stop } from '../../../../lambda/handlers/stop';
import { examplePlan, exampleRelease, register, taskInput } from '../../example-path';
import { type InMemoryPorts, inMemoryPorts } from '../../in-memory-ports';
import { BLUE, END, FAILURE, GREEN_TASK, inTheShadow, shift, shiftedTo } from '../../story';

const AGAINST = { name: 'split-name', release: '1.1.0', startedAt: '2026-01-05T08:55:00.000Z' };
const OUTAGE: NonNullable<EnvironmentState['outage']> = {
  release: '1.1.0',
  execution: GREEN_TASK.execution,
  beganAt: '2026-01-05T08:50:00.000Z',
  until: '2026-01-05T10:00:00.000Z',
  says: 'back at ten',
  started: ['split-name'],
  touched: true,
};
const stored = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const event = (ports: InMemoryPorts, what: AuditEvent['what']) => ports.bus.published.find((each) => each.what === what);
const rollBack = (ports: InMemoryPorts) => moveTraffic(ports)(END);

/** Users have no version: 1.1.0, which needs that, is in green. */
async function out(given: Partial<typeof OUTAGE> = {}): Promise<InMemoryPorts> {
  const ports = await inTheShadow();
  ports.ledger.seed({ ...(await stored(ports)), outage: { ...OUTAGE, ...given }, weights: {} });
  ports.liveRule.set('Production', 'other');
  return ports;
}

describe('a release that goes back from its outage', () => {
  test('gives users what they had where that still understands the state, and says for how long they had nothing', async () => {
    const ports = await out();
    expect(await rollBack(ports)).toMatchObject({ outcome: 'rolledBack' });
    expect(ports.liveRule.writes).toEqual([{ environment: 'Production', weights: { [BLUE]: 100 } }]);
    expect(event(ports, 'OutageEnded')?.detail).toEqual({ beganAt: OUTAGE.beganAt, began: '1.1.0', seconds: 600, how: 'users have what they had before' });
    expect(event(ports, 'ReleaseRolledBack')?.detail).toMatchObject({ outage: 'over', writes: 1, weights: { blue: 100 } });
    expect(await stored(ports)).not.toHaveProperty('outage');
  });

  test('has stopped where nothing was migrated for it', async () => {
    const ports = await out({ touched: undefined, started: [] });
    const output = await rollBack(ports);
    expect(output).toMatchObject({ outcome: 'stopped' });
    expect(await rollBack(ports)).toEqual(output);
    expect(await ports.ledger.tickets()).toHaveLength(1);
  });

  test('leaves users out where what they had may not understand the state: the rule is written all the same, with what they are told', async () => {
    const ports = await out({ against: AGAINST });
    expect(await rollBack(ports)).toMatchObject({ outcome: 'stopped' });
    expect([ports.liveRule.writes, ports.liveRule.says.Production]).toEqual([[{ environment: 'Production', weights: 'outage' }], 'back at ten']);
    const ended = event(ports, 'ReleaseStopped') ?? event(ports, 'ReleaseRolledBack');
    expect(ended?.detail).toMatchObject({ outage: 'stays', weights: {} });
    expect(event(ports, 'OutageEnded')).toBeUndefined();
    const { outage, lock } = await stored(ports);
    expect([outage, lock]).toEqual([{ ...OUTAGE, against: AGAINST }, undefined]);
    const [ticket] = await ports.ledger.tickets();
    expect(ticket?.actual).toContain(`${FAILURE.actual}; users of Production have had no version since ${OUTAGE.beganAt}`);
    const fields = { release: '1.1.0', environment: 'Production', slot: 'blue', expected: 'no slot: 503', actual: 'no slot: 503' };
    expect(ports.log.lines.at(-1)).toEqual({ level: 'info', message: 'users stay out', fields });
  });

  test('leaves users out, too, where the live rule is gone and they may not have what they had', async () => {
    const ports = await out({ against: AGAINST });
    ports.liveRule.set('Production', 'gone');
    await rollBack(ports);
    expect((await stored(ports)).outage).toMatchObject({ against: AGAINST });
    const other = await out();
    other.liveRule.set('Production', 'gone');
    await rollBack(other);
    expect(await stored(other)).not.toHaveProperty('outage');
  });

  test('tells what it is still at that it goes back, before it looks at anything', async () => {
    const ports = await out();
    let told: EnvironmentState['outage'];
    const read = ports.liveRule.read.bind(ports.liveRule);
    ports.liveRule.read = async (plan) => {
      told ??= (await stored(ports)).outage;
      return read(plan);
    };
    const audit = ports.ledger.snapshot().audit.length;
    await rollBack(ports);
    expect(told).toMatchObject({ goesBack: true });
    expect(
      ports.ledger
        .snapshot()
        .audit.slice(audit)
        .map(({ what }) => what),
    ).toEqual(['OutageEnded', 'ReleaseRolledBack', 'TicketRaised']);
  });
});

test('a release that gets its users in an outage ends it', async () => {
  const ports = await out();
  expect(await shift(ports, 100)).toEqual({ outcome: 'shifted' });
  expect(event(ports, 'OutageEnded')?.detail).toMatchObject({ seconds: 600, how: 'the release has the users' });
});

describe('the roll back of a release without an outage', () => {
  test('says nothing of one, and counts what it wrote', async () => {
    const ports = await shiftedTo(10);
    ports.liveRule.set('Production', { [BLUE]: 100 });
    await rollBack(ports);
    const detail = event(ports, 'ReleaseRolledBack')?.detail;
    expect(detail).toMatchObject({ writes: 0 });
    expect(detail).not.toHaveProperty('outage');
  });

  test('of which another holds the environment names that; of one that has stopped it is told so', async () => {
    const ports = await shiftedTo(10);
    const state = await stored(ports);
    const lock = { ...(state.lock as NonNullable<EnvironmentState['lock']>), release: '1.2.0', execution: 'other' };
    ports.ledger.seed({ ...state, lock });
    await expect(rollBack(ports)).rejects.toThrow(`there is nothing of it to roll back: release 1.2.0 holds it, by other`);
    const stopped = await inTheShadow();
    const output = await stop(stopped)(END);
    expect(await rollBack(stopped)).toEqual(output);
  });
});

test('a first release that gets all traffic because its step says so is not told that it came at once', async () => {
  const ports = inMemoryPorts([examplePlan('Production', { steps: [{ percent: 100, bakeSeconds: 60 }] })]);
  register(ports, exampleRelease('1.1.0', [examplePlan()]));
  await enter(ports)(taskInput('1.1.0'));
  const task = { ...taskInput('1.1.0'), colour: 'blue' };
  await deploy(ports)(task);
  await moveTraffic(ports)({ ...task, percent: 100 });
  expect(event(ports, 'TrafficShifted')?.detail).not.toHaveProperty('atOnce');
});
