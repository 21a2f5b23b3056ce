import type { DeclaredMigration, SlotMigration, StartedRunner } from '../../../lambda/contract';
import { Retry } from '../../../lambda/domain/errors';
import type { MigrationState } from '../../../lambda/domain/model';
import { deploy } from '../../../lambda/handlers/deploy';
import { enter } from '../../../lambda/handlers/enter';
import { migrate } from '../../../lambda/handlers/migrate';
import { Died, dyingPorts } from '../dying-ports';
import { enterInput, examplePlan, exampleRelease, exampleWorld, register } from '../example-path';
import { targetGroupOf } from '../fake-slots';
import type { InMemoryPorts } from '../in-memory-ports';
import { GREEN_TASK } from '../story';

const STACK = 'Payments-Production-Green';
const PLAN = [examplePlan('Production', { roles: { ...examplePlan().roles, migrate: 'arn:aws:iam::222222222222:role/Payments-Production-migrate' } })];
const NAME = '2026-11-add-currency';
const LOGS = '/path-to-live/Payments/Production/migrations in 222222222222, eu-west-2';

const runner: StartedRunner = {
  kind: 'fargateTask',
  cluster: 'cluster',
  taskDefinition: 'definition:1',
  container: 'migration',
  subnetIds: 'subnet-1,subnet-2',
  securityGroupIds: '',
  assignPublicIp: 'DISABLED',
  timeoutSeconds: 600,
};
const declared = (content = 'c1'): DeclaredMigration => ({ name: NAME, kind: 'expand', content });
const left = (ports: InMemoryPorts, given: Partial<MigrationState>): MigrationState => ({
  kind: 'migration',
  revision: 1,
  environment: 'Production',
  name: NAME,
  migration: 'expand',
  content: 'c1',
  status: 'started',
  release: '1.0.1',
  execution: 'an earlier execution',
  startedAt: ports.clock.now(),
  calls: 1,
  ...given,
});

/** 1.1.0 is in the shadow and brings a migration that is started. */
async function deployed(migration = declared(), by: StartedRunner = runner): Promise<InMemoryPorts> {
  const ports = exampleWorld(PLAN);
  register(ports, exampleRelease('1.1.0', PLAN, { migrations: [migration] }));
  expect(await enter(ports)(await enterInput(ports, '1.1.0'))).toMatchObject({ outcome: 'entered' });
  const slot: SlotMigration = { ...migration, runner: by };
  ports.slots.script(STACK, { state: 'deployed', targetGroupArn: targetGroupOf(STACK), alarms: [], migrations: [slot] });
  await deploy(ports)(GREEN_TASK);
  return ports;
}

const stored = (ports: InMemoryPorts) => ports.ledger.migration('Production', NAME);
const namesOf = (ports: InMemoryPorts) => ports.migrations.runs.map(({ name }) => name);

describe.each<[string, StartedRunner]>([
  ['task', runner],
  ['build', { kind: 'codeBuildProject', project: 'project', timeoutSeconds: 600 }],
])('a migration that is a %s', (_, by) => {
  test('is written down before it is started, and followed to its end', async () => {
    const ports = await deployed(declared(), by);
    let before: MigrationState | undefined;
    let meanwhile: MigrationState | undefined;
    const { start } = ports.migrations;
    ports.migrations.start = async (...given) => {
      before = await stored(ports);
      return start.apply(ports.migrations, given);
    };
    ports.migrations.meanwhile = async () => {
      meanwhile = await stored(ports);
    };
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    const [run] = ports.migrations.runs;
    expect(run?.request).toEqual({ migration: NAME, release: '1.1.0', environment: 'Production' });
    expect(before).toMatchObject({ status: 'started', run: { name: run?.name, runner: by }, call: { owner: expect.any(String) } });
    expect(before?.run).not.toHaveProperty('id');
    expect(meanwhile).toMatchObject({ status: 'started', run: { name: run?.name, id: 'run-1' } });
    expect(meanwhile).not.toHaveProperty('call');
    expect(await stored(ports)).toMatchObject({ status: 'finished', calls: 1 });
    expect(await stored(ports)).not.toHaveProperty('run');
    expect(ports.ledger.happened().filter((event) => event.startsWith('Migration'))).toEqual(['MigrationStarted', 'MigrationFinished']);
    expect(ports.clock.slept).toEqual([5000, 5000]);
  });

  test('that takes longer than one run of ours is followed by the next, and not started again', async () => {
    const ports = await deployed(declared(), by);
    let remaining = 900_000;
    Object.assign(ports, { remainingMilliseconds: () => remaining });
    ports.migrations.looks = 3;
    ports.migrations.meanwhile = () => {
      remaining = 20_000;
    };
    expect(await migrate(ports)(GREEN_TASK)).toMatchObject({
      outcome: 'migrating',
      failure: { actual: expect.stringMatching(/^not done: run-1 is under way, until 20/) },
    });
    ports.migrations.meanwhile = undefined;
    remaining = 900_000;
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(namesOf(ports)).toHaveLength(1);
  });

  test('that fails stops the release, with what its service says and where its log is', async () => {
    const ports = await deployed(declared(), by);
    ports.migrations.starts.push({ state: 'failed', reason: 'its container ended with exit code 3', logs: 'stream 7' });
    const failure = {
      step: 'Migrate the shared state of Production',
      subject: `migration ${NAME}`,
      expected: 'done',
      actual: 'its container ended with exit code 3',
      logs: 'stream 7',
    };
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'failed', failure });
    expect(await stored(ports)).toMatchObject({ status: 'failed', failure });
    expect(await stored(ports)).not.toHaveProperty('run');
    expect(ports.ledger.happened().at(-1)).toBe('MigrationFailed');
  });

  test('that is not started stops the release, with why', async () => {
    const ports = await deployed(declared(), by);
    ports.migrations.starts.push({ error: 'no capacity' });
    expect(await migrate(ports)(GREEN_TASK)).toMatchObject({ outcome: 'failed', failure: { actual: 'no capacity', logs: LOGS } });
    expect(await stored(ports)).toMatchObject({ status: 'failed' });
    ports.migrations.starts.push(new Retry('throttled'));
    await expect(migrate(ports)(GREEN_TASK)).rejects.toThrow('throttled');
    expect(await stored(ports)).toMatchObject({ status: 'started', run: { name: expect.any(String) } });
  });

  test('that takes too long is stopped, and has failed when it has ended', async () => {
    const ports = await deployed(declared(), by);
    ports.migrations.looks = 1_000;
    const began = Date.parse(ports.clock.now());
    expect(await migrate(ports)(GREEN_TASK)).toMatchObject({ outcome: 'failed', failure: { actual: 'path-to-live: it took longer than its 600 seconds' } });
    expect(ports.migrations.stopped).toHaveLength(1);
    expect((Date.parse(ports.clock.now()) - began) / 1_000).toBe(665);
  });

  test('that its service has forgotten is waited for as long as it may run, and has then failed', async () => {
    const ports = await deployed(declared(), by);
    ports.ledger.seed(left(ports, { run: { name: 'r', runner: by, until: ports.clock.later(12), id: 'run-of-old' } }));
    expect(await migrate(ports)(GREEN_TASK)).toMatchObject({
      outcome: 'failed',
      failure: { actual: expect.stringContaining('run-of-old is not to be found any more') },
    });
    expect(ports.clock.slept).toEqual([5000, 5000, 5000]);
    expect(namesOf(ports)).toEqual([]);
  });
});

describe('one that was started by a run that died', () => {
  test('wherever that was, is found again: never two at once, told once, and ended', async () => {
    let deaths = 0;
    for (const when of ['before', 'after'] as const) {
      for (let effect = 0; ; effect++) {
        const ports = await deployed();
        const mortal = dyingPorts(ports, effect, when);
        await migrate(mortal)(GREEN_TASK).catch((error: unknown) => expect(error).toBeInstanceOf(Died));
        if (mortal.effects() <= effect) break;
        deaths += 1;
        expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
        expect(namesOf(ports)).toHaveLength(1);
        expect(ports.migrations.overlaps).toBe(0);
        const told = (await ports.ledger.audit('1.1.0')).map(({ what }) => what).filter((what) => what.startsWith('Migration'));
        expect(told.at(-1)).toBe('MigrationFinished');
        expect(told.filter((what) => what === 'MigrationFinished')).toHaveLength(1);
      }
    }
    expect(deaths).toBe(8);
  });

  test('and has ended by then, is not started again either: by its name it is the same', async () => {
    const ports = await deployed();
    ports.migrations.looks = 0;
    const mortal = dyingPorts(ports, 1, 'after');
    await expect(migrate(mortal)(GREEN_TASK)).rejects.toThrow(Died);
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(namesOf(ports)).toHaveLength(1);
  });

  test('is left to its starter as long as that one may be starting it', async () => {
    const ports = await deployed();
    ports.ledger.seed(left(ports, { call: { owner: 'the other', until: ports.clock.later(12) }, run: { name: 'r', runner, until: ports.clock.later(660) } }));
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(ports.clock.slept.slice(0, 3)).toEqual([5000, 5000, 5000]);
    expect(namesOf(ports)).not.toContain('r');
  });

  test('for a release before, with the same content, is followed, and counts', async () => {
    const ports = await deployed();
    await ports.migrations.start(
      PLAN[0] as never,
      { name: 'r', runner, until: ports.clock.later(600) },
      { migration: NAME, release: '1.0.1', environment: 'Production' },
    );
    ports.ledger.seed(left(ports, { run: { name: 'r', runner, until: ports.clock.later(600), id: 'run-1' } }));
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(namesOf(ports)).toEqual(['r']);
  });

  test.each([
    ['fails', { state: 'failed', reason: 'table is locked', logs: 'l' } as const, { outcome: 'migrated' }, 2],
    ['finishes', { state: 'done', said: 'd' } as const, { outcome: 'failed', failure: { actual: expect.stringContaining('with other content') } }, 1],
  ])('with other content, and that %s, is waited for and recorded as what it was', async (_, outcome, expected, runs) => {
    const ports = await deployed(declared('mended'));
    ports.migrations.starts.push(outcome);
    await ports.migrations.start(
      PLAN[0] as never,
      { name: 'r', runner, until: ports.clock.later(600) },
      { migration: NAME, release: '1.0.1', environment: 'Production' },
    );
    ports.ledger.seed(left(ports, { run: { name: 'r', runner, until: ports.clock.later(600), id: 'run-1' } }));
    expect(await migrate(ports)(GREEN_TASK)).toMatchObject(expected);
    expect(namesOf(ports)).toHaveLength(runs);
    expect(ports.migrations.overlaps).toBe(0);
  });

  test('that nobody had started until its time was up has all of it when it is', async () => {
    const ports = await deployed();
    await migrate(dyingPorts(ports, 1, 'before'))(GREEN_TASK).catch((error: unknown) => expect(error).toBeInstanceOf(Died));
    expect([namesOf(ports), (await stored(ports))?.run]).toEqual([[], expect.not.objectContaining({ id: expect.anything() })]);
    ports.clock.advance(3_600);
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect([namesOf(ports).length, ports.migrations.stopped]).toEqual([1, []]);
  });

  test('by another release, where nobody finds it, was never started: this one’s is', async () => {
    const ports = await deployed();
    ports.ledger.seed(left(ports, { run: { name: 'r', runner, until: ports.clock.later(600) } }));
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(namesOf(ports)).toEqual([expect.not.stringMatching(/^r$/)]);
  });
});

test('what runs when its release is aborted is left to end, and found by the next release', async () => {
  const ports = await deployed();
  ports.migrations.meanwhile = async () => {
    const release = (await ports.ledger.release('1.1.0')) as ReturnType<typeof exampleRelease>;
    await ports.ledger.commit({ put: [{ ...release, aborted: { by: 'somebody', reason: 'wrong prices', at: ports.clock.now() } }], audit: [] });
    ports.migrations.meanwhile = undefined;
  };
  expect(await migrate(ports)(GREEN_TASK)).toMatchObject({ outcome: 'failed', failure: { actual: 'aborted by somebody: wrong prices' } });
  expect(ports.migrations.stopped).toEqual([]);
  expect(await stored(ports)).toMatchObject({ status: 'started', run: { id: 'run-1' } });
});

test('what two follow at once ends for both', async () => {
  const ports = await deployed();
  ports.migrations.starts.push({ state: 'failed', reason: 'table is locked', logs: 'l' });
  const [first, second] = await Promise.allSettled([migrate(ports)(GREEN_TASK), migrate(ports)(GREEN_TASK)]);
  const outcomes = [first, second].map((one) => (one.status === 'fulfilled' ? one.value : { outcome: 'thrown' }));
  expect(outcomes).toContainEqual(expect.objectContaining({ outcome: 'failed' }));
  expect(outcomes).not.toContainEqual(expect.objectContaining({ outcome: 'migrated' }));
  expect(namesOf(ports)).toHaveLength(1);
  expect(ports.ledger.happened().filter((event) => event === 'MigrationFailed')).toHaveLength(1);
});
