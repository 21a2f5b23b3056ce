import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { listOf, object, requireKind } from '../kinds/kind';
import { STRING } from '../kinds/kinds';
import { arnsOf, LOG_GROUP_READS, logGroups, logWriting, NETWORK_READS, securityGroups, TARGET_GROUP_READS, targetGroups } from './deploy-statements';
import { functions } from './lambda-permissions';
import type { WorkloadPlace } from './workload';

/**
 * What CloudFormation must be allowed in order to make, change and remove what a slot often has, for `IWorkload.permissions`: limited to the slots of one
 * environment by their names, and by the tags of slots where names say nothing.
 *
 * @example
 * const permissions = (place: WorkloadPlace): WorkloadPermissions => ({
 *   deploy: [...WorkloadStatements.functions(place), ...WorkloadStatements.targetGroups(place)],
 *   run: WorkloadStatements.logWriting(place),
 * });
 */
export class WorkloadStatements {
  /** Lambda functions, and handing them roles of the slot. */
  static functions(place: WorkloadPlace): PolicyStatement[] {
    return functions(checked('functions', place));
  }

  /** Target groups of a load balancer. */
  static targetGroups(place: WorkloadPlace): PolicyStatement[] {
    return [...targetGroups(checked('targetGroups', place)), reading('ReadTargetGroups', [...TARGET_GROUP_READS, 'ec2:DescribeVpcs'])];
  }

  /** Security groups. */
  static securityGroups(place: WorkloadPlace): PolicyStatement[] {
    return [...securityGroups(checked('securityGroups', place)), reading('ReadNetworks', NETWORK_READS)];
  }

  /** Log groups whose names CloudFormation makes up. */
  static logGroups(place: WorkloadPlace): PolicyStatement[] {
    return [logGroups(checked('logGroups', place), 'LogGroups'), reading('ReadLogGroups', LOG_GROUP_READS)];
  }

  /** What writes into those, for `run`. */
  static logWriting(place: WorkloadPlace): PolicyStatement[] {
    return [logWriting(checked('logWriting', place), 'LogGroups')];
  }

  /** Stacks nested in the slot's; what is in them is asked for like anything else in the slot. */
  static nestedStacks(place: WorkloadPlace): PolicyStatement[] {
    const { slotStackNames } = checked('nestedStacks', place);
    const actions = ['CreateStack', 'DeleteStack', 'DescribeStacks', 'UpdateStack'].map((name) => `cloudformation:${name}`);
    const resources = slotStackNames.map((name) => arnsOf(place).here('cloudformation', `stack/${name}-*/*`));
    return [new PolicyStatement({ sid: 'NestedStacks', actions, resources })];
  }

  private constructor() {}
}

const PLACE = object<WorkloadPlace>({
  path: STRING,
  environment: STRING,
  account: STRING,
  region: STRING,
  partition: STRING,
  generatedNamePrefixes: listOf(STRING),
  slotStackNames: listOf(STRING),
  rolePath: STRING,
});

function checked(factory: string, place: WorkloadPlace): WorkloadPlace {
  requireKind(`WorkloadStatements.${factory}`, 'place', place, PLACE);
  return place;
}

/** These actions know no resources. */
function reading(sid: string, actions: string[]): PolicyStatement {
  return new PolicyStatement({ sid, actions, resources: ['*'] });
}
