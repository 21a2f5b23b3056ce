import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  type TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { SLOT_OUTPUTS } from '../../lambda/contract';
import type { Integ } from './integ';

/** While the target group of a slot has no target. @param stack of the slot @param where its administrator is, and its region */
export async function withoutTargets(
  { emulator }: Integ,
  stack: string,
  { account, region }: { readonly account: string; readonly region: string },
  meanwhile: () => Promise<void>,
): Promise<void> {
  const client = { ...emulator.client, region, credentials: { accessKeyId: account, secretAccessKey: 'test' } };
  const elb = new ElasticLoadBalancingV2Client(client);
  const { Stacks } = await new CloudFormationClient(client).send(new DescribeStacksCommand({ StackName: stack }));
  const TargetGroupArn = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === SLOT_OUTPUTS.targetGroupArn)?.OutputValue;
  const { TargetHealthDescriptions = [] } = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  const Targets = TargetHealthDescriptions.map(({ Target }) => ({ Id: Target?.Id }) as TargetDescription);
  await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }));
  try {
    await meanwhile();
  } finally {
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
  }
}
