import { listOf, optional, requireKind } from '../kinds/kind';
import { oneOf } from '../kinds/kinds';

/** What can run a migration beside a function, and needs permissions of its own for that in the environment. */
export enum StartedMigrations {
  /** Tasks on AWS Fargate, as `FargateMigration` has them. */
  FARGATE_TASKS = 'fargateTask',
  /** Builds of AWS CodeBuild, as `CodeBuildMigration` has them. */
  CODEBUILD_BUILDS = 'codeBuildProject',
}

const LIST = optional(listOf(oneOf('a StartedMigrations, for example StartedMigrations.FARGATE_TASKS', StartedMigrations)));

/**
 * What shared state says that releases may start.
 *
 * @throws PathToLiveError when it is something else
 */
export function startedIn(where: string, sharedState: { readonly startsMigrations?: StartedMigrations[] } | undefined): readonly StartedMigrations[] {
  requireKind(where, 'startsMigrations of the shared state', sharedState?.startsMigrations, LIST);
  return sharedState?.startsMigrations ?? [];
}
