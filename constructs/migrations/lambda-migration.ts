import { createHash } from 'node:crypto';
import { Duration, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, type Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { LONGEST_MIGRATION_CALL_SECONDS, MIGRATION_ENV } from '../../lambda/contract';
import { object, optional, requireKind } from '../kinds/kind';
import { code, DURATION, NUMBER, RUNTIME, STRING, STRINGS_BY_NAME } from '../kinds/kinds';
import { copyOf } from '../private/code-copy';
import { requireFunctionHandler } from '../private/function-handler';
import { requireSeconds, requireWhole } from '../private/validate';
import { requireOtherVariables } from '../workloads/workload-variables';
import { MigrationRunner } from './migration-runner';
import type { IMigrationTask, MigrationContext, MigrationTaskConfig } from './migration-task';

export interface LambdaMigrationProps {
  /** A folder of its own: its hash is what tells whether content that has finished is brought again under the same name. */
  readonly code: Code;
  /** For example `index.handler`. It is sent a `MigrationRequest` and answers a `MigrationAnswer` of `path-to-live/contract`. */
  readonly handler: string;
  /**
   * The language it is written in.
   *
   * @default Runtime.NODEJS_24_X
   */
  readonly runtime?: Runtime;
  /**
   * Memory in MB, 128-10,240.
   *
   * @default 512
   */
  readonly memorySize?: number;
  /**
   * How long one call may take, 1-840 seconds. What takes longer is done in pieces: it answers `{ done: false, next }` and is called again.
   *
   * @default Duration.minutes(5)
   */
  readonly timeout?: Duration;
  /**
   * Environment variables, beside `PATH_TO_LIVE` and `PATH_TO_LIVE_ENVIRONMENT`. `SharedValue.named` says where the shared state is.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };
}

const PROPS = object<LambdaMigrationProps>({
  code: code('migrations/add-currency'),
  handler: STRING,
  runtime: optional(RUNTIME),
  memorySize: optional(NUMBER),
  timeout: optional(DURATION),
  environment: optional(STRINGS_BY_NAME),
});

/**
 * A migration that is a function. It may do what the shared state allows to migrations, and must be idempotent: where a run died half way it is
 * called again.
 *
 * @example
 * Migration.expand('2026-11-add-currency', new LambdaMigration({ code: Code.fromAsset('migrations/add-currency'), handler: 'index.handler' }));
 */
export class LambdaMigration implements IMigrationTask {
  private readonly timeout: Duration;

  constructor(private readonly props: LambdaMigrationProps) {
    const where = 'LambdaMigration';
    requireKind(where, 'props', props, PROPS);
    requireFunctionHandler(where, props.handler, props.runtime ?? Runtime.NODEJS_24_X);
    requireWhole({ code: 'LambdaMemory', where, what: 'memorySize' }, props.memorySize ?? 512, 128, 10_240);
    this.timeout = props.timeout ?? Duration.minutes(5);
    requireSeconds({ code: 'MigrationTimeout', where, what: 'the timeout' }, this.timeout, 1, LONGEST_MIGRATION_CALL_SECONDS);
    requireOtherVariables('LambdaEnvironment', where, props.environment);
  }

  bind(scope: Construct, { path, environment, migration, roleArn, logGroupName }: MigrationContext): MigrationTaskConfig {
    const made = new LambdaFunction(scope, 'Function', {
      description: `Migration ${migration}`,
      code: copyOf(this.props.code),
      handler: this.props.handler,
      runtime: this.props.runtime ?? Runtime.NODEJS_24_X,
      memorySize: this.props.memorySize ?? 512,
      timeout: this.timeout,
      // The shared stack's: a release brings code, and no rights.
      role: Role.fromRoleArn(scope, 'Role', roleArn, { mutable: false }),
      logGroup: LogGroup.fromLogGroupName(scope, 'Log', logGroupName),
      environment: { ...this.props.environment, [MIGRATION_ENV.path]: path, [MIGRATION_ENV.environment]: environment },
    });
    return { runner: MigrationRunner.lambdaFunction({ functionName: made.functionName, timeout: this.timeout }), content: contentOf(made) };
  }
}

/** The code by its hash, wherever it is published to, and what is called in it. */
function contentOf(made: LambdaFunction): string {
  const { code, handler, runtime } = made.node.defaultChild as CfnFunction;
  const { s3Key, zipFile, imageUri } = Stack.of(made).resolve(code) as CfnFunction.CodeProperty;
  const identity = [s3Key, zipFile, imageUri && JSON.stringify(imageUri).split(':').at(-1), handler, runtime];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
}
