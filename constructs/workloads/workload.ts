import type { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { listOf, object, optional } from '../kinds/kind';
import { able, CONSTRUCT, DURATION, POLICY_STATEMENT, STRING } from '../kinds/kinds';
import { SLOT_CAPACITY, type SlotCapacity } from './slot-capacity';

/** The environment a workload is deployed to, as far as it is known before any slot is. */
export interface WorkloadPlace {
  /** Id of the path to live, for example `Payments`. */
  readonly path: string;
  /** For example `Production`. */
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /**
   * What the physical names of a slot's resources start with where CloudFormation makes up names of at most 64 characters (functions,
   * for example), one a slot: the beginning of the stack's name.
   */
  readonly generatedNamePrefixes: string[];
  /** Names of the slots' stacks, which the names of stacks nested in them start with. */
  readonly slotStackNames: string[];
  /** IAM path of every role in a slot, with slashes at both ends. */
  readonly rolePath: string;
}

/** The slot a workload is made in. */
export interface SlotContext {
  readonly path: string;
  readonly environment: string;
  /** Lower case, for example `blue`. */
  readonly colour: string;
  /** The release's version, or `unreleased`. */
  readonly version: string;
  /** Id of the VPC of the environment's load balancer; resolved by CloudFormation at deployment. */
  readonly vpcId: string;
  /** ARN of the listener whose rules forward to the slot; resolved by CloudFormation at deployment. */
  readonly listenerArn: string;
}

/** What a slot needs to know of its workload. */
export interface WorkloadConfig {
  /** The slot's own target group, which nothing but the slot's rules and the live rule may forward to. */
  readonly targetGroupArn: string;
  /** As the dimensions of its metrics want it: `targetgroup/<name>/<id>`. */
  readonly targetGroupFullName: string;
  /**
   * Metrics of the target group, in `AWS/ApplicationELB`, that count requests the workload failed.
   *
   * @default ['HTTPCode_Target_5XX_Count']
   */
  readonly errorMetrics?: string[];
  /**
   * What may only be made when the target group is on the load balancer, and must be removed before it is taken off: a service of Amazon ECS, which is
   * refused otherwise. The slot's hidden rule puts it there, for good.
   *
   * @default - nothing waits for the slot's rules
   */
  readonly behindRules?: IConstruct[];
  /**
   * How much of the workload runs, where that is a number that can be set. It then needs `capacity` among its permissions.
   *
   * @default - there is nothing to raise or to lower
   */
  readonly capacity?: SlotCapacity;
  /**
   * How long what is open to it may go on when it is lowered, where its team has said that: synth then warns where nothing lowers it.
   *
   * @default - nobody has said
   */
  readonly deregistrationDelay?: Duration;
}

/** What a workload needs of the two roles that bound a slot. */
export interface WorkloadPermissions {
  /** What CloudFormation must be allowed in order to make, change and remove the workload, beside roles, listener rules and alarms. */
  readonly deploy: PolicyStatement[];
  /** The most that any role of the workload may ever do: the slot's permissions boundary. Beside it every role still needs a policy of its own. */
  readonly run: PolicyStatement[];
  /**
   * What the hub must be allowed in order to read and set the capacity of a slot. With it every release raises the capacity of its slot before any
   * traffic moves there.
   *
   * @default - the workload's slots have no capacity to set
   */
  readonly capacity?: PolicyStatement[];
}

/**
 * What a slot runs: replaceable compute behind a target group. Implement it to make a stack of your own a slot.
 *
 * Everything that must outlive a version (tables, buckets, queues) belongs into the environment's shared state instead; synth refuses
 * it in a slot.
 */
export interface IWorkload {
  /**
   * Makes the workload's resources.
   *
   * @param scope a construct of the workload's own inside the slot's stack
   */
  bind(scope: Construct, slot: SlotContext): WorkloadConfig;

  /** Asked once an environment, when its front door is made: the roles are there before any slot is. */
  permissions(place: WorkloadPlace): WorkloadPermissions;
}

/** @internal */
export const WORKLOAD_CONFIG = object<WorkloadConfig>({
  targetGroupArn: STRING,
  targetGroupFullName: STRING,
  errorMetrics: optional(listOf(STRING)),
  behindRules: optional(listOf(CONSTRUCT)),
  capacity: optional(SLOT_CAPACITY),
  deregistrationDelay: optional(DURATION),
});

/** @internal */
export const WORKLOAD_PERMISSIONS = object<WorkloadPermissions>({
  deploy: listOf(POLICY_STATEMENT),
  run: listOf(POLICY_STATEMENT),
  capacity: optional(listOf(POLICY_STATEMENT)),
});

/** @internal */
export const WORKLOAD = able('an IWorkload, for example new LambdaWorkload({ code, handler })', 'bind', 'permissions');
