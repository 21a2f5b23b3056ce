export { LambdaMigration, type LambdaMigrationProps } from './lambda-migration';
export { Migration } from './migration';
export type { IMigrationTask, MigrationContext, MigrationTaskConfig } from './migration-task';
