import type { EndInput, SlotTaskInput, TakeSlotInput } from '../../../lambda/contract';
import { accept } from '../../../lambda/handlers/accept';
import { machineEnded } from '../../../lambda/handlers/machine-ended';
import { moveTraffic } from '../../../lambda/handlers/move-traffic';
import { takeSlot } from '../../../lambda/handlers/take-slot';
import { examplePlan, snapshot } from '../example-path';
import { type InMemoryPorts, inMemoryPorts } from '../in-memory-ports';

const [BLUE, GREEN, SERVING] = ['blue', 'green', 'serving'].map((name) => `arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/${name}/1`);
const slots = { blue: { targetGroupArn: BLUE as string, alarms: [] }, green: { targetGroupArn: GREEN as string, alarms: ['green-errors'] } };
const plan = examplePlan('Production', { tests: [], steps: [], gates: [] });

/** A team's own machine, one execution a version. */
function machine(release: string, given: Partial<TakeSlotInput> = {}): TakeSlotInput {
  const execution = `arn:aws:states:eu-west-2:111111111111:execution:ShopRelease:${release}`;
  return { environment: 'Production', release, execution, digest: `digest-of-${release}`, plan, slots, ...given };
}

const shift = (ports: InMemoryPorts, input: SlotTaskInput, percent: number) => moveTraffic(ports)({ ...about(input), percent });
const about = ({ environment, release, execution, colour }: SlotTaskInput): SlotTaskInput => ({ environment, release, execution, colour });

async function entered(ports: InMemoryPorts, release: string): Promise<SlotTaskInput> {
  const input = machine(release);
  const output = await takeSlot(ports)(input);
  if (output.outcome !== 'entered') throw new Error(`not let in: ${JSON.stringify(output)}`);
  return { ...input, colour: output.colour };
}

async function live(ports: InMemoryPorts, release: string): Promise<void> {
  const input = await entered(ports, release);
  for (const percent of [10, 100]) expect(await shift(ports, input, percent)).toEqual({ outcome: 'shifted' });
  expect(await accept(ports)(about(input))).toEqual({ outcome: 'live' });
}

function world(original = '503'): InMemoryPorts {
  const ports = inMemoryPorts([plan]);
  ports.frontDoors.original = original;
  if (original !== '503') ports.liveRule.set('Production', { [original]: 100 });
  return ports;
}

test('a first release is registered, gets a slot, takes traffic by weight from what serves, and is accepted', async () => {
  const ports = world(SERVING as string);
  const input = await entered(ports, '1.0.0');
  await shift(ports, input, 10);
  expect(ports.liveRule.snapshot().Production).toEqual({ kind: 'slots', weights: { [SERVING as string]: 90, [BLUE as string]: 10 } });
  await shift(ports, input, 100);
  await accept(ports)(about(input));
  expect(ports.ledger.happened()).toEqual(['ReleaseSubmitted', 'EnvironmentEntered', 'TrafficShifted', 'TrafficShifted', 'ReleaseLive']);
  expect(await ports.ledger.environment('Production')).toMatchObject({ live: { colour: 'blue', version: '1.0.0', digest: 'digest-of-1.0.0' } });
});

test('asked again by the same execution, it is the same answer and nothing happens', async () => {
  const ports = world();
  await entered(ports, '1.0.0');
  const once = snapshot(ports);
  expect(await takeSlot(ports)(machine('1.0.0'))).toEqual({ outcome: 'entered', colour: 'blue' });
  expect(snapshot(ports)).toEqual(once);
});

test('a release that is live already needs no deployment', async () => {
  const ports = world();
  await live(ports, '1.0.0');
  expect(await takeSlot(ports)(machine('1.0.0', { execution: 'another' }))).toMatchObject({ outcome: 'live', release: '1.0.0' });
});

test('what a slot held is no roll back target from the moment it is given away', async () => {
  const ports = world();
  await live(ports, '1.0.0');
  await live(ports, '1.1.0');
  expect((await ports.ledger.environment('Production')).previous).toMatchObject({ version: '1.0.0' });
  await entered(ports, '1.2.0');
  expect(await ports.ledger.environment('Production')).toMatchObject({
    previousTaken: { version: '1.0.0', by: '1.2.0' },
    slots: { blue: { version: '1.2.0' } },
  });
});

describe('is not let in, and nothing changes:', () => {
  test.each<[string, Partial<TakeSlotInput>, RegExp]>([
    ['no version', { release: 'not a version!' }, /the version "not a version!" cannot name an execution/],
    ['no digest', { digest: '' }, /the digest of "2.0.0" is ""; give what tells this content/],
    ['a digest that is none', { digest: undefined as never }, /the digest of "2.0.0" is undefined/],
    ['another content under a version', { release: '1.0.0' }, /registered with digest digest-of-1.0.0, got: digest-of-2.0.0; a version never changes/],
  ])('%s', async (_, given, why) => {
    const ports = world();
    await live(ports, '1.0.0');
    const before = snapshot(ports);
    const output = await takeSlot(ports)({ ...machine('2.0.0'), ...given });
    expect(output).toMatchObject({ outcome: 'stopped', failure: { step: 'Enter Production', actual: expect.stringMatching(why) } });
    expect(snapshot(ports)).toEqual(before);
  });

  test('a release while another one is on its way', async () => {
    const ports = world();
    await entered(ports, '1.0.0');
    const before = snapshot(ports);
    expect(await takeSlot(ports)(machine('1.1.0'))).toMatchObject({
      outcome: 'stopped',
      failure: { actual: expect.stringContaining('release 1.0.0 has held it since') },
    });
    expect(snapshot(ports)).toEqual(before);
  });

  test('the same version by another execution while the first one holds the environment', async () => {
    const ports = world();
    await entered(ports, '1.0.0');
    const before = snapshot(ports);
    const output = await takeSlot(ports)(machine('1.0.0', { execution: 'another' }));
    expect(output).toMatchObject({ outcome: 'stopped', failure: { actual: expect.stringContaining('is still in Production') } });
    expect(snapshot(ports)).toEqual(before);
  });
});

test('what is no refusal is an error: the machine tries again', async () => {
  const ports = world();
  jest.spyOn(ports.ledger, 'commit').mockRejectedValue(new Error('the table is gone'));
  await expect(takeSlot(ports)(machine('1.0.0'))).rejects.toThrow('the table is gone');
});

describe('a machine that goes back', () => {
  const failure: EndInput['failure'] = { step: 'Deploy', subject: 'the deployment', expected: 'done', actual: 'it does not start', logs: 'none' };
  const back = (ports: InMemoryPorts, input: SlotTaskInput) => moveTraffic(ports)({ ...about(input), failure });

  test('before any shift leaves traffic alone, and frees the environment', async () => {
    const ports = world();
    await live(ports, '1.0.0');
    const writes = ports.liveRule.writes.length;
    expect(await back(ports, await entered(ports, '1.1.0'))).toMatchObject({ outcome: 'rolledBack' });
    expect(ports.liveRule.writes).toHaveLength(writes);
    expect((await ports.ledger.environment('Production')).lock).toBeUndefined();
  });

  test('after one writes once, whatever somebody else has shifted', async () => {
    const ports = world();
    await live(ports, '1.0.0');
    const input = await entered(ports, '1.1.0');
    await shift(ports, input, 10);
    ports.liveRule.set('Production', { [BLUE as string]: 50, [GREEN as string]: 50 });
    expect(await shift(ports, input, 100)).toMatchObject({ outcome: 'refused', failure: { actual: expect.stringContaining('somebody else moved traffic') } });
    const writes = ports.liveRule.writes.length;
    await back(ports, input);
    expect(ports.liveRule.writes).toHaveLength(writes + 1);
    expect(ports.liveRule.snapshot().Production).toEqual({ kind: 'slots', weights: { [BLUE as string]: 100 } });
  });

  test('an alarm of the slot that fires refuses the next shift', async () => {
    const ports = world();
    await live(ports, '1.0.0');
    const input = await entered(ports, '1.1.0');
    await shift(ports, input, 10);
    ports.alarms.firing.add('green-errors');
    expect(await shift(ports, input, 100)).toMatchObject({ outcome: 'refused', failure: { subject: 'alarm green-errors' } });
  });
});

describe('when the machine has ended', () => {
  const ended = (ports: InMemoryPorts, release: string, status: string) =>
    machineEnded(ports)({
      detail: { executionArn: machine(release).execution, status, input: JSON.stringify({ release, digest: `digest-of-${release}` }) },
    } as never);

  /** The writer is asked, as it is deployed. */
  function withWriter(): InMemoryPorts {
    const ports = world();
    ports.machines.rollingBack = (request) => moveTraffic(ports)(request) as never;
    return ports;
  }

  test.each(['ABORTED', 'FAILED', 'TIMED_OUT', 'SUCCEEDED'])('%s with traffic in between, it goes back', async (status) => {
    const ports = withWriter();
    await live(ports, '1.0.0');
    await shift(ports, await entered(ports, '1.1.0'), 10);
    await ended(ports, '1.1.0', status);
    expect(ports.liveRule.snapshot().Production).toEqual({ kind: 'slots', weights: { [BLUE as string]: 100 } });
    expect((await ports.ledger.environment('Production')).lock).toBeUndefined();
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ status: 'rolledBack' });
    expect(ports.ledger.happened()).toContain('SafetyNetActed');
  });

  test('before any shift, the environment is free for the next', async () => {
    const ports = withWriter();
    await entered(ports, '1.0.0');
    await ended(ports, '1.0.0', 'SUCCEEDED');
    expect(await ports.ledger.release('1.0.0')).toMatchObject({ status: 'stopped' });
    expect(await ports.ledger.tickets()).toEqual([
      expect.objectContaining({ actual: expect.stringContaining('has neither accepted the release nor gone back') }),
    ]);
    await entered(ports, '1.1.0');
  });

  test('as it should, its release is live, the net has not acted, and twice is once', async () => {
    const ports = withWriter();
    await live(ports, '1.0.0');
    await ended(ports, '1.0.0', 'SUCCEEDED');
    expect(await ports.ledger.release('1.0.0')).toMatchObject({ status: 'live' });
    expect(ports.ledger.happened().slice(-2)).toEqual(['ReleaseLive', 'ReleaseFinished']);
    const once = snapshot(ports);
    await ended(ports, '1.0.0', 'SUCCEEDED');
    expect(snapshot(ports)).toEqual(once);
  });

  test('after it went back by itself, its release has ended so, by one ticket', async () => {
    const ports = withWriter();
    const input = await entered(ports, '1.0.0');
    const failure = { step: 'Deploy', subject: 'the deployment', expected: 'done', actual: 'it does not start', logs: 'none' };
    await moveTraffic(ports)({ ...about(input), failure });
    await ended(ports, '1.0.0', 'FAILED');
    expect(ports.ledger.happened().slice(-3)).toEqual(['ReleaseRolledBack', 'TicketRaised', 'ReleaseFinished']);
    expect(await ports.ledger.release('1.0.0')).toMatchObject({ status: 'rolledBack' });
  });

  test('of an execution that took no release, there is nothing to do', async () => {
    const ports = withWriter();
    await live(ports, '1.0.0');
    const before = snapshot(ports);
    await machineEnded(ports)({ detail: { executionArn: 'another', status: 'FAILED', input: '{"commit":"abc"}' } } as never);
    await machineEnded(ports)({ detail: { executionArn: 'another', status: 'FAILED', input: '{"release":"1.0.0"}' } } as never);
    expect(snapshot(ports)).toEqual(before);
  });
});
