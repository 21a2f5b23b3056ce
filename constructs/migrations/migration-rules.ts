import { MOST_MIGRATIONS } from '../../lambda/contract';
import type { Environment } from '../environments/environment';
import { PathToLiveError } from '../private/errors';
import { firstRepeated } from '../private/validate';
import type { Migration } from './migration';

/** An environment, and whether it has state to migrate. */
export interface MigratedEnvironment {
  readonly environment: Environment;
  readonly hasSharedState: boolean;
}

/**
 * What must hold for the migrations of one path together.
 *
 * @param where construct path of the path to live
 * @throws PathToLiveError
 */
export function requireMigrations(where: string, migrations: readonly Migration[], environments: readonly MigratedEnvironment[]): void {
  if (migrations.length === 0) return;
  const names = migrations.map(({ name }) => name);
  const repeated = firstRepeated(names);
  if (repeated !== undefined) {
    throw new PathToLiveError(
      'MigrationName',
      where,
      `two migrations are named ${JSON.stringify(repeated)}; the name says whether one ran already, give them different ones`,
    );
  }
  if (migrations.length > MOST_MIGRATIONS) {
    const problem = `it has ${migrations.length} migrations, at most ${MOST_MIGRATIONS} are possible; leave out those that have finished in every environment`;
    throw new PathToLiveError('TooManyMigrations', where, problem);
  }
  const without = environments.find(({ hasSharedState }) => !hasSharedState);
  if (without !== undefined) {
    const problem = `it has the migration ${JSON.stringify(names[0])}, and ${JSON.stringify(without.environment.name)} has no shared state; give the path sharedState, which says what migrations may do with it`;
    throw new PathToLiveError('NothingToMigrate', where, problem);
  }
  const breaking = migrations.find(({ _kind }) => _kind === 'breaking');
  if (breaking !== undefined) throw new PathToLiveError('BreakingMigration', where, refusalOf(breaking, environments));
}

function refusalOf({ name }: Migration, environments: readonly MigratedEnvironment[]): string {
  const weighted = environments.map(({ environment }) => environment).find(({ traffic }) => traffic._bind().length > 1);
  const steps = weighted?.traffic._bind().map(({ percent }) => percent);
  const why =
    weighted === undefined
      ? 'it needs an outage that is planned, and none can be declared yet'
      : `${weighted.name} shifts traffic by weight (${steps?.join(', ')} percent), where two versions use the state at once`;
  return `the migration ${JSON.stringify(name)} is breaking: ${why}; let one release expand the state and go live, and Migration.contract of a later one clean up, when no version needs the old shape any more`;
}
