import type { EnvironmentPlan, FunctionRunner, MigrationRequest, StartedRunner } from '../contract';
import type { MigrationRun } from '../domain/model';
import type { MigrationLook, Migrations } from '../domain/ports';
import type { CodeBuildMigrations } from './codebuild-migrations';
import type { EcsMigrations } from './ecs-migrations';
import type { Invocation } from './function-invocation';
import type { LambdaMigrations } from './lambda-migrations';

/** Each kind of migration is run by the service it belongs to. */
export class MigrationsByKind implements Migrations {
  constructor(
    private readonly functions: LambdaMigrations,
    private readonly tasks: EcsMigrations,
    private readonly builds: CodeBuildMigrations,
  ) {}

  call(plan: EnvironmentPlan, runner: FunctionRunner, request: MigrationRequest): Promise<Invocation> {
    return this.functions.call(plan, runner, request);
  }

  start(plan: EnvironmentPlan, { name, runner }: MigrationRun, request: MigrationRequest): Promise<{ readonly id: string } | { readonly error: string }> {
    return runner.kind === 'fargateTask' ? this.tasks.start(plan, runner, name, request) : this.builds.start(plan, runner, name, request);
  }

  find(plan: EnvironmentPlan, { name, runner }: MigrationRun): Promise<string | undefined> {
    return runner.kind === 'fargateTask' ? this.tasks.find(plan, runner, name) : this.builds.find(plan, runner, name);
  }

  look(plan: EnvironmentPlan, runner: StartedRunner, id: string): Promise<MigrationLook> {
    return runner.kind === 'fargateTask' ? this.tasks.look(plan, runner, id) : this.builds.look(plan, runner, id);
  }

  stop(plan: EnvironmentPlan, runner: StartedRunner, id: string, reason: string): Promise<void> {
    return runner.kind === 'fargateTask' ? this.tasks.stop(plan, runner, id, reason) : this.builds.stop(plan, runner, id);
  }
}
