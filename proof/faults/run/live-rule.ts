import { DescribeRulesCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type ForwardAction, weightsOf } from '../../../lambda/contract';
import type { Aws } from '../../../rehearsal/aws';

/** Looks at what the live rule holds, past everything that the hub makes of it. */
export class LiveRule {
  private readonly client: ElasticLoadBalancingV2Client;

  constructor(
    { client }: Aws,
    private readonly arn: string,
  ) {
    this.client = new ElasticLoadBalancingV2Client(client);
  }

  /** Target group ARN -> percent; empty when it forwards nothing. */
  async weights(): Promise<Readonly<Record<string, number>>> {
    const { Rules } = await this.client.send(new DescribeRulesCommand({ RuleArns: [this.arn] }));
    const weights = weightsOf((Rules?.[0]?.Actions ?? []) as ForwardAction[]);
    const [only, ...others] = Object.keys(weights);
    return only !== undefined && others.length === 0 ? { [only]: 100 } : weights;
  }
}
