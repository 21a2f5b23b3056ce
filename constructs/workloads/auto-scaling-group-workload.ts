import { Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import type { IMachineImage, InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { SlotNetwork } from '../front-door/slot-network';
import { listOf, object, optional, requireKind } from '../kinds/kind';
import { able, DURATION, NUMBER, POLICY_STATEMENT, STRING, STRINGS_BY_NAME } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { isKnown, requireHttpPath, requireSeconds, requireWhole } from '../private/validate';
import { autoScalingCapacityStatements, autoScalingDeployStatements, autoScalingRunStatements } from './auto-scaling-permissions';
import { instanceTemplate } from './instance-template';
import { SlotCapacity } from './slot-capacity';
import { SlotTargets } from './slot-targets';
import type { IWorkload, SlotContext, WorkloadConfig, WorkloadPermissions, WorkloadPlace } from './workload';
import { requireOtherVariables, variablesOf } from './workload-variables';

export interface AutoScalingGroupWorkloadProps {
  /**
   * An image by its id, for example `MachineImage.genericLinux({ 'eu-west-2': 'ami-…' })`. It must have `curl` and `/opt/aws/bin/cfn-signal`, as
   * Amazon Linux has.
   */
  readonly machineImage: IMachineImage;
  /** For example `InstanceType.of(InstanceClass.T3, InstanceSize.SMALL)`. */
  readonly instanceType: InstanceType;
  /** Lines of a shell script that starts the service, run as root. One that fails ends the deployment. */
  readonly commands: string[];
  /**
   * Where the service listens, 1-65,535.
   *
   * @default 8080
   */
  readonly port?: number;
  /**
   * How many instances a slot runs, 1-1,000, spread over availability zones.
   *
   * @default 2
   */
  readonly desiredCount?: number;
  /**
   * The most a slot may ever be raised to, at least `desiredCount`.
   *
   * @default - four times desiredCount
   */
  readonly maxCount?: number;
  /**
   * Path the load balancer asks every instance for, every 10 seconds; 200 is healthy.
   *
   * @default '/health'
   */
  readonly healthCheckPath?: string;
  /**
   * How long an instance may take until it is healthy, 1 minute to an hour. A deployment whose instances take longer fails.
   *
   * @default Duration.minutes(10)
   */
  readonly startTimeout?: Duration;
  /**
   * How long an instance that is taken away still finishes the requests it has, 0 seconds to an hour; what is open then is broken off. Instances are taken away when they are
   * replaced, and when a slot is lowered: `warmFor` of the environment after it has lost its users, and never without that.
   *
   * @default Duration.seconds(30)
   */
  readonly deregistrationDelay?: Duration;
  /**
   * Environment variables of the commands, beside `PATH_TO_LIVE_VERSION`, `PATH_TO_LIVE_COLOUR` and `PATH_TO_LIVE_ENVIRONMENT`. Literal: they are part of
   * the user data, in which CloudFormation resolves nothing, so that commands read shared state and secrets by themselves.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };
  /**
   * What the instances may do; also the most they can ever be allowed.
   *
   * @default - nothing but telling that they have started
   */
  readonly policy?: PolicyStatement[];
  /**
   * Name of the image's root device, whose volume is encrypted.
   *
   * @default '/dev/xvda'
   */
  readonly rootDeviceName?: string;
}

const PROPS = object<AutoScalingGroupWorkloadProps>({
  machineImage: able("an IMachineImage, for example MachineImage.genericLinux({ 'eu-west-2': 'ami-…' })", 'getImage'),
  instanceType: able('an InstanceType, for example InstanceType.of(InstanceClass.T3, InstanceSize.SMALL)', 'toString', 'isBurstable'),
  commands: listOf(STRING),
  port: optional(NUMBER),
  desiredCount: optional(NUMBER),
  maxCount: optional(NUMBER),
  healthCheckPath: optional(STRING),
  startTimeout: optional(DURATION),
  deregistrationDelay: optional(DURATION),
  environment: optional(STRINGS_BY_NAME),
  policy: optional(listOf(POLICY_STATEMENT)),
  rootDeviceName: optional(STRING),
});

const WHERE = 'AutoScalingGroupWorkload';

/**
 * A service on instances of a team's own machine image. A release replaces all instances of its slot: a new group is made, and the old one removed when
 * every new instance has told that it is healthy; when one does not in time, the deployment fails and the new group is removed.
 *
 * Instances have no key pair and no open port but the service's, whose requests come from the load balancer only; metadata needs a token
 * (IMDSv2), and the root volume is encrypted.
 *
 * @example
 * new AutoScalingGroupWorkload({ machineImage, instanceType, commands: ['systemctl start orders'], healthCheckPath: '/health' });
 */
export class AutoScalingGroupWorkload implements IWorkload {
  private readonly port: number;
  private readonly count: number;
  private readonly most: number;
  private readonly path: string;
  private readonly startSeconds: number;
  private readonly delaySeconds: number;

  constructor(private readonly props: AutoScalingGroupWorkloadProps) {
    requireKind(WHERE, 'props', props, PROPS);
    const where = WHERE;
    this.port = props.port ?? 8080;
    this.count = props.desiredCount ?? 2;
    this.most = props.maxCount ?? 4 * this.count;
    this.path = props.healthCheckPath ?? '/health';
    this.startSeconds = requireSeconds({ code: 'InstanceTimes', where, what: 'startTimeout' }, props.startTimeout ?? Duration.minutes(10), 60, 3600);
    this.delaySeconds = requireSeconds(
      { code: 'InstanceTimes', where, what: 'deregistrationDelay' },
      props.deregistrationDelay ?? Duration.seconds(30),
      0,
      3600,
    );
    requireWhole({ code: 'InstanceCount', where, what: 'desiredCount' }, this.count, 1, 1000);
    requireWhole({ code: 'InstanceCount', where, what: 'maxCount' }, this.most, this.count, 5000);
    requireWhole({ code: 'InstancePort', where, what: 'port' }, this.port, 1, 65_535);
    requireHttpPath(where, this.path);
    requireOtherVariables('InstanceEnvironment', where, props.environment);
    requireShellVariables(props.environment);
  }

  bind(scope: Construct, slot: SlotContext): WorkloadConfig {
    const network = SlotNetwork.of(scope);
    const targets = new SlotTargets(scope, 'Targets', {
      network,
      targetType: 'instance',
      port: this.port,
      healthCheckPath: this.path,
      deregistrationDelaySeconds: this.delaySeconds,
    });
    const { props } = this;
    const template = instanceTemplate(scope, {
      slot,
      machineImage: props.machineImage,
      instanceType: props.instanceType,
      securityGroupId: targets.securityGroupId,
      policy: this.policy(),
      rootDeviceName: props.rootDeviceName ?? '/dev/xvda',
      commands: props.commands,
      environment: { ...props.environment, ...variablesOf(slot) },
      port: this.port,
      healthCheckPath: this.path,
      // The group is made from the template, which holds its id: it cannot be referred to.
      signals: Lazy.string({ produce: () => Stack.of(scope).getLogicalId(group) }),
    });
    const group = new CfnAutoScalingGroup(scope, 'Group', {
      launchTemplate: { launchTemplateId: template.ref, version: template.attrLatestVersionNumber },
      vpcZoneIdentifier: network.subnetIds,
      targetGroupArns: [targets.targetGroupArn],
      minSize: '0',
      desiredCapacity: String(this.count),
      maxSize: String(this.most),
      healthCheckType: 'ELB',
      healthCheckGracePeriod: this.startSeconds,
    });
    group.cfnOptions.creationPolicy = {
      resourceSignal: { count: this.count, timeout: Duration.seconds(this.startSeconds).toIsoString() },
      autoScalingCreationPolicy: { minSuccessfulInstancesPercent: 100 },
    };
    group.cfnOptions.updatePolicy = { autoScalingReplacingUpdate: { willReplace: true } };
    Validations.of(group).acknowledge({
      id: 'AwsSolutions::AwsSolutions-AS3',
      reason: 'a slot changes with a release or by the hub, and both are events on the path’s own bus',
    });
    return {
      targetGroupArn: targets.targetGroupArn,
      targetGroupFullName: targets.targetGroupFullName,
      behindRules: [group],
      capacity: SlotCapacity.autoScalingGroup({ groupName: group.ref, count: this.count }),
      deregistrationDelay: props.deregistrationDelay,
    };
  }

  permissions(place: WorkloadPlace): WorkloadPermissions {
    return {
      deploy: autoScalingDeployStatements(place),
      run: [...autoScalingRunStatements(place), ...this.policy()],
      capacity: autoScalingCapacityStatements(place),
    };
  }

  /** Copies: a statement is frozen by the first policy that takes it. */
  private policy(): PolicyStatement[] {
    return (this.props.policy ?? []).map((statement) => statement.copy());
  }
}

/** What a shell takes for the name of a variable. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** They are lines of a script; and user data is encoded before CloudFormation resolves anything in it. */
function requireShellVariables(environment: { readonly [name: string]: string } = {}): void {
  for (const [name, value] of Object.entries(environment)) {
    const problem = VARIABLE.test(name)
      ? undefined
      : `the environment variable ${JSON.stringify(name)} is no name that a shell takes; use letters, digits and "_", no digit first`;
    if (problem !== undefined) throw new PathToLiveError('InstanceEnvironment', WHERE, problem);
    if (isKnown(value)) continue;
    throw new PathToLiveError(
      'InstanceEnvironment',
      WHERE,
      `the environment variable ${JSON.stringify(name)} is only known at deployment, and user data cannot hold that; let a command read it, ` +
        'for example from the parameter that the shared state offers it in',
    );
  }
}
