import { type Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../private/acknowledge';
import { pulling } from './fargate-permissions';
import type { ServiceImage } from './service-image';
import type { ServiceSecret } from './service-secret';

export interface FargateTaskProps {
  readonly image: ServiceImage;
  readonly architecture: ecs.CpuArchitecture;
  readonly port: number;
  readonly cpu: number;
  readonly memoryLimitMiB: number;
  readonly environment: { readonly [name: string]: string };
  readonly secrets: { readonly [name: string]: ServiceSecret };
  /** What the container may do. */
  readonly policy: iam.PolicyStatement[];
  readonly writableRootFilesystem: boolean;
  readonly stopTimeout: Duration;
  readonly logRetention: RetentionDays;
  /** First part of the names of its log streams. */
  readonly version: string;
}

/** What one task runs: the container, the role it acts as, the role it is started as, and its log. */
export class FargateTask extends Construct {
  /** Name of the container that gets requests. */
  static readonly CONTAINER = 'service';

  readonly definitionArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FargateTaskProps,
  ) {
    super(scope, id);
    const { image, architecture, cpu, memoryLimitMiB } = props;
    const definition = new ecs.FargateTaskDefinition(this, 'Definition', {
      // By which the deploying role is limited to the task definitions of the slots.
      family: Stack.of(this).stackName,
      cpu,
      memoryLimitMiB,
      runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
      taskRole: this.role('Role', props.policy),
      executionRole: this.startingRole(),
    });
    definition.addContainer(FargateTask.CONTAINER, {
      image: image._bind(architecture),
      portMappings: [{ containerPort: props.port }],
      environment: { ...props.environment },
      secrets: Object.fromEntries(Object.entries(props.secrets).map(([name, secret]) => [name, secret._bind()])),
      readonlyRootFilesystem: !props.writableRootFilesystem,
      stopTimeout: props.stopTimeout,
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: props.version, logGroup: this.log() }),
    });
    Validations.of(definition).acknowledge({
      id: 'AwsSolutions::AwsSolutions-ECS2',
      reason: 'which version, slot and environment it is, and what a team declared to be no secret; secrets are passed by their ARNs',
    });
    this.definitionArn = definition.taskDefinitionArn;
  }

  /** What ECS pulls the image, writes the log and reads the secrets as. */
  private startingRole(): iam.Role {
    const { partition, account, region } = Stack.of(this);
    const repositories = this.props.image._repositories({ partition, account, region });
    // An asset's own repository is the CDK's to allow.
    const role = this.role('StartingRole', pulling(repositories.filter((repository) => !repository.endsWith('*'))));
    if (repositories.length > 0) acknowledgeWildcards(role, 'ecr:GetAuthorizationToken knows no resources; no other action has this one', '*');
    return role;
  }

  private role(id: string, statements: iam.PolicyStatement[]): iam.Role {
    const role = new iam.Role(this, id, { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    for (const statement of statements) role.addToPolicy(statement);
    return role;
  }

  private log(): LogGroup {
    return new LogGroup(this, 'Log', {
      retention: this.props.logRetention,
      // what a removed version wrote is evidence; what a first deployment that failed left behind is in the way of the next
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}
