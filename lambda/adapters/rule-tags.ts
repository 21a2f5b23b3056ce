import { DescribeTagsCommand, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';

export async function tagsOf(client: ElasticLoadBalancingV2Client, ruleArn: string): Promise<Readonly<Record<string, string | undefined>>> {
  const { TagDescriptions } = await client.send(new DescribeTagsCommand({ ResourceArns: [ruleArn] }));
  return Object.fromEntries((TagDescriptions?.[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
}
