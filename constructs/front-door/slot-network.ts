import { CfnParameter, type CfnParameterProps } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { requireKind } from '../kinds/kind';
import { CONSTRUCT } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import type { EnvironmentNames } from '../private/names';
import { type Place, tryPlaceOf } from '../private/place';

/** Id of the template parameter that CloudFormation reads the subnets into. */
const SUBNET_IDS = 'SubnetIds';
/** The same of whether tasks there need public addresses. */
const PUBLIC_ADDRESSES = 'PublicAddresses';

/**
 * The network that an environment's front door offers to slots, for workloads that have addresses of their own. CloudFormation reads all of it from
 * the environment a slot is deployed to, when it is deployed: a slot is synthesized where nothing of that is known.
 *
 * Who implements `IWorkload` puts tasks or instances into `subnetIds`, and lets `loadBalancerSecurityGroupId` reach them, and nobody else.
 *
 * @example
 * const { subnetIds, loadBalancerSecurityGroupId } = SlotNetwork.of(this);
 */
export class SlotNetwork {
  /**
   * The network of the environment that a construct's slot is in.
   *
   * @throws PathToLiveError outside of a slot, and where the environment's entrance says nothing of a network
   */
  static of(scope: IConstruct): SlotNetwork {
    requireKind('SlotNetwork.of', 'scope', scope, CONSTRUCT);
    const place = tryPlaceOf(scope);
    if (place === undefined) {
      throw new PathToLiveError(
        'SlotNetworkElsewhere',
        scope.node.path,
        'asks for the network of a slot in a stack that belongs to no environment; use SlotNetwork.of in the bind of a workload',
      );
    }
    if (!place.offersNetwork) {
      throw new PathToLiveError(
        'NetworkNotOffered',
        scope.node.path,
        `needs addresses in a network, and the entrance of ${JSON.stringify(place.names.environment)} says nothing of one; give Entrance.existingListener ` +
          '{ network: { workloads, loadBalancerSecurityGroupId } }',
      );
    }
    return new SlotNetwork(place.names, subnetsIn(place.stack, place.names));
  }

  /** Id of the load balancer's VPC. */
  readonly vpcId: string;
  /** For a list property, as a whole: how many there are is known at deployment only. */
  readonly subnetIds: string[];
  /** `ENABLED` or `DISABLED`, as `AssignPublicIp` of an ECS service takes it: whether these subnets have no other way out than public addresses. */
  readonly assignPublicIp: string;
  /** Id of the security group that requests come from. */
  readonly loadBalancerSecurityGroupId: string;

  private constructor(names: EnvironmentNames, subnetIds: string[]) {
    this.vpcId = read(names.vpcIdParameter);
    this.subnetIds = subnetIds;
    this.assignPublicIp = read(names.publicAddressesParameter);
    this.loadBalancerSecurityGroupId = read(names.loadBalancerSecurityGroupIdParameter);
  }
}

const read = (parameter: string) => `{{resolve:ssm:${parameter}}}`;

/**
 * The same as `assignPublicIp`, for who writes it into an output of the stack: an output with a dynamic reference fails, since CloudFormation resolves outputs
 * for every change set, https://github.com/amazon-archives/realworld-serverless-application/pull/16.
 *
 * @internal
 */
export function publicAddressesOf(scope: IConstruct): string {
  const { stack, names } = tryPlaceOf(scope) as Place;
  return parameterIn(stack, PUBLIC_ADDRESSES, {
    type: 'AWS::SSM::Parameter::Value<String>',
    default: names.publicAddressesParameter,
    description: 'Name of the parameter that says whether tasks need public addresses',
  }).valueAsString;
}

/**
 * A parameter of the template, since a dynamic reference is no list: CloudFormation splits the text before it resolves it,
 * https://github.com/aws-cloudformation/cfn-lint/issues/2181.
 */
function subnetsIn(stack: IConstruct, names: EnvironmentNames): string[] {
  return parameterIn(stack, SUBNET_IDS, {
    type: 'AWS::SSM::Parameter::Value<List<String>>',
    default: names.subnetIdsParameter,
    description: 'Name of the parameter with the subnets that the front door offers to slots',
  }).valueAsList;
}

/** One for a stack, however many ask for it. */
function parameterIn(stack: IConstruct, id: string, props: CfnParameterProps): CfnParameter {
  return (stack.node.tryFindChild(id) as CfnParameter | undefined) ?? new CfnParameter(stack, id, props);
}
