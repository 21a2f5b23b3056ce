import type { Finding } from './finding';
import { lockFindings } from './lock-findings';
import type { Look } from './look';
import { ruleFindings } from './rule-findings';
import type { Seen } from './seen';
import { stackFindings } from './stack-findings';

/** Everything that is not as it must be in one environment, what users notice first. */
export function diagnose(look: Look): Finding[] {
  return [...ruleFindings(look), ...lockFindings(look), ...stackFindings(look), ...accessFindings(look)];
}

/** What the hub could not see is a finding of its own: it could not do there what it must, either. */
function accessFindings({ plan, rule, stacks, healthyTargets }: Look): Finding[] {
  const { environment, roles } = plan;
  const looked: readonly (readonly [Seen<unknown>, string, string])[] = [
    [rule, roles.operator, 'the live rule'],
    [stacks, roles.deploy, 'the stacks of its slots'],
    [healthyTargets, roles.observer, 'its front door and targets'],
  ];
  return looked.flatMap(([seen, role, what]): Finding[] => {
    if (!('unseen' in seen)) return [];
    const expected = `lets the hub see ${what}`;
    const remedy = `cdk drift of the front door of ${environment} shows what somebody changed of it, and cdk deploy --revert-drift puts that back; where it shows nothing, its inline policies may be changed, which that does not see: cdk deploy -c policies-anew=<any text> writes them; if the role still lets nobody in, a policy from outside forbids it`;
    return [{ kind: 'access', environment, subject: `the role ${role}`, expected, actual: seen.unseen, by: 'person', remedy }];
  });
}
