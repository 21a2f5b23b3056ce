import { createHash } from 'node:crypto';
import { Aws, Duration } from 'aws-cdk-lib';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { LONGEST_MIGRATION_RUN_SECONDS, MIGRATION_ENV } from '../../lambda/contract';
import { listOf, object, optional, requireKind } from '../kinds/kind';
import { DURATION, STRING, STRINGS_BY_NAME } from '../kinds/kinds';
import { requireMatch, requireSeconds, requireSome } from '../private/validate';
import { requireOtherVariables } from '../workloads/workload-variables';
import { MigrationRunner } from './migration-runner';
import type { IMigrationTask, MigrationContext, MigrationTaskConfig } from './migration-task';
import { slotMigrationName } from './slot-migration-name';

export interface CodeBuildMigrationProps {
  /** Path of a folder of its own, in which the commands run: its hash and theirs tell whether content that has finished is brought again under the same name. */
  readonly source: string;
  /** What is run there, one after the other, until one ends with anything but 0. */
  readonly commands: string[];
  /**
   * Environment variables, beside `PATH_TO_LIVE`, `PATH_TO_LIVE_ENVIRONMENT`, `PATH_TO_LIVE_MIGRATION`, `PATH_TO_LIVE_RELEASE` and `PATH_TO_LIVE_RUN`.
   * `SharedValue.named` says where the shared state is.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };
  /**
   * One of the images that CodeBuild has, https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html.
   *
   * @default 'aws/codebuild/amazonlinux-x86_64-standard:5.0'
   */
  readonly image?: string;
  /**
   * Size of the machine, as CodeBuild calls it.
   *
   * @default 'BUILD_GENERAL1_SMALL'
   */
  readonly computeType?: string;
  /**
   * How long it may take, the time in CodeBuild's queue included, 1-6,000 seconds; then it is stopped, and has failed.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;
}

const PROPS = object<CodeBuildMigrationProps>({
  source: STRING,
  commands: listOf(STRING),
  environment: optional(STRINGS_BY_NAME),
  image: optional(STRING),
  computeType: optional(STRING),
  timeout: optional(DURATION),
});

const DEFAULT_IMAGE = 'aws/codebuild/amazonlinux-x86_64-standard:5.0';
/** Neither may be shorter, https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html. */
const LEAST_MINUTES = 5;

/**
 * A migration that is a build of AWS CodeBuild: commands in a folder that is published with the release, outside of any VPC. It has done its work when the build has
 * succeeded, and must be idempotent: one that failed runs again with the next release that brings it.
 *
 * The shared state must say that releases may start builds: `startsMigrations`.
 *
 * @example
 * Migration.expand('2026-11-add-currency', new CodeBuildMigration({ source: 'migrations/add-currency', commands: ['npm ci', 'npm run migrate'] }));
 */
export class CodeBuildMigration implements IMigrationTask {
  private readonly timeout: Duration;

  constructor(private readonly props: CodeBuildMigrationProps) {
    const where = 'CodeBuildMigration';
    requireKind(where, 'props', props, PROPS);
    requireSome({ code: 'BuildCommands', where, what: 'commands' }, props.commands, 'a build without commands would succeed without having done anything');
    const images = 'an image of CodeBuild’s own, for example "aws/codebuild/standard:7.0"; what needs another runs as a FargateMigration';
    requireMatch({ code: 'BuildImage', where, what: 'the image' }, props.image ?? DEFAULT_IMAGE, /^aws\/codebuild\/[\w.-]+:[\w.-]+$/, images);
    this.timeout = props.timeout ?? Duration.minutes(30);
    requireSeconds({ code: 'MigrationTimeout', where, what: 'the timeout' }, this.timeout, 1, LONGEST_MIGRATION_RUN_SECONDS);
    requireOtherVariables('BuildEnvironment', where, props.environment);
  }

  bind(scope: Construct, context: MigrationContext): MigrationTaskConfig {
    const { path, environment, migration, roleArn, logGroupName } = context;
    const { source: folder, commands, environment: given, image, computeType } = this.props;
    const source = new Asset(scope, 'Source', { path: folder });
    const buildSpec = JSON.stringify({ version: '0.2', phases: { build: { commands } } });
    const variables = { ...given, [MIGRATION_ENV.path]: path, [MIGRATION_ENV.environment]: environment, [MIGRATION_ENV.migration]: migration };
    const minutes = Math.max(LEAST_MINUTES, Math.ceil(this.timeout.toMinutes({ integral: false })));
    const project = new CfnProject(scope, 'Project', {
      // CloudFormation would make one up without the stack's; what the hub may start is known by this.
      name: slotMigrationName(Aws.STACK_NAME, context),
      description: `Migration ${migration}`,
      source: { type: 'S3', location: `${source.s3BucketName}/${source.s3ObjectKey}`, buildSpec },
      artifacts: { type: 'NO_ARTIFACTS' },
      // The shared stack's: a release brings code, and no rights.
      serviceRole: roleArn,
      environment: {
        type: 'LINUX_CONTAINER',
        image: image ?? DEFAULT_IMAGE,
        computeType: computeType ?? 'BUILD_GENERAL1_SMALL',
        privilegedMode: false,
        environmentVariables: Object.entries(variables).map(([name, value]) => ({ name, value, type: 'PLAINTEXT' })),
      },
      encryptionKey: 'alias/aws/s3',
      timeoutInMinutes: minutes,
      queuedTimeoutInMinutes: minutes,
      logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: logGroupName } },
    });
    const content = createHash('sha256')
      .update(JSON.stringify([source.assetHash, commands]))
      .digest('hex')
      .slice(0, 32);
    return { runner: MigrationRunner.codeBuildProject({ projectName: project.ref, timeout: this.timeout }), content };
  }
}
