import type { DeclaredMigration, EnvironmentPlan } from '../../lambda/contract';
import { submit } from '../../lambda/domain/commands/submit';
import type { MigrationState } from '../../lambda/domain/model';
import { FIREBREAK } from './example-gate';
import { examplePlan } from './example-path';
import { type InMemoryPorts, inMemoryPorts } from './in-memory-ports';
import { exampleBody, publish } from './submission-body';

const PIPELINE = 'arn:aws:sts::111111111111:assumed-role/Pipeline/build-7';
const NAME = '2026-11-add-currency';
const withState = (environment: string, given: Partial<EnvironmentPlan> = {}) =>
  examplePlan(environment, {
    ...given,
    roles: { ...examplePlan(environment).roles, migrate: `arn:aws:iam::222222222222:role/Payments-${environment}-migrate` },
  });
const PLAN = [withState('Integration'), withState('Production', { firebreak: { ...FIREBREAK, when: ['altersSchema'] } })];
const expand: DeclaredMigration = { name: NAME, kind: 'expand', content: 'c1' };
const body = exampleBody('1.1.0', PLAN);

/** A hub to which the body's files are published, whose templates say that they bring this. */
function hub(brings: (stackName: string) => readonly DeclaredMigration[], plan: readonly EnvironmentPlan[] = PLAN): InMemoryPorts {
  const ports = inMemoryPorts(plan);
  publish(ports, body);
  for (const { stackName, template } of body.bundle.stacks) ports.templates.migrations.set(`${template.bucket}/${template.key}`, brings(stackName));
  return ports;
}

function finished(environment: string, content = 'c1', status: MigrationState['status'] = 'finished'): MigrationState {
  const about = { kind: 'migration', revision: 1, name: NAME, migration: 'expand', release: '1.0.1', execution: 'x', calls: 1 } as const;
  return { ...about, environment, content, status, startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:01:00.000Z' };
}

test('a release that brings a migration alters the schema, whether that was declared or not, and says what it brings', async () => {
  const ports = hub(() => [expand]);
  const view = await submit(ports, PIPELINE, body);
  expect(view).toMatchObject({ changes: ['altersSchema'], migrations: [{ name: NAME, kind: 'expand' }] });
  expect(await ports.ledger.release('1.1.0')).toMatchObject({ migrations: [expand], changes: ['altersSchema'] });
  const detail = { migrations: [{ name: NAME, kind: 'expand' }], firebreaks: ['Production'] };
  expect(ports.bus.published[0]).toMatchObject({ what: 'ReleaseSubmitted', detail });
});

test('one that brings what an environment has not had alters it too, one that brings nothing new does not', async () => {
  const half = hub(() => [expand]);
  half.ledger.seed(finished('Integration'));
  expect((await submit(half, PIPELINE, body)).changes).toEqual(['altersSchema']);
  const had = hub(() => [expand]);
  had.ledger.seed(finished('Integration'), finished('Production'));
  expect((await submit(had, PIPELINE, body)).changes).toEqual([]);
  expect(
    (
      await submit(
        hub(() => []),
        PIPELINE,
        body,
      )
    ).migrations,
  ).toBeUndefined();
});

test.each<[string, InMemoryPorts, string, RegExp]>([
  [
    'brings a migration to one slot and not to another',
    hub((stackName) => (stackName.endsWith('Green') ? [] : [expand])),
    'MigrationsDiffer',
    /brings the migration 2026-11-add-currency, that of Payments-Integration-Green no migration/,
  ],
  [
    'brings one of a kind the hub does not know',
    hub(() => [{ ...expand, kind: 'rewriting' as 'expand' }]),
    'UnknownMigration',
    /is of the kind "rewriting"; this hub knows expand, contract, breaking: run cdk deploy/,
  ],
  [
    'brings one to where there is nothing to migrate',
    hub(() => [expand], [withState('Integration'), examplePlan('Production', { firebreak: FIREBREAK })]),
    'CannotMigrate',
    /Production as it is deployed has no shared state to migrate; give the path sharedState and run cdk deploy/,
  ],
])('a release is refused that %s', async (_, ports, code, message) => {
  await expect(submit(ports, PIPELINE, body)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  expect(ports.machines.started).toEqual([]);
});

test.each<[string, unknown, RegExp]>([
  ['no list', { name: NAME }, /^the template of Payments-Integration-Blue says in its metadata .* and that is no list; synthesize it again/],
  ['nothing', [expand, null], / and null is no migration with a name, a kind and its content/],
  ['a name that is none', [{ ...expand, name: 'x'.repeat(5_000) }], /"name":"x{50,80} is no migration/],
  ['a name that is no text', [{ ...expand, name: { toString: 1 } }], / is no migration/],
  ['no content', [{ ...expand, content: undefined }], / is no migration/],
  ['one name for two contents', [expand, { ...expand, content: 'c2' }], / and two migrations are named "2026-11-add-currency"; /],
  ['more than there can be', Array.from({ length: 31 }, (_, n) => ({ ...expand, name: `m-${n}` })), / and that is 31 migrations, at most 30 are possible; /],
])('a template that was written by hand and brings %s is refused, and says where', async (_, said, message) => {
  const ports = hub(() => said as readonly DeclaredMigration[]);
  await expect(submit(ports, PIPELINE, body)).rejects.toMatchObject({ code: 'MigrationsUnreadable', status: 400, message: expect.stringMatching(message) });
  expect(await ports.ledger.release('1.1.0')).toBeUndefined();
});

test('a name that has finished somewhere stands for that content for ever; one that failed may be mended', async () => {
  const taken = hub(() => [expand]);
  taken.ledger.seed(finished('Production', 'another'));
  await expect(submit(taken, PIPELINE, body)).rejects.toMatchObject({
    code: 'MigrationNameTaken',
    message: expect.stringContaining(
      `the migration "${NAME}" finished in Production at 2026-01-01T00:01:00.000Z, brought by release 1.0.1, with other content`,
    ),
  });
  const mended = hub(() => [expand]);
  mended.ledger.seed(finished('Production', 'another', 'failed'));
  expect(await submit(mended, PIPELINE, body)).toMatchObject({ status: 'submitted' });
});

test('a name stands for one kind, too: what ran as expand in one environment is not a contract in another', async () => {
  for (const status of ['failed', 'finished'] as const) {
    const ports = hub(() => [{ ...expand, kind: 'contract' }]);
    ports.ledger.seed(finished('Integration', 'c1', status));
    await expect(submit(ports, PIPELINE, body)).rejects.toMatchObject({
      code: 'MigrationNameTaken',
      message: expect.stringMatching(
        /ran in Integration at .* as expand, brought by release 1\.0\.1, and is brought as contract now; give it a name of its own/,
      ),
    });
  }
});

test('the same release again finds itself, whatever its pipeline declares by then', async () => {
  const ports = hub(() => [expand]);
  await submit(ports, PIPELINE, body);
  expect(await submit(ports, PIPELINE, { ...body, changes: ['altersSchema'] })).toMatchObject({ status: 'submitted', changes: ['altersSchema'] });
});
