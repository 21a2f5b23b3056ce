import { type Duration, Fn } from 'aws-cdk-lib';
import { LONGEST_MIGRATION_CALL_SECONDS, LONGEST_MIGRATION_RUN_SECONDS, type MigrationRunner as Runner } from '../../lambda/contract';
import { listOf, object, optional, requireKind } from '../kinds/kind';
import { DURATION, made, STRING } from '../kinds/kinds';
import { requireSeconds } from '../private/validate';

export interface FunctionRunnerOptions {
  /** Name of a function in the slot's stack, with a name that CloudFormation makes up. It is sent a `MigrationRequest` and answers a `MigrationAnswer`. */
  readonly functionName: string;
  /** Most that one call may take, 1-840 seconds. */
  readonly timeout: Duration;
}

export interface TaskRunnerOptions {
  /** Name of a cluster in the slot's stack. */
  readonly clusterName: string;
  /** ARN of a task definition in the slot's stack, with its revision. */
  readonly taskDefinitionArn: string;
  /** The container whose exit code says whether it is done. */
  readonly containerName: string;
  /** A list of literals, or of something CloudFormation knows, as a whole. */
  readonly subnetIds: string[];
  /** `ENABLED` or `DISABLED`. */
  readonly assignPublicIp: string;
  /**
   * What it may be reached by, and reach.
   *
   * @default - the default security group of the VPC
   */
  readonly securityGroupIds?: string[];
  /** Most that it may run, 1-6,000 seconds. */
  readonly timeout: Duration;
}

export interface BuildRunnerOptions {
  /** Name of a project in the slot's stack. */
  readonly projectName: string;
  /** Most that a build may take, in the queue too: 1-6,000 seconds. */
  readonly timeout: Duration;
}

/**
 * How the hub runs a migration: it calls a function, or it starts a task or a build and follows it to its end. What it starts or calls has `SlotMigrations` in
 * its name, behind that of the slot's stack, and runs as the role that migrations of the environment have.
 *
 * @example
 * const runner = MigrationRunner.lambdaFunction({ functionName: 'payments-add-currency', timeout: Duration.minutes(5) });
 */
export class MigrationRunner {
  /** A function: called, and called again with what it answered as long as it is not done. */
  static lambdaFunction(options: FunctionRunnerOptions): MigrationRunner {
    const where = 'MigrationRunner.lambdaFunction';
    requireKind(where, 'options', options, FUNCTION);
    const timeoutSeconds = secondsOf(where, options.timeout, LONGEST_MIGRATION_CALL_SECONDS);
    return new MigrationRunner({ kind: 'lambda', functionName: options.functionName, timeoutSeconds });
  }

  /** A task on AWS Fargate: started once, and done when its container ends with exit code 0. */
  static fargateTask(options: TaskRunnerOptions): MigrationRunner {
    const where = 'MigrationRunner.fargateTask';
    requireKind(where, 'options', options, TASK);
    return new MigrationRunner({
      kind: 'fargateTask',
      cluster: options.clusterName,
      taskDefinition: options.taskDefinitionArn,
      container: options.containerName,
      subnetIds: joined(options.subnetIds),
      securityGroupIds: joined(options.securityGroupIds),
      assignPublicIp: options.assignPublicIp,
      timeoutSeconds: secondsOf(where, options.timeout, LONGEST_MIGRATION_RUN_SECONDS),
    });
  }

  /** A build of AWS CodeBuild: started once, and done when it has succeeded. */
  static codeBuildProject(options: BuildRunnerOptions): MigrationRunner {
    const where = 'MigrationRunner.codeBuildProject';
    requireKind(where, 'options', options, BUILD);
    const timeoutSeconds = secondsOf(where, options.timeout, LONGEST_MIGRATION_RUN_SECONDS);
    return new MigrationRunner({ kind: 'codeBuildProject', project: options.projectName, timeoutSeconds });
  }

  private constructor(
    /** @internal */
    readonly _runner: Runner,
  ) {}
}

const FUNCTION = object<FunctionRunnerOptions>({ functionName: STRING, timeout: DURATION });
const TASK = object<TaskRunnerOptions>({
  clusterName: STRING,
  taskDefinitionArn: STRING,
  containerName: STRING,
  subnetIds: listOf(STRING),
  assignPublicIp: STRING,
  securityGroupIds: optional(listOf(STRING)),
  timeout: DURATION,
});
const BUILD = object<BuildRunnerOptions>({ projectName: STRING, timeout: DURATION });

function secondsOf(where: string, timeout: Duration, most: number): number {
  return requireSeconds({ code: 'MigrationTimeout', where, what: 'the timeout' }, timeout, 1, most);
}

/** How many there are may be known at deployment only. */
function joined(ids: string[] = []): string {
  return ids.length === 0 ? '' : Fn.join(',', ids);
}

/** @internal */
export const MIGRATION_RUNNER = made(MigrationRunner, 'MigrationRunner.lambdaFunction({ functionName, timeout })');
