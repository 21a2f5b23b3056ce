import type { DeclaredMigration, SlotMigration } from '../../../lambda/contract';
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

const declared = (name = NAME, content = 'c1'): DeclaredMigration => ({ name, kind: 'expand', content });
const inSlot = (migration: DeclaredMigration): SlotMigration => ({
  ...migration,
  runner: { kind: 'lambda', functionName: `f-${migration.name}`, timeoutSeconds: 300 },
});
const state = (given: Partial<MigrationState> = {}): MigrationState => ({
  kind: 'migration',
  revision: 1,
  environment: 'Production',
  name: NAME,
  migration: 'expand',
  content: 'c1',
  status: 'finished',
  release: '1.0.1',
  execution: 'an earlier execution',
  startedAt: '2026-01-01T00:00:00.000Z',
  calls: 1,
  ...given,
});

/** 1.1.0 is in the shadow and brings these migrations. */
async function deployed(migrations: readonly DeclaredMigration[] = [declared()], known: readonly MigrationState[] = []): Promise<InMemoryPorts> {
  const ports = exampleWorld(PLAN);
  register(ports, exampleRelease('1.1.0', PLAN, { migrations }));
  ports.ledger.seed(...known);
  expect(await enter(ports)(await enterInput(ports, '1.1.0'))).toMatchObject({ outcome: 'entered' });
  ports.slots.script(STACK, { state: 'deployed', targetGroupArn: targetGroupOf(STACK), alarms: [], migrations: migrations.map(inSlot) });
  await deploy(ports)(GREEN_TASK);
  return ports;
}

describe('a release that is deployed', () => {
  test('says that it migrates where it brings what this environment has not had', async () => {
    expect(await deploy(await deployed())(GREEN_TASK)).toEqual({ outcome: 'deployed', migrates: true });
  });

  test('goes past it where all of it has finished here', async () => {
    expect(await deploy(await deployed([declared()], [state()]))(GREEN_TASK)).toEqual({ outcome: 'deployed' });
    expect(await deploy(await deployed([]))(GREEN_TASK)).toEqual({ outcome: 'deployed' });
  });

  test('is stopped where its slot brings others than people were told', async () => {
    const ports = exampleWorld(PLAN);
    register(ports, exampleRelease('1.1.0', PLAN, { migrations: [declared()] }));
    await enter(ports)(await enterInput(ports, '1.1.0'));
    ports.slots.script(STACK, { state: 'deployed', targetGroupArn: 't', alarms: [], migrations: [inSlot(declared(NAME, 'other'))] });
    expect(await deploy(ports)(GREEN_TASK)).toMatchObject({
      outcome: 'failed',
      failure: { subject: `stack ${STACK}`, expected: `brings the migration ${NAME}` },
    });
    expect((await ports.ledger.environment('Production')).slots).not.toHaveProperty('green');
  });
});

describe('a migration', () => {
  test('is written down before it is called, and when it has finished', async () => {
    const ports = await deployed();
    let meanwhile: MigrationState | undefined;
    ports.migrations.meanwhile = async () => {
      meanwhile = await ports.ledger.migration('Production', NAME);
    };
    ports.migrations.scripted.push({ answer: { done: true, said: '12 payments' } });
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(ports.migrations.calls).toEqual([{ migration: NAME, release: '1.1.0', environment: 'Production' }]);
    expect(meanwhile).toMatchObject({ status: 'started', release: '1.1.0', execution: GREEN_TASK.execution, calls: 1, call: { owner: expect.any(String) } });
    expect(await ports.ledger.migration('Production', NAME)).toMatchObject({ status: 'finished', endedAt: ports.clock.now() });
    expect(await ports.ledger.migration('Production', NAME)).not.toHaveProperty('call');
    expect(ports.ledger.happened().slice(-2)).toEqual(['MigrationStarted', 'MigrationFinished']);
    expect((await ports.ledger.audit('1.1.0')).at(-1)?.detail).toEqual({ migration: NAME, kind: 'expand', calls: 1, seconds: 0, said: '12 payments' });
  });

  test('that contracts the state is left out, whatever else the release brings', async () => {
    const contract = { name: '2026-12-drop-amount', kind: 'contract', content: 'c1' } as const;
    const both = await deployed([contract, declared()]);
    expect(await migrate(both)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(both.migrations.calls.map(({ migration }) => migration)).toEqual([NAME]);
    expect(await both.ledger.migration('Production', contract.name)).toBeUndefined();
    expect(await deploy(await deployed([contract]))(GREEN_TASK)).toEqual({ outcome: 'deployed' });
  });

  test('that has finished is not run again, by a task that is repeated or by another release', async () => {
    const ports = await deployed();
    expect([await migrate(ports)(GREEN_TASK), await migrate(ports)(GREEN_TASK)]).toEqual([{ outcome: 'migrated' }, { outcome: 'migrated' }]);
    expect(ports.migrations.calls).toHaveLength(1);
    const later = await deployed([declared(), declared('second', 'c2')], [state()]);
    expect(await migrate(later)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(later.migrations.calls.map(({ migration }) => migration)).toEqual(['second']);
  });

  test('runs after the one before it has finished, in the order of the release', async () => {
    const ports = await deployed([declared('b'), declared('a')]);
    await migrate(ports)(GREEN_TASK);
    expect(ports.migrations.calls.map(({ migration }) => migration)).toEqual(['b', 'a']);
  });

  test('that is not done is called again with what it said, and is told in the audit once', async () => {
    const ports = await deployed();
    ports.migrations.scripted.push({ answer: { done: false, next: { from: 'k1' } } }, { answer: { done: false, next: { from: 'k2' } } });
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(ports.migrations.calls.map(({ next }) => next)).toEqual([undefined, { from: 'k1' }, { from: 'k2' }]);
    expect(ports.ledger.happened().filter((event) => event.startsWith('Migration'))).toEqual(['MigrationStarted', 'MigrationFinished']);
    expect(await ports.ledger.migration('Production', NAME)).toMatchObject({ status: 'finished', calls: 3 });
    expect(await ports.ledger.migration('Production', NAME)).not.toHaveProperty('next');
  });

  test('that takes longer than one run goes on in the next, from where it was', async () => {
    const ports = await deployed();
    let left = 900_000;
    Object.assign(ports, { remainingMilliseconds: () => left });
    ports.migrations.scripted.push({ answer: { done: false, next: 7 } });
    ports.migrations.meanwhile = () => {
      left = 60_000;
    };
    expect(await migrate(ports)(GREEN_TASK)).toMatchObject({
      outcome: 'migrating',
      failure: { subject: `migration ${NAME}`, actual: 'not done, after 1 calls' },
    });
    left = 900_000;
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(ports.migrations.calls.map(({ next }) => next)).toEqual([undefined, 7]);
  });

  test.each([
    ['throws', { error: 'Error: table is locked' }, 'Error: table is locked'],
    ['answers nothing', { answer: null }, 'it answered null; a migration answers { "done": true }'],
    ['says neither', { answer: { ok: true } }, 'it answered {"ok":true}'],
    ['is not done and cannot go on', { answer: { done: false } }, 'nothing to go on with'],
    ['has too much to remember', { answer: { done: false, next: 'x'.repeat(10_001) } }, 'its next has 10003 characters of JSON, allowed are 10000'],
    [
      'goes on from a number that JSON does not keep',
      { answer: { done: false, next: { after: [JSON.parse('9223372036854775807')] } } },
      'its next has a number too large to be kept exactly, which came as 9223372036854776000; answer it as a text',
    ],
  ])('that %s stops the release, with the evidence', async (_, found, actual) => {
    const ports = await deployed();
    ports.migrations.scripted.push(found);
    const output = await migrate(ports)(GREEN_TASK);
    const failure = {
      step: 'Migrate the shared state of Production',
      subject: `migration ${NAME}`,
      expected: 'done',
      actual: expect.stringContaining(actual),
      logs: LOGS,
    };
    expect(output).toEqual({ outcome: 'failed', failure });
    expect(await ports.ledger.migration('Production', NAME)).toMatchObject({ status: 'failed', failure });
    expect(ports.ledger.happened().at(-1)).toBe('MigrationFailed');
    expect(ports.liveRule.writes).toEqual([]);
  });

  test('that fails with a message of any length leaves a ticket that can be stored, and sent', async () => {
    const ports = await deployed();
    ports.migrations.scripted.push({ error: `Error: INSERT INTO payments VALUES ${'(1), '.repeat(100_000)}` });
    const output = await migrate(ports)(GREEN_TASK);
    const actual = expect.stringMatching(/^Error: INSERT INTO payments VALUES .{1,2000}…$/);
    expect(output).toMatchObject({ outcome: 'failed', failure: { actual } });
    expect(await ports.ledger.migration('Production', NAME)).toMatchObject({ status: 'failed', failure: { actual } });
  });

  test('that goes on from something deeper than a table takes is told it again', async () => {
    const ports = await deployed();
    const next = JSON.parse(`${'['.repeat(100)}1.5${']'.repeat(100)}`) as unknown;
    ports.migrations.scripted.push({ answer: { done: false, next } });
    let stored: MigrationState | undefined;
    ports.migrations.meanwhile = async () => {
      stored = await ports.ledger.migration('Production', NAME);
    };
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(stored?.next).toBe(JSON.stringify(next));
    expect(ports.migrations.calls.at(-1)?.next).toEqual(next);
  });

  test('that failed runs again with the next release, from where it was, or anew where its content is another', async () => {
    const left = { status: 'failed', next: '{"from":"k1"}' } as const;
    const same = await deployed([declared()], [state(left)]);
    await migrate(same)(GREEN_TASK);
    expect(same.migrations.calls[0]).toHaveProperty('next', { from: 'k1' });
    const mended = await deployed([declared(NAME, 'mended')], [state(left)]);
    expect(await migrate(mended)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(mended.migrations.calls[0]).not.toHaveProperty('next');
    expect((await mended.ledger.audit('1.1.0')).find(({ what }) => what === 'MigrationStarted')?.detail).toMatchObject({ after: 'failed', by: '1.0.1' });
  });

  test('whose caller died is called again, but not while it may still run', async () => {
    const ports = await deployed();
    ports.ledger.seed(state({ status: 'started', call: { owner: 'the dead one', until: ports.clock.later(12) } }));
    let earliest: string | undefined;
    ports.migrations.meanwhile = () => {
      earliest = ports.clock.now();
    };
    const until = ports.clock.later(12);
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(ports.clock.slept).toEqual([5000, 5000, 5000]);
    expect((earliest ?? '') >= until).toBe(true);
  });

  test('wherever the process that runs it dies, the next one ends it: told once, and never called while a call may still run', async () => {
    const twoPieces = async () => {
      const ports = await deployed();
      ports.migrations.scripted.push({ answer: { done: false, next: 1 } });
      return ports;
    };
    let deaths = 0;
    for (const when of ['before', 'after'] as const) {
      for (let effect = 0; ; effect++) {
        const ports = await twoPieces();
        const mortal = dyingPorts(ports, effect, when);
        await migrate(mortal)(GREEN_TASK).catch((error: unknown) => expect(error).toBeInstanceOf(Died));
        if (mortal.effects() <= effect) break;
        deaths += 1;
        const left = await ports.ledger.migration('Production', NAME);
        const began: string[] = [];
        ports.migrations.meanwhile = () => void began.push(ports.clock.now());
        expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
        for (const at of began) expect([at, left?.call === undefined || at >= left.call.until]).toEqual([at, true]);
        const told = ports.ledger.happened().filter((event) => event.startsWith('Migration'));
        expect([when, effect, told]).toEqual([when, effect, ['MigrationStarted', 'MigrationFinished']]);
        expect(ports.migrations.calls.length).toBeLessThanOrEqual(3);
      }
    }
    // Started, called and ended, twice each; before and after.
    expect(deaths).toBe(12);
  });

  test('that the service was too busy for is tried again by the machine, which waits out the call that may have begun', async () => {
    const ports = await deployed();
    ports.migrations.scripted.push(new Retry('busy'));
    await expect(migrate(ports)(GREEN_TASK)).rejects.toThrow('busy');
    expect(await ports.ledger.migration('Production', NAME)).toMatchObject({ status: 'started', call: { until: ports.clock.later(330) } });
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(ports.clock.slept.reduce((sum, one) => sum + one, 0)).toBe(330_000);
  });

  test('of which two would be called at once is called once: the other finds the ledger changed', async () => {
    const ports = await deployed();
    ports.ledger.raceNextCommit(async () => {
      expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    });
    await expect(migrate(ports)(GREEN_TASK)).rejects.toThrow('migration Production 2026-11-add-currency is at revision');
    expect(ports.migrations.calls).toHaveLength(1);
  });

  test('whose answer comes when somebody else has called it meanwhile records nothing of it', async () => {
    const ports = await deployed();
    ports.migrations.meanwhile = async () => {
      const stored = (await ports.ledger.migration('Production', NAME)) as MigrationState;
      await ports.ledger.commit({ put: [{ ...stored, call: { owner: 'somebody else', until: ports.clock.later(330) } }], audit: [] });
    };
    await expect(migrate(ports)(GREEN_TASK)).rejects.toThrow('was called by somebody else meanwhile');
    expect(await ports.ledger.migration('Production', NAME)).toMatchObject({ status: 'started', call: { owner: 'somebody else' } });
  });

  test('is not run under a name that another content has finished under', async () => {
    const ports = await deployed([declared(NAME, 'other')], [state({ endedAt: '2026-01-01T00:01:00.000Z' })]);
    expect(await migrate(ports)(GREEN_TASK)).toMatchObject({
      outcome: 'failed',
      failure: {
        actual: 'finished in Production at 2026-01-01T00:01:00.000Z, brought by release 1.0.1, with other content: give the new content a name of its own',
      },
    });
    expect(ports.migrations.calls).toEqual([]);
  });

  test('is not called once the release was aborted', async () => {
    const ports = await deployed([declared('a'), declared('b')]);
    ports.migrations.meanwhile = async () => {
      const release = (await ports.ledger.release('1.1.0')) as ReturnType<typeof exampleRelease>;
      await ports.ledger.commit({ put: [{ ...release, aborted: { by: 'somebody', reason: 'wrong prices', at: ports.clock.now() } }], audit: [] });
    };
    expect(await migrate(ports)(GREEN_TASK)).toMatchObject({ outcome: 'failed', failure: { actual: 'aborted by somebody: wrong prices' } });
    expect(ports.migrations.calls.map(({ migration }) => migration)).toEqual(['a']);
  });

  test('that nothing in the slot can run stops the release', async () => {
    const ports = await deployed();
    const environment = await ports.ledger.environment('Production');
    const { migrations: _gone, ...green } = environment.slots.green as NonNullable<typeof environment.slots.green>;
    await ports.ledger.commit({ put: [{ ...environment, slots: { ...environment.slots, green } }], audit: [] });
    expect(await migrate(ports)(GREEN_TASK)).toMatchObject({
      outcome: 'failed',
      failure: { actual: expect.stringContaining('slot green has nothing to run it by') },
    });
  });
});
