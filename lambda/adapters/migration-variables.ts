import { MIGRATION_ENV, type MigrationRequest } from '../contract';

/** What a task or a build is told when it is started, beside what its template says. @param run its name */
export function toldOf({ migration, release, environment }: MigrationRequest, run: string): { readonly name: string; readonly value: string }[] {
  const told = { [MIGRATION_ENV.environment]: environment, [MIGRATION_ENV.migration]: migration, [MIGRATION_ENV.release]: release, [MIGRATION_ENV.run]: run };
  return Object.entries(told).map(([name, value]) => ({ name, value }));
}
