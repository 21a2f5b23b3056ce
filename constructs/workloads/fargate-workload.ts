import { Duration, Validations } from 'aws-cdk-lib';
import { CfnCluster, CfnService, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { SlotNetwork } from '../front-door/slot-network';
import { kindOf, listOf, object, optional, requireKind } from '../kinds/kind';
import { DURATION, NUMBER, oneOf, POLICY_STATEMENT, STRING, STRINGS_BY_NAME } from '../kinds/kinds';
import { requireHttpPath, requireSeconds, requireWhole } from '../private/validate';
import { fargateCapacityStatements, fargateDeployStatements, fargateRunStatements } from './fargate-permissions';
import { FargateTask } from './fargate-task';
import { requireTaskSize } from './fargate-task-size';
import { SERVICE_IMAGE, type ServiceImage } from './service-image';
import { SERVICE_SECRETS, type ServiceSecret } from './service-secret';
import { SlotCapacity } from './slot-capacity';
import { SlotTargets } from './slot-targets';
import type { IWorkload, SlotContext, WorkloadConfig, WorkloadPermissions, WorkloadPlace } from './workload';
import { requireOtherVariables, variablesOf } from './workload-variables';

export interface FargateWorkloadProps {
  /** What it runs; part of a release, so the same bytes go through every environment. */
  readonly image: ServiceImage;
  /**
   * Where the container listens, on every address it has: 1-65,535.
   *
   * @default 8080
   */
  readonly port?: number;
  /**
   * Processor units of one task, 1,024 to a virtual CPU: 256, 512, 1,024, 2,048, 4,096, 8,192 or 16,384.
   *
   * @default 256
   */
  readonly cpu?: number;
  /**
   * Memory of one task in MiB; which amounts there are depends on `cpu`, for 256 they are 512, 1,024 and 2,048.
   *
   * @default 512
   */
  readonly memoryLimitMiB?: number;
  /**
   * How many tasks a slot runs, 1-1,000, spread over availability zones. With one, every task that is replaced is an outage.
   *
   * @default 2
   */
  readonly desiredCount?: number;
  /**
   * Path the load balancer asks every task for, every 10 seconds; 200 is healthy.
   *
   * @default '/health'
   */
  readonly healthCheckPath?: string;
  /**
   * How long a task may fail its health checks after it has started: as long as it takes to be ready, 0 seconds to an hour.
   *
   * @default Duration.minutes(1)
   */
  readonly healthCheckGrace?: Duration;
  /**
   * How long a task that is taken away still finishes the requests it has, 0 seconds to an hour: as long as the longest of them; what is open then is broken off. The
   * container gets the same time to stop, at most two minutes. Tasks are taken away when they are replaced, and when a slot is lowered: `warmFor` of the environment after it has
   * lost its users, and never without that.
   *
   * @default Duration.seconds(30)
   */
  readonly deregistrationDelay?: Duration;
  /**
   * Environment variables, beside `PATH_TO_LIVE_VERSION`, `PATH_TO_LIVE_COLOUR` and `PATH_TO_LIVE_ENVIRONMENT`. They can be read by whoever may look
   * at a task definition; what must not be belongs into `secrets`.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };
  /**
   * Secrets, as environment variables.
   *
   * @default - none
   */
  readonly secrets?: { readonly [name: string]: ServiceSecret };
  /**
   * What the container may do; also the most it can ever be allowed. `SharedValue.named` gives the ARNs of shared state.
   *
   * @default - nothing
   */
  readonly policy?: PolicyStatement[];
  /**
   * Name of an ECS cluster of the environment's account that is there already, for example `SharedValue.named('Cluster')`.
   *
   * @default - a cluster of the slot's own, with Container Insights
   */
  readonly clusterName?: string;
  /**
   * Processor the image was built for.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly architecture?: CpuArchitecture;
  /**
   * Whether the container may write to its own disk, which it loses with every task; with `false` not even `/tmp` can be written to.
   *
   * @default false
   */
  readonly writableRootFilesystem?: boolean;
  /**
   * How long logs are kept.
   *
   * @default RetentionDays.SIX_MONTHS
   */
  readonly logRetention?: RetentionDays;
}

const PROPS = object<FargateWorkloadProps>({
  image: SERVICE_IMAGE,
  port: optional(NUMBER),
  cpu: optional(NUMBER),
  memoryLimitMiB: optional(NUMBER),
  desiredCount: optional(NUMBER),
  healthCheckPath: optional(STRING),
  healthCheckGrace: optional(DURATION),
  deregistrationDelay: optional(DURATION),
  environment: optional(STRINGS_BY_NAME),
  secrets: optional(SERVICE_SECRETS),
  policy: optional(listOf(POLICY_STATEMENT)),
  clusterName: optional(STRING),
  architecture: optional(kindOf('a CpuArchitecture, for example CpuArchitecture.ARM64', (value) => value instanceof CpuArchitecture)),
  writableRootFilesystem: optional(kindOf('true or false', (value) => typeof value === 'boolean')),
  logRetention: optional(oneOf('a RetentionDays, for example RetentionDays.SIX_MONTHS', RetentionDays)),
});

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const LONGEST_STOP_SECONDS = 120;

/**
 * A service of containers on AWS Fargate behind the load balancer: at least two tasks a slot, which nobody but the load balancer reaches.
 *
 * A version whose tasks do not become healthy is stopped by ECS's circuit breaker after a few of them (three, up to six tasks), and CloudFormation
 * fails the deployment instead of waiting for hours. ECS is not told to roll back by itself: the version before would then run in the slot of
 * this release, and the deployment look like a success (https://github.com/aws/containers-roadmap/issues/1205).
 *
 * @example
 * new FargateWorkload({ image: ServiceImage.fromAsset('service'), port: 3000, healthCheckPath: '/health' });
 */
export class FargateWorkload implements IWorkload {
  private readonly port: number;
  private readonly count: number;
  private readonly graceSeconds: number;
  private readonly delaySeconds: number;

  constructor(private readonly props: FargateWorkloadProps) {
    const where = 'FargateWorkload';
    requireKind(where, 'props', props, PROPS);
    const seconds = (what: string, value: Duration) => requireSeconds({ code: 'FargateTimes', where, what }, value, 0, 3600);
    this.port = props.port ?? 8080;
    this.count = props.desiredCount ?? 2;
    this.graceSeconds = seconds('healthCheckGrace', props.healthCheckGrace ?? Duration.minutes(1));
    this.delaySeconds = seconds('deregistrationDelay', props.deregistrationDelay ?? Duration.seconds(30));
    requireWhole({ code: 'FargateCount', where, what: 'desiredCount' }, this.count, 1, 1000);
    requireWhole({ code: 'FargatePort', where, what: 'port' }, this.port, 1, 65_535);
    requireTaskSize(where, props.cpu ?? 256, props.memoryLimitMiB ?? 512);
    requireHttpPath(where, props.healthCheckPath ?? '/health');
    requireOtherVariables('FargateEnvironment', where, props.environment, props.secrets);
  }

  bind(scope: Construct, slot: SlotContext): WorkloadConfig {
    const network = SlotNetwork.of(scope);
    const targets = new SlotTargets(scope, 'Targets', {
      network,
      targetType: 'ip',
      port: this.port,
      healthCheckPath: this.props.healthCheckPath ?? '/health',
      deregistrationDelaySeconds: this.delaySeconds,
    });
    const task = this.task(scope, slot);
    const clusterName = this.props.clusterName ?? this.cluster(scope);
    const service = new CfnService(scope, 'Service', {
      cluster: clusterName,
      taskDefinition: task.definitionArn,
      launchType: 'FARGATE',
      desiredCount: this.count,
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false }, minimumHealthyPercent: 100, maximumPercent: 200 },
      healthCheckGracePeriodSeconds: this.graceSeconds,
      loadBalancers: [{ containerName: FargateTask.CONTAINER, containerPort: this.port, targetGroupArn: targets.targetGroupArn }],
      networkConfiguration: {
        awsvpcConfiguration: { subnets: network.subnetIds, securityGroups: [targets.securityGroupId], assignPublicIp: network.assignPublicIp },
      },
      enableEcsManagedTags: true,
      propagateTags: 'SERVICE',
      enableExecuteCommand: false,
    });
    // Its roles' policies too: a task that starts without them fails, and counts against the version.
    service.node.addDependency(task);
    if (this.count === 1) {
      Validations.of(scope).addWarning(
        'path-to-live:SingleTask',
        'a slot runs one task, so its users have an outage whenever that one is replaced; leave desiredCount out for two',
      );
    }
    return {
      targetGroupArn: targets.targetGroupArn,
      targetGroupFullName: targets.targetGroupFullName,
      behindRules: [service],
      capacity: SlotCapacity.ecsService({ clusterName, serviceName: service.attrName, count: this.count }),
      deregistrationDelay: this.props.deregistrationDelay,
    };
  }

  permissions(place: WorkloadPlace): WorkloadPermissions {
    const { clusterName, image, secrets = {} } = this.props;
    return {
      deploy: fargateDeployStatements(place, clusterName),
      run: [...fargateRunStatements(place, image._repositories(place)), ...Object.values(secrets).flatMap((secret) => secret._statements()), ...this.policy()],
      capacity: fargateCapacityStatements(place, clusterName),
    };
  }

  private cluster(scope: Construct): string {
    return new CfnCluster(scope, 'Cluster', { clusterSettings: [{ name: 'containerInsights', value: 'enabled' }] }).ref;
  }

  private task(scope: Construct, slot: SlotContext): FargateTask {
    const { props } = this;
    return new FargateTask(scope, 'Task', {
      image: props.image,
      architecture: props.architecture ?? CpuArchitecture.X86_64,
      port: this.port,
      cpu: props.cpu ?? 256,
      memoryLimitMiB: props.memoryLimitMiB ?? 512,
      environment: { ...props.environment, ...variablesOf(slot) },
      secrets: props.secrets ?? {},
      policy: this.policy(),
      writableRootFilesystem: props.writableRootFilesystem ?? false,
      stopTimeout: Duration.seconds(Math.min(Math.max(this.delaySeconds, 2), LONGEST_STOP_SECONDS)),
      logRetention: props.logRetention ?? RetentionDays.SIX_MONTHS,
      version: slot.version,
    });
  }

  /** Copies: a statement is frozen by the first policy that takes it. */
  private policy(): PolicyStatement[] {
    return (this.props.policy ?? []).map((statement) => statement.copy());
  }
}
