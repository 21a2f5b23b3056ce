import type { EnvironmentPlan } from '../../lambda/contract';
import { machinesOf } from '../../test/workflow/machines';
import type { Definitions } from './definition';

/** The machines that releases go through, as the hub of these plans is synthesized with. */
export function synthesizedFor(plans: readonly EnvironmentPlan[]): Definitions {
  const machines = Object.entries(machinesOf(plans)) as [string, Definitions[string]][];
  return Object.fromEntries(machines.filter(([name]) => !/-(submit|retire)$/.test(name)));
}
