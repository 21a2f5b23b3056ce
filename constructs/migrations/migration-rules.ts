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
  requireSomethingToMigrate(where, environments);
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
  requireOutages(where, migrations, environments);
}

/** An outage is for what migrations do. */
function requireSomethingToMigrate(where: string, environments: readonly MigratedEnvironment[]): void {
  const planned = environments.find(({ environment, hasSharedState }) => environment.plannedOutage !== undefined && !hasSharedState);
  if (planned === undefined) return;
  const problem = `outages of ${JSON.stringify(planned.environment.name)} may be planned, and it has no shared state that a release could break; give the path sharedState, or leave plannedOutage out`;
  throw new PathToLiveError('NothingToMigrate', where, problem);
}

/** A release goes through every environment, so each has to say that its users may be without a version. */
function requireOutages(where: string, migrations: readonly Migration[], environments: readonly MigratedEnvironment[]): void {
  const breaking = migrations.find(({ _kind }) => _kind === 'breaking');
  const unsaid = environments.find(({ environment }) => environment.plannedOutage === undefined);
  if (breaking === undefined || unsaid === undefined) return;
  const { name } = unsaid.environment;
  const problem =
    `the migration ${JSON.stringify(breaking.name)} is breaking: the live version cannot go on, so users have an outage while it runs, and in ${name} none may be planned; ` +
    `say plannedOutage: PlannedOutage.allowed({ reason: '…', longest: Duration.minutes(30) }) there; or let one release expand the state and go live, and Migration.contract of a later one clean up, which takes no outage`;
  throw new PathToLiveError('OutageNotPlanned', where, problem);
}
