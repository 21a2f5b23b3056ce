import type { Slots } from '../../../lambda/domain/ports';
import { deploy } from '../../../lambda/handlers/deploy';
import { enter } from '../../../lambda/handlers/enter';
import { exampleRelease, exampleSlot, exampleWorld, liveEnvironment, snapshot, taskInput } from '../example-path';
import { alarmOf } from '../fake-slots';
import type { InMemoryPorts } from '../in-memory-ports';
import { GREEN, GREEN_TASK, inTheShadow } from '../story';

const STACK = 'Payments-Production-Green';

/** 0.9.0 was live before 1.0.0 and waits in green; 1.1.0 has entered and is to take its place. */
async function entered(): Promise<InMemoryPorts> {
  const ports = exampleWorld();
  const before = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };
  const { slots } = liveEnvironment('1.0.0');
  ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { previous: before, slots: { ...slots, green: exampleSlot('0.9.0', STACK) } }));
  await enter(ports)(taskInput('1.1.0'));
  return ports;
}

test('a deployed slot is recorded with its version, digest, target group and alarms', async () => {
  const ports = await entered();
  expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
  const templateUrl = `https://s3.eu-west-2.amazonaws.com/cdk-assets-222222222222-eu-west-2/1.1.0/${STACK}.json`;
  expect(ports.slots.deployments).toEqual([{ stackName: STACK, templateUrl, version: '1.1.0' }]);
  const { slots } = await ports.ledger.environment('Production');
  expect(slots.green).toEqual({ version: '1.1.0', digest: 'digest-of-1.1.0', targetGroupArn: GREEN, alarms: [alarmOf(STACK)] });
  expect((await ports.ledger.release('1.1.0'))?.reached.Production).toBe('shadow');
  expect(ports.ledger.happened()).toEqual(['EnvironmentEntered', 'SlotDeployed']);
});

test('before a slot is touched, the ledger forgets what it held and that it could be rolled back to', async () => {
  const ports = await entered();
  ports.slots.script(STACK, new Error('the process died'));
  await expect(deploy(ports)(GREEN_TASK)).rejects.toThrow('died');
  const state = await ports.ledger.environment('Production');
  expect(state.slots).not.toHaveProperty('green');
  expect(state).not.toHaveProperty('previous');
  expect(state.live?.version).toBe('1.0.0');
});

test('a deployment that takes longer than one run is followed by the next, and the slot is emptied once', async () => {
  const ports = await entered();
  ports.slots.script(STACK, { state: 'deploying' }, { state: 'deploying' });
  const outcomes = [await deploy(ports)(GREEN_TASK), await deploy(ports)(GREEN_TASK), await deploy(ports)(GREEN_TASK)];
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['deploying', 'deploying', 'deployed']);
  expect(ports.ledger.commits).toHaveLength(3); // entered, emptied, deployed
});

test('asked again after it was deployed, it deploys and records nothing', async () => {
  const ports = await inTheShadow();
  const once = snapshot(ports);
  expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
  expect(snapshot(ports)).toEqual(once);
  expect(ports.slots.deployments).toHaveLength(1);
});

test('a run that outlives its machine is told when the slot is no longer its release’s', async () => {
  const ports = await entered();
  const asked: boolean[] = [];
  jest.spyOn(ports.slots as Slots, 'deploy').mockImplementation(async (_plan, { isOurs }) => {
    asked.push(await isOurs());
    const { lock: _freed, ...free } = await ports.ledger.environment('Production');
    await ports.ledger.commit({ put: [free], audit: [] });
    asked.push(await isOurs());
    return { state: 'deploying' };
  });
  await deploy(ports)(GREEN_TASK);
  expect(asked).toEqual([true, false]);
});

test('a slot stack in a failed state stops the release, with the reason and where to look; traffic and live stay', async () => {
  const ports = await entered();
  const before = await ports.ledger.environment('Production');
  ports.slots.script(STACK, { state: 'failed', reason: 'Service: resource creation cancelled', logs: 'arn:the-stack' });
  expect(await deploy(ports)(GREEN_TASK)).toEqual({
    outcome: 'failed',
    failure: {
      step: 'Deploy to the shadow slot of Production',
      subject: 'deployment of the slot stack',
      expected: 'deployed',
      actual: `${STACK}: Service: resource creation cancelled`,
      logs: 'arn:the-stack',
    },
  });
  const after = await ports.ledger.environment('Production');
  expect([after.live, after.weights, after.lock]).toEqual([before.live, before.weights, before.lock]);
  expect(ports.liveRule.writes).toEqual([]);
});

describe('leaves ledger, slots and traffic exactly as they were:', () => {
  async function failed(ports: InMemoryPorts, input = GREEN_TASK): Promise<unknown> {
    const before = snapshot(ports);
    const output = await deploy(ports)(input);
    expect(snapshot(ports)).toEqual(before);
    expect(ports.slots.deployments).toEqual([]);
    return output;
  }

  test('a bundle whose template went missing after it entered', async () => {
    const ports = await entered();
    ports.bundles.files.delete(`cdk-assets-222222222222-eu-west-2/1.1.0/${STACK}.json`);
    expect(await failed(ports)).toMatchObject({ outcome: 'failed', failure: { actual: expect.stringContaining('not there') } });
  });

  test('a release that was aborted after it entered', async () => {
    const ports = await entered();
    const release = exampleRelease('1.1.0');
    ports.ledger.seed({ ...release, aborted: { by: 'arn:service-manager', reason: 'wrong branch', at: 'now' } });
    expect(await failed(ports)).toMatchObject({ outcome: 'failed', failure: { actual: 'aborted by arn:service-manager: wrong branch' } });
  });

  test('an execution that does not hold the lock', async () => {
    expect(await failed(exampleWorld())).toMatchObject({ outcome: 'failed', failure: { subject: 'the lock of Production', actual: 'nobody holds it' } });
  });

  test('a slot that somebody gave traffic by hand, which the ledger does not know of', async () => {
    const ports = await entered();
    ports.ledger.seed({ ...(await ports.ledger.environment('Production')), slots: { green: exampleSlot('0.9.0', STACK) } });
    ports.liveRule.set('Production', { [GREEN]: 1, 'arn:blue': 99 });
    expect(await failed(ports)).toMatchObject({
      outcome: 'failed',
      failure: { subject: 'slot green', actual: expect.stringContaining('somebody else moved traffic') },
    });
  });

  test('a slot that serves', async () => {
    const output = await failed(await entered(), { ...GREEN_TASK, colour: 'blue' });
    expect(output).toMatchObject({ outcome: 'failed', failure: { subject: 'slot blue', expected: 'the slot that serves nobody' } });
  });
});

describe('an alarm of the slot that still fires from the version before', () => {
  const ALARM = alarmOf(STACK);
  const failureAfter = (seconds: number) => ({
    step: 'Deploy to the shadow slot of Production',
    subject: `alarm ${ALARM}`,
    expected: 'not in ALARM 600 seconds after the slot was deployed, before anybody is asked',
    actual: expect.stringMatching(
      new RegExp(
        `^in ALARM, ${seconds} seconds after green was deployed, which serves nobody \\(${ALARM}: p99 of the response time: 1.8 s in 1 minute, allowed: less than 1 s\\): `,
      ),
    ),
    logs: ALARM,
  });

  /** {@link entered}, with that alarm raised until so many seconds have been slept. */
  async function raisedFor(seconds: number): Promise<InMemoryPorts> {
    const ports = await entered();
    ports.alarms.firing.add(ALARM);
    ports.clock.meanwhile = () => void (slept(ports) >= seconds && ports.alarms.firing.clear());
    return ports;
  }
  const slept = (ports: InMemoryPorts) => ports.clock.slept.reduce((sum, milliseconds) => sum + milliseconds, 0) / 1_000;

  test('is waited for, and the slot then counts as deployed', async () => {
    const ports = await raisedFor(60);
    expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
    expect(slept(ports)).toBe(60);
    expect(ports.slots.deployments).toHaveLength(1);
    expect(ports.ledger.happened()).toEqual(['EnvironmentEntered', 'SlotDeployed']);
    expect(ports.log.lines.filter(({ message }) => message === 'waits for alarms of the slot')).toHaveLength(1);
  });

  test('stops the release when it is not quiet within ten minutes, and says which, and how long', async () => {
    const ports = await raisedFor(Number.POSITIVE_INFINITY);
    expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'failed', failure: failureAfter(600) });
    expect(slept(ports)).toBe(600);
    expect(await ports.ledger.gates('1.1.0')).toEqual([]);
  });

  test('is waited for by the next run when this one’s time is up; the ten minutes are those since the slot was deployed', async () => {
    const ports = await raisedFor(Number.POSITIVE_INFINITY);
    // Each run has 240 s, of which it leaves 30 s: after 205 s there is no room for another pause.
    const run = () => {
      const began = slept(ports);
      return deploy({ ...ports, remainingMilliseconds: () => 240_000 - (slept(ports) - began) * 1_000 })(GREEN_TASK);
    };
    expect(await run()).toEqual({ outcome: 'deploying', failure: failureAfter(210) });
    ports.clock.advance(2);
    expect(await run()).toEqual({ outcome: 'deploying', failure: failureAfter(422) });
    expect(await run()).toEqual({ outcome: 'failed', failure: failureAfter(602) });
    expect(ports.slots.deployments).toHaveLength(1);
    expect(ports.ledger.happened().filter((what) => what === 'SlotDeployed')).toHaveLength(1);
  });

  test('is waited for no longer when somebody aborts the release', async () => {
    const ports = await raisedFor(Number.POSITIVE_INFINITY);
    ports.clock.meanwhile = async () => {
      if (slept(ports) !== 20) return;
      const release = (await ports.ledger.release('1.1.0')) ?? exampleRelease('1.1.0');
      await ports.ledger.commit({ put: [{ ...release, aborted: { by: 'arn:service-manager', reason: 'wrong week', at: 'now' } }], audit: [] });
    };
    expect(await deploy(ports)(GREEN_TASK)).toMatchObject({ outcome: 'failed', failure: { actual: 'aborted by arn:service-manager: wrong week' } });
    expect(slept(ports)).toBe(20);
  });

  test('is waited for no longer when the environment is no longer the release’s', async () => {
    const ports = await raisedFor(Number.POSITIVE_INFINITY);
    ports.clock.meanwhile = async () => {
      const { lock: _freed, ...free } = await ports.ledger.environment('Production');
      await ports.ledger.commit({ put: [free], audit: [] });
    };
    expect(await deploy(ports)(GREEN_TASK)).toMatchObject({ outcome: 'failed', failure: { subject: 'the lock of Production' } });
  });

  test.each<[string, (ports: InMemoryPorts) => void]>([
    ['fires for the slot that is live', (ports) => ports.alarms.firing.add(alarmOf('Payments-Production-Blue'))],
    ['is missing', (ports) => ports.alarms.missing.add(ALARM)],
    ['is none, as where nothing is watched', (ports) => ports.slots.script(STACK, { state: 'deployed', targetGroupArn: GREEN, alarms: [] })],
  ])('holds up nobody when it %s', async (_title, happens) => {
    const ports = await entered();
    happens(ports);
    expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
    expect(ports.clock.slept).toEqual([]);
  });

  test('is none for the first release of all, which waits for nothing', async () => {
    const ports = exampleWorld();
    ports.ledger.seed({ kind: 'environment', revision: 0, environment: 'Production', slots: {}, weights: {} });
    expect(await enter(ports)(taskInput('1.1.0'))).toEqual({ outcome: 'entered', colour: 'blue' });
    expect(await deploy(ports)({ ...GREEN_TASK, colour: 'blue' })).toEqual({ outcome: 'deployed' });
    expect(ports.clock.slept).toEqual([]);
  });
});
