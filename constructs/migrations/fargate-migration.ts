import { createHash } from 'node:crypto';
import { Aws, Duration, Stack, Validations } from 'aws-cdk-lib';
import { CfnCluster, type CfnTaskDefinition, CpuArchitecture, FargateTaskDefinition, LogDrivers, OperatingSystemFamily } from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { LONGEST_MIGRATION_RUN_SECONDS, MIGRATION_ENV } from '../../lambda/contract';
import { publicAddressesOf, SlotNetwork } from '../front-door/slot-network';
import { kindOf, listOf, object, optional, requireKind } from '../kinds/kind';
import { DURATION, NUMBER, STRING, STRINGS_BY_NAME } from '../kinds/kinds';
import { requireSeconds } from '../private/validate';
import { requireTaskSize } from '../workloads/fargate-task-size';
import { SERVICE_IMAGE, type ServiceImage } from '../workloads/service-image';
import { SERVICE_SECRETS, type ServiceSecret } from '../workloads/service-secret';
import { requireOtherVariables } from '../workloads/workload-variables';
import { warnOfForeignImage } from './foreign-image';
import { MigrationRunner } from './migration-runner';
import type { IMigrationTask, MigrationContext, MigrationTaskConfig } from './migration-task';
import { slotMigrationName } from './slot-migration-name';

export interface FargateMigrationProps {
  /** What it runs: its digest, or the hash of its directory, is what tells whether content that has finished is brought again under the same name. */
  readonly image: ServiceImage;
  /**
   * What the container is started with.
   *
   * @default - what the image says
   */
  readonly command?: string[];
  /**
   * Environment variables, beside `PATH_TO_LIVE`, `PATH_TO_LIVE_ENVIRONMENT`, `PATH_TO_LIVE_MIGRATION`, `PATH_TO_LIVE_RELEASE` and `PATH_TO_LIVE_RUN`.
   * `SharedValue.named` says where the shared state is.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };
  /**
   * Secrets, as environment variables. That migrations may read them is the shared state's to say.
   *
   * @default - none
   */
  readonly secrets?: { readonly [name: string]: ServiceSecret };
  /**
   * Security groups it is in, for example one that the database lets in; `SharedValue.named` says which.
   *
   * @default - the default security group of the VPC
   */
  readonly securityGroupIds?: string[];
  /**
   * Processor units, 1,024 to a virtual CPU: 256, 512, 1,024, 2,048, 4,096, 8,192 or 16,384.
   *
   * @default 256
   */
  readonly cpu?: number;
  /**
   * Memory in MiB; which amounts there are depends on `cpu`, for 256 they are 512, 1,024 and 2,048.
   *
   * @default 512
   */
  readonly memoryLimitMiB?: number;
  /**
   * What the image was built for.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly architecture?: CpuArchitecture;
  /**
   * How long it may run, 1-6,000 seconds; then it is stopped, and has failed.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;
}

const PROPS = object<FargateMigrationProps>({
  image: SERVICE_IMAGE,
  command: optional(listOf(STRING)),
  environment: optional(STRINGS_BY_NAME),
  secrets: optional(SERVICE_SECRETS),
  securityGroupIds: optional(listOf(STRING)),
  cpu: optional(NUMBER),
  memoryLimitMiB: optional(NUMBER),
  architecture: optional(kindOf('a CpuArchitecture, for example CpuArchitecture.ARM64', (value) => value instanceof CpuArchitecture)),
  timeout: optional(DURATION),
});

/** Name of the container, and the beginning of its log streams' names. */
const CONTAINER = 'migration';

/**
 * A migration that is a container on AWS Fargate, in the network of the environment's front door: it reaches what stands in the VPC. It has done its work when it
 * ends with exit code 0, and must be idempotent: one that failed runs again with the next release that brings it.
 *
 * The shared state must say that releases may start tasks: `startsMigrations`.
 *
 * @example
 * Migration.expand('2026-11-add-currency', new FargateMigration({ image: ServiceImage.fromAsset('migrations/add-currency') }));
 */
export class FargateMigration implements IMigrationTask {
  private readonly timeout: Duration;

  constructor(private readonly props: FargateMigrationProps) {
    const where = 'FargateMigration';
    requireKind(where, 'props', props, PROPS);
    requireTaskSize(where, props.cpu ?? 256, props.memoryLimitMiB ?? 512);
    this.timeout = props.timeout ?? Duration.minutes(30);
    requireSeconds({ code: 'MigrationTimeout', where, what: 'the timeout' }, this.timeout, 1, LONGEST_MIGRATION_RUN_SECONDS);
    requireOtherVariables('FargateEnvironment', where, props.environment, props.secrets);
  }

  bind(scope: Construct, context: MigrationContext): MigrationTaskConfig {
    const network = SlotNetwork.of(scope);
    warnOfForeignImage(scope, this.props.image, context);
    const clusterSettings = [{ name: 'containerInsights', value: 'enabled' }];
    const cluster = new CfnCluster(scope, 'Cluster', { clusterName: slotMigrationName(Aws.STACK_NAME, context), clusterSettings });
    const definition = this.definition(scope, slotMigrationName(Stack.of(scope).stackName, context), context);
    return {
      runner: MigrationRunner.fargateTask({
        clusterName: cluster.ref,
        taskDefinitionArn: definition.taskDefinitionArn,
        containerName: CONTAINER,
        subnetIds: network.subnetIds,
        assignPublicIp: publicAddressesOf(scope),
        securityGroupIds: this.props.securityGroupIds,
        timeout: this.timeout,
      }),
      content: contentOf(definition),
    };
  }

  private definition(scope: Construct, family: string, { path, environment, migration, roleArn, logGroupName }: MigrationContext): FargateTaskDefinition {
    const { props } = this;
    const architecture = props.architecture ?? CpuArchitecture.X86_64;
    // The shared stack's: a release brings code, and no rights.
    const role = Role.fromRoleArn(scope, 'Role', roleArn, { mutable: false });
    const definition = new FargateTaskDefinition(scope, 'Task', {
      family,
      cpu: props.cpu ?? 256,
      memoryLimitMiB: props.memoryLimitMiB ?? 512,
      runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: OperatingSystemFamily.LINUX },
      taskRole: role,
      executionRole: role,
    });
    definition.addContainer(CONTAINER, {
      image: props.image._bind(architecture),
      command: props.command,
      environment: { ...props.environment, [MIGRATION_ENV.path]: path, [MIGRATION_ENV.environment]: environment, [MIGRATION_ENV.migration]: migration },
      secrets: Object.fromEntries(Object.entries(props.secrets ?? {}).map(([variable, secret]) => [variable, secret._bind()])),
      logging: LogDrivers.awsLogs({ streamPrefix: CONTAINER, logGroup: LogGroup.fromLogGroupName(scope, 'Log', logGroupName) }),
    });
    Validations.of(definition).acknowledge({
      id: 'AwsSolutions::AwsSolutions-ECS2',
      reason: 'which migration of which environment it is, and what a team declared to be no secret; secrets are passed by their ARNs',
    });
    return definition;
  }
}

/** The image by its digest or hash, wherever it is published to, and what is called in it. */
function contentOf(definition: FargateTaskDefinition): string {
  const { containerDefinitions } = definition.node.defaultChild as CfnTaskDefinition;
  const [container] = Stack.of(definition).resolve(containerDefinitions) as [CfnTaskDefinition.ContainerDefinitionProperty];
  const identity = [JSON.stringify(container.image).split(':').at(-1), container.command];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
}
