import { ORIGINAL, ORIGINAL_503 } from '../../../../lambda/contract';
import type { EnvironmentState, Retirement } from '../../../../lambda/domain/model';
import type { Ports } from '../../../../lambda/domain/ports';
import { removeSlots } from '../../../../lambda/domain/retirement/remove-slots';
import { restoreOriginal } from '../../../../lambda/domain/retirement/restore-original';
import { isRestored, type Retiring, restored } from '../../../../lambda/domain/retirement/retirement';
import { stopRetiring } from '../../../../lambda/domain/retirement/stop-retiring';
import { examplePlan, exampleSlot, liveEnvironment } from '../../example-path';
import { targetGroupOf } from '../../fake-slots';
import { type InMemoryPorts, inMemoryPorts } from '../../in-memory-ports';

const TEAMS = 'arn:teams';
const PLAN = examplePlan();
const INPUT = { environment: 'Production', execution: 'arn:run' };
const OTHER = { environment: 'Production', execution: 'arn:earlier' };
const BLUE = targetGroupOf('Payments-Production-Blue');
const AT = '2026-01-05T08:00:00.000Z';

const retirement = (given: Partial<Retirement> = {}): Retirement => {
  return { by: 'arn:owner', reason: 'moved away', at: AT, execution: INPUT.execution, plan: PLAN, original: TEAMS, release: '1.0.0', ...given };
};
const retiring = (given: Partial<EnvironmentState> = {}, more: Partial<Retirement> = {}): Retiring => {
  return { ...liveEnvironment('1.0.0', 'Production', given), retirement: retirement(more) };
};
/** Users have what served before; the version is in its slot. */
const given = { live: { colour: ORIGINAL, version: ORIGINAL, digest: '' }, weights: { [ORIGINAL]: 100 } };

function world(state: EnvironmentState, weights: Readonly<Record<string, number>> = { [TEAMS]: 100 }): InMemoryPorts {
  const ports = inMemoryPorts([PLAN]);
  ports.ledger.seed(state);
  ports.liveRule.set('Production', weights);
  return ports;
}
const lines = (ports: InMemoryPorts) => ports.log.lines.map(({ level, message, fields }) => [level, message, fields]);
const events = (ports: InMemoryPorts) => ports.bus.published.map(({ what, detail }) => [what, detail]);

describe('slots are removed', () => {
  test('by the run whose retirement it is, one after the other, and the environment is open then', async () => {
    const ports = world(retiring(given));
    expect(await removeSlots(ports, INPUT)).toEqual({ outcome: 'removed' });
    expect(ports.slots.removals).toEqual(['Payments-Production-Blue', 'Payments-Production-Green']);
    expect(lines(ports)).toEqual([
      ['info', 'slot stack', { environment: 'Production', slot: 'blue', stack: 'Payments-Production-Blue', state: 'removed' }],
      ['info', 'slot stack', { environment: 'Production', slot: 'green', stack: 'Payments-Production-Green', state: 'removed' }],
      ['info', 'environment retired', { environment: 'Production' }],
    ]);
    expect(await ports.ledger.environment('Production')).not.toHaveProperty('retirement');
  });

  test('not by a run that another has taken over from, before, between or after them', async () => {
    const before = world(retiring(given));
    expect(await removeSlots(before, OTHER)).toEqual({ outcome: 'takenOver' });
    expect(before.slots.removals).toEqual([]);
    for (const stacks of [['Payments-Production-Blue'], ['Payments-Production-Blue', 'Payments-Production-Green']]) {
      const ports = world(retiring(given));
      ports.slots.remove = async (_plan, { stackName }) => {
        ports.slots.removals.push(stackName);
        if (stackName === stacks.at(-1))
          ports.ledger.seed({ ...(await ports.ledger.environment('Production')), retirement: retirement({ execution: 'later' }) });
        return { state: 'removed' };
      };
      expect(await removeSlots(ports, INPUT)).toEqual({ outcome: 'takenOver' });
      expect(ports.slots.removals).toEqual(stacks);
      expect(await ports.ledger.environment('Production')).toMatchObject({ retirement: { execution: 'later' } });
      expect(events(ports)).toEqual([]);
    }
  });

  test('and whoever removes can ask whether it still is', async () => {
    const ports = world(retiring(given));
    const is: boolean[] = [];
    const remove: Ports['slots']['remove'] = async (_plan, { isOurs }) => {
      is.push(await isOurs());
      ports.ledger.seed({ ...(await ports.ledger.environment('Production')), retirement: retirement({ execution: 'later' }) });
      is.push(await isOurs());
      return { state: 'removing' };
    };
    ports.slots.remove = remove;
    expect(await removeSlots(ports, INPUT)).toEqual({ outcome: 'removing' });
    expect(is).toEqual([true, false]);
  });

  test('one that is not gone yet is looked at again, before the next is begun', async () => {
    const ports = world(retiring(given));
    ports.slots.scriptRemoval('Payments-Production-Blue', { state: 'removing' });
    expect(await removeSlots(ports, INPUT)).toEqual({ outcome: 'removing' });
    expect(ports.slots.removals).toEqual(['Payments-Production-Blue']);
    expect(await removeSlots(ports, INPUT)).toEqual({ outcome: 'removed' });
  });

  test.each([
    ['that has weight by the ledger', { ...given, weights: { [ORIGINAL]: 90, blue: 10 } }, { [TEAMS]: 100 }],
    ['that is live by the ledger', { weights: {} }, { [TEAMS]: 100 }],
    ['that the live rule sends users to', given, { [TEAMS]: 90, [BLUE]: 10 }],
  ])('never one %s', async (_, state, weights) => {
    const ports = world(retiring(state), weights);
    const before = ports.ledger.snapshot();
    expect(await removeSlots(ports, INPUT)).toEqual({
      outcome: 'failed',
      failure: {
        step: 'Remove the slots of Production',
        subject: 'the stack of the slot blue, Payments-Production-Blue',
        expected: 'removed',
        actual: 'it still has live traffic, or the ledger says so; it stays; then run ptl retire again',
        logs: 'Payments-Production-Blue',
      },
    });
    expect([ports.slots.removals, ports.ledger.snapshot()]).toEqual([[], before]);
  });

  test('the ledger is written for a slot that it knows only, and nothing is told of that', async () => {
    const ports = world(retiring(given));
    const commits: unknown[] = [];
    const commit = ports.ledger.commit.bind(ports.ledger);
    ports.ledger.commit = async (change) => {
      commits.push(change.audit.map(({ what }) => what));
      return commit(change);
    };
    await removeSlots(ports, INPUT);
    expect(commits).toEqual([[], ['EnvironmentRetired']]);
  });
});

describe('users get what served before', () => {
  test('with what was, and what the rule was, kept', async () => {
    const ports = world(retiring(), { [BLUE]: 100 });
    expect(await restoreOriginal(ports, { ...INPUT, restore: 'original' })).toEqual({ outcome: 'restored' });
    const to = { kind: 'slots', weights: { [TEAMS]: 100 } };
    const was = { kind: 'slots', weights: { [BLUE]: 100 } };
    expect(lines(ports)).toContainEqual(['info', 'traffic restored', { environment: 'Production', expected: to, actual: was }]);
    expect(events(ports)).toEqual([['TrafficRestored', { execution: 'arn:run', to: TEAMS, was: { blue: 100 }, ruleWas: was }]]);
    expect(await restoreOriginal(ports, { ...INPUT, restore: 'original' })).toEqual({ outcome: 'restored' });
    expect(events(ports)).toHaveLength(1);
  });

  test('which is nothing of ours where nothing did, whatever is healthy', async () => {
    const ports = world(retiring({}, { original: ORIGINAL_503 }), { [BLUE]: 100 });
    ports.targets.count = () => 0;
    expect(await restoreOriginal(ports, { ...INPUT, restore: 'original' })).toEqual({ outcome: 'restored' });
    expect(ports.liveRule.writes.map(({ weights }) => weights)).toEqual(['original']);
    expect(lines(ports)).toContainEqual(['info', 'traffic restored', expect.objectContaining({ expected: { kind: 'other' } })]);
    expect(await ports.ledger.environment('Production')).toMatchObject({ weights: {} });
  });

  test('not by a run that another has taken over from', async () => {
    const ports = world(retiring(), { [BLUE]: 100 });
    expect(await restoreOriginal(ports, { ...OTHER, restore: 'original' })).toEqual({ outcome: 'takenOver' });
    expect(ports.liveRule.writes).toEqual([]);
  });

  test('not where that serves nobody', async () => {
    const ports = world(retiring(), { [BLUE]: 100 });
    ports.targets.unhealthy.add(TEAMS);
    const expected = 'at least one healthy target';
    const actual = `${TEAMS} has none: traffic stays where it is; repair it, then run ptl retire again`;
    expect(await restoreOriginal(ports, { ...INPUT, restore: 'original' })).toEqual({
      outcome: 'refused',
      failure: { step: expect.stringContaining('Production'), subject: 'what served before any release', expected, actual, logs: TEAMS },
    });
    expect(lines(ports)).toContainEqual(['info', 'traffic not restored', { environment: 'Production', expected, actual }]);
    expect(ports.liveRule.writes).toEqual([]);
  });

  test('an environment has it only without a version, and without one to go back to', () => {
    const back = restored(retiring());
    expect(back).not.toHaveProperty('live.version', '1.0.0');
    expect(isRestored(back as Retiring)).toBe(true);
    const previous = { colour: 'green', version: '0.9.0', digest: 'd' };
    for (const more of [
      { live: { colour: 'blue', version: '1.0.0', digest: 'd' } },
      { previous },
      { previousTaken: previous as never },
      { weights: { blue: 1 } },
    ])
      expect(isRestored({ ...back, ...more } as Retiring)).toBe(false);
  });
});

describe('a retirement that cannot go on', () => {
  const failure = { step: 's', subject: 'x', expected: 'removed', actual: 'it serves', logs: 'l' };

  test('is over wherever it was, with one ticket', async () => {
    const ports = world(retiring());
    ports.ledger.seed({ ...retiring({ slots: { blue: exampleSlot('1.0.0', 'b') } }), environment: 'Integration' });
    const answer = await stopRetiring(ports, { ...INPUT, environments: ['Integration', 'Production', 'Preproduction'], failure });
    expect(answer).toEqual({ outcome: 'stopped' });
    const [ticket] = await ports.ledger.tickets();
    expect(ticket).toMatchObject({ environment: 'Production', outcome: 'stopped', actual: 'it serves', releases: ['1.0.0'] });
    expect(ports.bus.published).toMatchObject([{ what: 'TicketRaised', who: INPUT.execution }]);
    const told = { environment: 'Production', expected: 'removed', actual: 'it serves', ticket: ticket?.fingerprint };
    expect(lines(ports)).toEqual([['error', 'retiring stopped', told]]);
    for (const name of ['Integration', 'Production']) expect(await ports.ledger.environment(name)).not.toHaveProperty('retirement');
  });

  test('is not this run’s where another has taken over', async () => {
    const ports = world(retiring());
    const before = ports.ledger.snapshot();
    expect(await stopRetiring(ports, { ...OTHER, environments: ['Production'], failure })).toEqual({ outcome: 'takenOver' });
    expect(ports.ledger.snapshot()).toEqual(before);
  });
});
