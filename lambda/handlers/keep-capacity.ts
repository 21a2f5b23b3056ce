import { CAPACITY_TIMEOUT_SECONDS, type EnvironmentPlan, type RaiseRequest } from '../contract';
import { lowerIdle } from '../domain/capacity/lower';
import { pendingRollBack, raiseAndRollBack } from '../domain/capacity/raise-and-roll-back';
import { knownEnvironment } from '../domain/commands/known';
import type { Ports } from '../domain/ports';
import { capacity, ledger, machines, plans, targets, task } from './wiring';

/**
 * Asked by the API for one environment: starts the slot it goes back to, and rolls back. Asked by the schedule: lowers the slots that have served
 * nobody for longer than they are to be kept warm, and takes up a roll back whose run died.
 */
export function keepCapacity(ports: Ports) {
  return async (input: Partial<RaiseRequest>): Promise<void> => {
    const environments = await ports.plans.environments();
    if (input.environment !== undefined) return raiseAndRollBack(ports, knownEnvironment(environments, input.environment));
    for (const plan of environments.filter(({ roles }) => roles.capacity !== undefined)) {
      await lowerIdle(ports, plan);
      if (await isAbandoned(ports, plan)) await raiseAndRollBack(ports, plan);
    }
  };
}

/** Whether the run that was started for a roll back must be dead: it may take no longer than its function may run. */
async function isAbandoned({ ledger, clock }: Ports, { environment }: EnvironmentPlan): Promise<boolean> {
  const pending = pendingRollBack(await ledger.environment(environment));
  return pending !== undefined && pending.requested.at <= clock.later(-CAPACITY_TIMEOUT_SECONDS);
}

export const handler = task(keepCapacity, { ledger, plans, capacity, targets, machines });
