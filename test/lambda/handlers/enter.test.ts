import { machineShape } from '../../../lambda/contract';
import type { Release } from '../../../lambda/domain/model';
import { accept } from '../../../lambda/handlers/accept';
import { enter } from '../../../lambda/handlers/enter';
import { moveTraffic } from '../../../lambda/handlers/move-traffic';
import { examplePlan, exampleRelease, exampleWorld, liveEnvironment, register, snapshot, taskInput } from '../example-path';
import { type InMemoryPorts, inMemoryPorts } from '../in-memory-ports';
import { GREEN_TASK, inTheShadow, shiftedTo } from '../story';

const input = taskInput('1.1.0');

/** Enters, expects to be turned away, and that ledger and traffic are exactly as they were. */
async function refused(ports: InMemoryPorts, task = input): Promise<string> {
  const before = snapshot(ports);
  const output = await enter(ports)(task);
  expect(snapshot(ports)).toEqual(before);
  if (output.outcome !== 'stopped') throw new Error(`not turned away: ${JSON.stringify(output)}`);
  const { step, subject, expected, actual, logs } = output.failure;
  expect([step, logs]).toEqual([`Enter ${task.environment}`, task.execution]);
  return `${subject}: expected ${expected}, found ${actual}`;
}

describe('a release that may enter', () => {
  test('takes the lock and the slot that serves nobody, in one transaction with its event', async () => {
    const ports = exampleWorld();
    expect(await enter(ports)(input)).toEqual({ outcome: 'entered', colour: 'green' });
    const state = await ports.ledger.environment('Production');
    expect(state.lock).toEqual({ release: '1.1.0', execution: input.execution, colour: 'green', since: ports.clock.now(), shifted: false });
    expect((await ports.ledger.release('1.1.0'))?.reached).toEqual({ Production: 'entered' });
    expect(ports.ledger.commits).toHaveLength(1);
    expect(ports.bus.published).toEqual([
      expect.objectContaining({ what: 'EnvironmentEntered', who: input.execution, detail: { colour: 'green', live: '1.0.0' } }),
    ]);
    expect(ports.liveRule.writes).toEqual([]);
  });

  test('gets the same answer when its machine asks again, and nothing happens twice', async () => {
    const ports = exampleWorld();
    await enter(ports)(input);
    const once = snapshot(ports);
    expect(await enter(ports)(input)).toEqual({ outcome: 'entered', colour: 'green' });
    expect(snapshot(ports)).toEqual(once);
  });

  test('says which roll back target it replaces', async () => {
    const ports = await shiftedTo(100);
    await accept(ports)(GREEN_TASK);
    register(ports, exampleRelease('1.2.0'));
    expect(await enter(ports)(taskInput('1.2.0'))).toEqual({ outcome: 'entered', colour: 'blue' });
    expect(ports.bus.published.at(-1)?.detail).toEqual({ colour: 'blue', live: '1.1.0', replaces: '1.0.0' });
  });
});

describe('of two releases at the same instant', () => {
  test('one enters, the other is told who has the lock', async () => {
    const ports = exampleWorld();
    register(ports, exampleRelease('1.2.0'));
    const outputs = await Promise.all([enter(ports)(input), enter(ports)(taskInput('1.2.0'))]);
    expect(outputs.map(({ outcome }) => outcome).sort()).toEqual(['entered', 'stopped']);
    expect(ports.ledger.happened()).toEqual(['EnvironmentEntered']);
  });

  test('the one that loses the race for the commit is told too', async () => {
    const ports = exampleWorld();
    register(ports, exampleRelease('1.2.0'));
    ports.ledger.raceNextCommit(async () => void (await enter(ports)(taskInput('1.2.0'))));
    expect(await enter(ports)(input)).toMatchObject({ outcome: 'stopped', failure: { subject: 'the lock of Production' } });
    expect((await ports.ledger.environment('Production')).lock?.release).toBe('1.2.0');
  });
});

describe('a release that is live here already, and comes by again after a failure further on', () => {
  const live = taskInput('1.0.0');
  const answer = { outcome: 'live', environment: 'Production', release: '1.0.0', execution: live.execution };

  test('passes without a deployment or a lock, and its path knows', async () => {
    const ports = exampleWorld();
    const { reached, ...registered } = await ports.ledger.release('1.0.0').then((release) => release as Release);
    await ports.ledger.commit({ put: [{ ...registered, reached: {} }], audit: [] });
    expect(await enter(ports)(live)).toEqual(answer);
    expect((await ports.ledger.release('1.0.0'))?.reached).toEqual(reached);
    expect((await ports.ledger.environment('Production')).lock).toBeUndefined();
    const before = snapshot(ports);
    expect(await enter(ports)(live)).toEqual(answer);
    expect(snapshot(ports)).toEqual(before);
  });

  test('is not taken for another bundle of that name', async () => {
    const ports = exampleWorld();
    register(ports, exampleRelease('1.0.0'));
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { live: { colour: 'blue', version: '1.0.0', digest: 'another' } }));
    expect(await enter(ports)(live)).toMatchObject({ outcome: 'entered', colour: 'green' });
  });
});

describe('leaves ledger and traffic exactly as they were:', () => {
  test('a second release into a locked environment', async () => {
    const ports = await inTheShadow();
    register(ports, exampleRelease('1.2.0'));
    const since = (await ports.ledger.environment('Production')).lock?.since;
    expect(await refused(ports, taskInput('1.2.0'))).toContain(`the lock of Production: expected free, found release 1.1.0 has held it since ${since}`);
  });

  test('another execution of the same release', async () => {
    const ports = await inTheShadow();
    const { execution } = exampleRelease('1.1.0');
    expect(await refused(ports, { ...input, execution: 'arn:started-by-hand' })).toBe(
      `the execution that enters Production: expected of the current attempt, ${execution}, found arn:started-by-hand, of an earlier attempt or started by hand: ` +
        'see how the current one goes, or submit 1.1.0 again when it has ended',
    );
  });

  test.each([
    ['where it is free', '1.1.0'],
    ['where the release is live already', '1.0.0'],
  ])('an execution of an earlier attempt, %s', async (_where, version) => {
    const ports = exampleWorld();
    const release = await ports.ledger.release(version);
    ports.ledger.seed({ ...(release as Release), attempt: 2, execution: `${release?.execution.slice(0, -1)}2` });
    expect(await refused(ports, taskInput(version))).toContain('of an earlier attempt');
    const current = { ...taskInput(version), execution: taskInput(version).execution.replace(`${version}-1`, `${version}-2`) };
    expect((await enter(ports)(current)).outcome).not.toBe('stopped');
  });

  test('an unknown version', async () => {
    expect(await refused(exampleWorld(), taskInput('9.9.9'))).toContain('no release has the version "9.9.9": submit it first');
  });

  test('an unknown environment', async () => {
    expect(await refused(exampleWorld(), taskInput('1.1.0', 'Staging'))).toContain('has no "Staging", only Production');
  });

  test('a release whose machine was deployed again with other rules since it was submitted', async () => {
    const machine = machineShape({ ...examplePlan(), goNoGo: undefined, steps: [{ percent: 100, bakeSeconds: 1 }] });
    const told = await refused(exampleWorld(), { ...input, machine });
    expect(told).toContain('the plan of Production: expected as it was submitted, with tests: ');
    expect(told).toContain('go/no-go: no; steps: 100 % for 1 s: submit 1.1.0 again, it then goes by the new rules');
  });

  test.each(['stopped', 'rolledBack', 'live'] as const)('a machine left over from a release that has ended, %s', async (status) => {
    const ports = exampleWorld();
    register(ports, exampleRelease('1.2.0', undefined, { status }));
    const told = await refused(ports, taskInput('1.2.0'));
    expect(told).toContain(
      `the release: expected on its way, found it has ended, ${status.replace('rolledBack', 'rolled back')}, and this execution is left over from it: submit 1.2.0 again`,
    );
  });

  test('a release that was aborted', async () => {
    const ports = exampleWorld();
    ports.ledger.seed(exampleRelease('1.1.0', undefined, { aborted: { by: 'arn:service-manager', reason: 'wrong branch', at: 'now' } }));
    expect(await refused(ports)).toContain('aborted by arn:service-manager: wrong branch');
  });

  test.each(['1.1.0/Payments-Production-Green.json', '1.1.0/code.zip'])('a bundle whose %s is missing', async (key) => {
    const ports = exampleWorld();
    ports.bundles.files.delete(`cdk-assets-222222222222-eu-west-2/${key}`);
    expect(await refused(ports)).toContain(`${key}: expected as it was registered`);
    expect(await refused(ports)).toContain('not there');
  });

  test('a bundle whose asset was changed after it was registered', async () => {
    const ports = exampleWorld();
    ports.bundles.files.set('cdk-assets-222222222222-eu-west-2/1.1.0/code.zip', 'another-etag');
    expect(await refused(ports)).toContain('changed since, ETag another-etag: submit it as a new version');
  });

  test('an environment whose every slot serves somebody', async () => {
    const ports = inMemoryPorts([examplePlan()]);
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { weights: { blue: 90, green: 10 } }));
    register(ports, exampleRelease('1.1.0'));
    expect(await refused(ports)).toContain('expected one that serves nobody');
  });

  test('an environment whose traffic is being moved: the machine tries again', async () => {
    const ports = exampleWorld();
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { lease: { owner: 'o', fence: 1, expiresAt: ports.clock.later(60) } }));
    const before = snapshot(ports);
    await expect(enter(ports)(input)).rejects.toMatchObject({ name: 'Retry', message: expect.stringContaining('moves traffic in Production right now') });
    expect(snapshot(ports)).toEqual(before);
  });

  test('an environment whose last writer died before anybody knows of what it was at', async () => {
    const ports = exampleWorld();
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { lease: { owner: 'o', fence: 1, expiresAt: '2026-01-05T08:59:00.000Z' } }));
    expect(await refused(ports, input)).toContain('what the rule holds is unknown; ask for the roll back that it was at again');
  });

  test('an environment whose last roll back died half way, until it is asked for again', async () => {
    const ports = await shiftedTo(100);
    await accept(ports)(GREEN_TASK);
    ports.liveRule.failAfterNextWrite(new Error('the answer was lost'));
    const rollBack = { environment: 'Production', who: 'arn:service-manager', reason: 'slow' };
    await expect(moveTraffic(ports)(rollBack)).rejects.toThrow('may or may not have been written');
    ports.clock.advance(120);
    register(ports, exampleRelease('1.2.0'));
    expect(await refused(ports, taskInput('1.2.0'))).toMatch(
      /arn:service-manager asked for the roll back of Production at .*; ptl recover Production finishes it/,
    );
    expect(await moveTraffic(ports)(rollBack)).toEqual({ outcome: 'rolledBack' });
    expect(await enter(ports)(taskInput('1.2.0'))).toEqual({ outcome: 'entered', colour: 'green' });
  });
});
