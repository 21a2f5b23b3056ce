import { type DeclaredMigration, MOST_MIGRATIONS } from '../../../../lambda/contract';
import {
  changesOf,
  checkSameContent,
  inWords,
  isOther,
  leftOf,
  migrationsOf,
  nameTaken,
  ofKind,
  readDeclared,
  sameMigrations,
} from '../../../../lambda/domain/migrations/declared';
import type { MigrationState } from '../../../../lambda/domain/model';
import { examplePlan } from '../../example-path';
import { exampleBody } from '../../submission-body';

const AT = '2026-01-01T00:00:00.000Z';
const END = '2026-01-01T00:01:00.000Z';
const roles = { ...examplePlan().roles, migrate: 'arn:aws:iam::222222222222:role/migrate' };
const withState = (environment: string) => examplePlan(environment, { roles });
const PLAN = [withState('Integration'), withState('Production')];
const OUTAGES = PLAN.map((plan) => ({ ...plan, plannedOutage: { longestSeconds: 60, says: 'x' } }));
const brings = (name: string, given: Partial<DeclaredMigration> = {}): DeclaredMigration => ({ name, kind: 'expand', content: 'c1', ...given });
const slot = (stackName: string, ...migrations: readonly DeclaredMigration[]) => ({ stack: { stackName, environment: 'Production' }, migrations });
const known = (name: string, given: Partial<MigrationState> = {}): MigrationState => {
  const about = { kind: 'migration', revision: 1, environment: 'Production', release: '1.0.1', execution: 'x', calls: 1, startedAt: AT, endedAt: END } as const;
  return { ...about, name, migration: 'expand', content: 'c1', status: 'finished', ...given };
};

describe('what a template says that it brings', () => {
  const stack = { stackName: 'Payments-Production-Blue', environment: 'Production' };
  const refused = (said: unknown) => {
    try {
      return readDeclared(stack, said).migrations.length;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const problem = (what: string) =>
    `the template of ${stack.stackName} says in its metadata what it brings for the shared state, and ${what}; synthesize it again, a slot's stack writes it`;
  const isNone = (said: unknown) => problem(`${JSON.stringify(said)} is no migration with a name, a kind and its content`);

  test('is nothing, or a list of migrations', () => {
    expect(readDeclared(stack, undefined)).toEqual({ stack, migrations: [] });
    const migrations = [brings('a'), brings('b', { kind: 'breaking', undoable: true })];
    expect(readDeclared(stack, migrations)).toEqual({ stack, migrations });
    expect(refused(Array.from({ length: MOST_MIGRATIONS }, (_, n) => brings(`m-${n}`)))).toBe(MOST_MIGRATIONS);
  });

  test.each<[string, unknown]>([
    ['a text', 'add-currency'],
    ['nothing at all', null],
    ['no name', { kind: 'expand', content: 'c1' }],
    ['a name with capitals', brings('Add')],
    ['no kind', { name: 'a', content: 'c1' }],
    ['a kind that is no text', { ...brings('a'), kind: 1 }],
    ['a content that is no text', { ...brings('a'), content: 1 }],
    ['a name that is no text', { ...brings('a'), name: 1 }],
    ['a way back that is not there', { ...brings('a'), undoable: false }],
  ])('is refused with %s for a migration', (_, said) => {
    expect(refused([brings('good'), said])).toBe(isNone(said));
  });

  test('is refused with one name for two', () => {
    expect(refused([brings('b'), brings('a'), brings('a')])).toBe(problem('two migrations are named "a"'));
  });
});

describe('the migrations of a release', () => {
  const refused = (plan: Parameters<typeof migrationsOf>[0], ...found: Parameters<typeof migrationsOf>[1]) => {
    try {
      return migrationsOf(plan, found);
    } catch (error) {
      const { code, message, status } = error as { readonly code: string; readonly message: string; readonly status: number };
      return [code, status, message];
    }
  };

  test('are those of each of its slots; none, where no slot brings any, whatever the environments can run', () => {
    const both = [brings('a'), brings('b')];
    expect(refused(PLAN, slot('Blue', ...both), slot('Green', ...both))).toEqual(both);
    expect([refused(PLAN), refused([examplePlan()], slot('Blue'), slot('Green'))]).toEqual([[], []]);
    expect(refused(OUTAGES, slot('Blue', brings('a', { kind: 'breaking' })))).toHaveLength(1);
  });

  test('are the same in every slot, in the same order, or both are named', () => {
    const fix = '; every slot of a release brings the same migrations: synthesize it again, in one go';
    expect(refused(PLAN, slot('Blue', brings('a')), slot('Green', brings('a')), slot('Red', brings('b'), brings('a')))).toEqual([
      'MigrationsDiffer',
      400,
      `the template of Blue brings the migration a, that of Red the migrations b, a${fix}`,
    ]);
  });

  test('are of a kind that this hub runs', () => {
    expect(refused(PLAN, slot('Blue', brings('a'), brings('b', { kind: 'rewriting' as 'expand' })))).toEqual([
      'UnknownMigration',
      400,
      'the migration "b" is of the kind "rewriting"; this hub knows expand, contract, breaking: run cdk deploy for the platform with the path-to-live that the release is synthesized with',
    ]);
  });

  test('come to environments that have a shared state', () => {
    expect(refused([withState('Integration'), examplePlan('Production')], slot('Blue', brings('a'), brings('b')))).toEqual([
      'CannotMigrate',
      409,
      'the release brings the migrations a, b, and Production as it is deployed has no shared state to migrate; give the path sharedState and run cdk deploy for the platform first',
    ]);
  });

  test('break what is live only where people have said that users may have an outage, in each environment', () => {
    const [integration, production] = OUTAGES;
    const plan = [integration, { ...production, plannedOutage: undefined }] as typeof OUTAGES;
    const why = (which: string, are: string) => [
      'OutageNotPlanned',
      409,
      `the release brings ${which}, which ${are} breaking: the live version cannot go on, and users have an outage; in Production as it is deployed none may be planned: give it plannedOutage: PlannedOutage.allowed({ … }) and run cdk deploy for the platform first, or expand, release, and contract later`,
    ];
    const [one, two] = [brings('a', { kind: 'breaking' }), brings('b', { kind: 'breaking' })];
    expect(refused(plan, slot('Blue', brings('x'), one))).toEqual(why('the migration a', 'is'));
    expect(refused(plan, slot('Blue', one, two))).toEqual(why('the migrations a, b', 'are'));
    expect(refused(plan, slot('Blue', brings('x')))).toEqual([brings('x')]);
  });
});

describe('a name', () => {
  test('stands for a content once that has finished, and for a kind from the start', () => {
    expect(isOther(brings('a'), known('a'))).toBe(false);
    expect(isOther(brings('a'), known('b', { content: 'c2', migration: 'contract' }))).toBe(false);
    expect(isOther(brings('a'), known('a', { content: 'c2' }))).toBe(true);
    expect(isOther(brings('a'), known('a', { content: 'c2', status: 'failed' }))).toBe(false);
    expect(isOther(brings('a'), known('a', { migration: 'contract', status: 'started' }))).toBe(true);
  });

  test('that is taken is told where, by whom, and what to do', () => {
    const other = known('a', { content: 'c2' });
    const finished = `the migration "a" finished in Production at ${END}, brought by release 1.0.1, with other content than this release brings by that name; what has finished is not run again: give the new content a name of its own, or leave the old one out`;
    expect(nameTaken([brings('b', { kind: 'contract' }), brings('a')], other)).toBe(finished);
    expect(() => checkSameContent([brings('b'), brings('a')], [known('b'), other])).toThrow(
      expect.objectContaining({ code: 'MigrationNameTaken', message: finished }),
    );
    expect(() => checkSameContent([brings('b'), brings('a')], [known('b'), known('a')])).not.toThrow();
    expect(nameTaken([brings('a', { kind: 'contract' })], other)).toBe(
      `the migration "a" ran in Production at ${AT} as expand, brought by release 1.0.1, and is brought as contract now; give it a name of its own`,
    );
  });
});

test('what is left is what has not finished, in the order of the release', () => {
  const declared = [brings('c'), brings('b'), brings('a')];
  expect(leftOf(declared, [known('b'), known('a', { status: 'failed' }), known('x')]).map(({ name }) => name)).toEqual(['c', 'a']);
  expect(ofKind([brings('c'), brings('b', { kind: 'contract' })], 'contract').map(({ name }) => name)).toEqual(['b']);
  expect(ofKind(undefined, 'expand')).toEqual([]);
});

describe('a release declares', () => {
  const body = exampleBody('1.1.0', PLAN);
  const changes = (declared: readonly DeclaredMigration[], states: readonly MigrationState[] = [], said?: string[]) =>
    changesOf({ ...body, ...(said && { changes: said }) }, PLAN, declared, states);
  const everywhere = (name: string) => PLAN.map(({ environment }) => known(name, { environment }));

  test('what it said, once each, and what it brings that an environment has not had', () => {
    expect([changes([]), changes([], [], ['movesMoney', 'movesMoney'])]).toEqual([[], ['movesMoney']]);
    expect(changes([brings('a')])).toEqual(['altersSchema']);
    expect(changes([brings('a')], [known('a')], ['altersSchema', 'movesMoney'])).toEqual(['altersSchema', 'movesMoney']);
    expect(changes([brings('a')], everywhere('a'))).toEqual([]);
  });

  test('an outage where what breaks is left, and for nothing else', () => {
    const breaking = brings('b', { kind: 'breaking' });
    expect(changes([brings('a'), breaking])).toEqual(['altersSchema', 'plannedOutage']);
    expect(changes([brings('a'), breaking], everywhere('b'))).toEqual(['altersSchema']);
    expect(changes([breaking], [known('b', { environment: 'Integration' })])).toEqual(['altersSchema', 'plannedOutage']);
  });
});

test('two lists are the same with the same migrations in the same order', () => {
  expect(sameMigrations([brings('a'), brings('b')], [brings('a'), brings('b')])).toBe(true);
  const others: Partial<DeclaredMigration>[] = [{ name: 'x' }, { kind: 'contract' }, { content: 'c2' }, { undoable: true }];
  for (const other of others) expect(sameMigrations([brings('a')], [brings('a', other)])).toBe(false);
  expect(sameMigrations([brings('a'), brings('b')], [brings('b'), brings('a')])).toBe(false);
});

test('migrations in words', () => {
  expect([inWords([]), inWords([brings('a')]), inWords([brings('a'), brings('b')])]).toEqual(['no migration', 'the migration a', 'the migrations a, b']);
});
