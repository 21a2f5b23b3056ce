import type { EnvironmentPlan } from '../../contract';
import type { Ports } from '../ports';
import { missingOf } from '../traffic/rules';
import type { RuleLook, StackLook } from './look';

/** For who may not: the live rule, by its writer. */
export async function lookAtRule({ liveRule }: Pick<Ports, 'liveRule'>, plan: EnvironmentPlan): Promise<RuleLook> {
  const targets = await liveRule.read(plan);
  const isMissing = targets.kind === 'gone' || missingOf(targets).length > 0;
  return { targets, ...(!isMissing && { accepted: await liveRule.accepted(plan) }) };
}

/** For who may not: the stacks of the slots, by who deploys them. */
export async function lookAtStacks({ slots }: Pick<Ports, 'slots'>, plan: EnvironmentPlan): Promise<StackLook[]> {
  return Promise.all(
    plan.slots.map(async ({ colour, stackName }) => {
      const found = await slots.look(plan, stackName);
      return { colour, stackName, ...(found && { found }) };
    }),
  );
}
