import { CfnResource, Reference, Tokenization } from 'aws-cdk-lib';
import { shown } from '../private/shown';
import { type InspectedSlot, type Mistake, mistake } from './slot-inspection';
import { propertiesOf } from './slot-properties';

const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
/** What an Application Load Balancer forwards. */
const FORWARDED = ['HTTP', 'HTTPS'];

/**
 * Looks at the target group a workload returned, where the slot itself makes it: what the load balancer cannot forward to is better refused in
 * the pull request than by the deployment. A VPC that is named by its id is the deployment's to judge.
 *
 * @returns each thing that is wrong
 */
export function inspectTargetGroup({ stack, targetGroupArn }: InspectedSlot): Mistake[] {
  const [reference] = Tokenization.reverseString(targetGroupArn).tokens;
  const group = Reference.isReference(reference) ? reference.target : undefined;
  if (!CfnResource.isCfnResource(group) || group.cfnResourceType !== TARGET_GROUP) return [];
  const { TargetType: type, Protocol: protocol, VpcId: vpc } = propertiesOf(group);
  if (type === 'lambda') return [];
  const wrong = (problem: string) => mistake(stack, 'TargetGroup', group, problem);
  return [
    ...(protocol === undefined || FORWARDED.includes(String(protocol))
      ? []
      : [wrong(`the target group speaks ${shown(protocol)}; the load balancer forwards ${FORWARDED.join(' and ')} only, give it one of them`)]),
    ...(typeof vpc === 'string'
      ? []
      : [
          wrong(
            `the target group is in ${vpc === undefined ? 'no VPC' : `the VPC ${JSON.stringify(vpc)}`}; it must be in the load balancer's: SlotNetwork.of(scope).vpcId`,
          ),
        ]),
  ];
}
