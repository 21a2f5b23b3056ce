import { GetParametersByPathCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { EnvironmentPlan } from '../contract';
import type { Plans } from '../domain/ports';

/** The plan as the hub's SSM parameters, one an environment. Read anew each time: a redeployed hub counts at once for the next release. */
export class SsmPlans implements Plans {
  /** @param prefix parameter names without the environment, for example `/path-to-live/Payments/plan` */
  constructor(
    private readonly client: SSMClient,
    private readonly prefix: string,
  ) {}

  async environments(): Promise<EnvironmentPlan[]> {
    const plans: EnvironmentPlan[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.client.send(new GetParametersByPathCommand({ Path: this.prefix.replace(/\/$/, ''), NextToken }));
      plans.push(...(page.Parameters ?? []).map((parameter) => JSON.parse(parameter.Value ?? '') as EnvironmentPlan));
      NextToken = page.NextToken;
    } while (NextToken);
    return plans.sort((a, b) => a.order - b.order);
  }
}
