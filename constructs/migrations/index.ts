export { CodeBuildMigration, type CodeBuildMigrationProps } from './codebuild-migration';
export { FargateMigration, type FargateMigrationProps } from './fargate-migration';
export { LambdaMigration, type LambdaMigrationProps } from './lambda-migration';
export { type BreakingOptions, Migration } from './migration';
export { type BuildRunnerOptions, type FunctionRunnerOptions, MigrationRunner, type TaskRunnerOptions } from './migration-runner';
export type { IMigrationTask, MigrationContext, MigrationTaskConfig } from './migration-task';
export { StartedMigrations } from './started-migrations';
