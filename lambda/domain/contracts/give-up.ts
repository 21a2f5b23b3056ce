import type { EnvironmentPlan } from '../../contract';
import { seen } from '../doctor/seen';
import { aboutToSwapBack, unlocked } from '../environment';
import { Refused } from '../errors';
import { gateStep } from '../gates/gate';
import type { EnvironmentState } from '../model';
import type { Ports } from '../ports';
import { noHealthyTarget } from '../traffic/decide-swap-back';
import { wayBack } from '../traffic/way-back';

/** A contract that has the environment, and of which nothing has started: what it would take away is there yet. */
function hasOnlyBegun({ lock, contracting, contracts = [] }: EnvironmentState): boolean {
  if (!lock?.contract || contracting?.execution !== lock.execution) return false;
  return !contracting.migrations.some(({ name }) => contracts.some((each) => each.name === name));
}

/**
 * Takes the environment from a contract that has only begun, for the roll back of its version: of this and its first call one sees the other, and its machine, which may
 * have died, calls nothing any more. The roll back is in the ledger with it, so that nobody who waits for the environment comes in between.
 *
 * @returns the environment as it is then; unchanged where something has started, or there is no way back in one call
 * @throws Refused where the roll back would be refused all the same, because what it goes to is not healthy: the contract goes on. Where that cannot be seen, it gives way
 */
export async function giveUpContract(
  { ledger, log, targets }: Pick<Ports, 'ledger' | 'log' | 'targets'>,
  plan: EnvironmentPlan,
  state: EnvironmentState,
  asked: NonNullable<EnvironmentState['goingBack']>,
): Promise<EnvironmentState> {
  const { contracting, ...rest } = state;
  const back = wayBack(state);
  if (!contracting || !hasOnlyBegun(state) || back.kind !== 'slot' || state.retirement) return state;
  if (state.slots[back.to.colour]?.loweredFrom !== undefined) return state;
  const { environment } = state;
  const healthy = await seen(() => targets.healthy(plan, back.targetGroupArn));
  if ('value' in healthy && healthy.value === 0) {
    const why = `expected at least one healthy target, found ${noHealthyTarget(back.to, state)}; the contract of ${contracting.release} goes on`;
    throw new Refused('CannotRollBack', `${environment} was not rolled back: ${why}`);
  }
  const { release, execution, migrations, by } = contracting;
  const { by: who, reason: why, at } = asked;
  const step = gateStep({ gate: 'contract', environment });
  const failure = { step, subject: `release ${release}`, expected: `live in ${environment}`, actual: `${who} rolled it back: ${why}`, logs: execution };
  const detail = { migrations: migrations.map(({ name }) => name), by, failure };
  await ledger.commit({
    put: [aboutToSwapBack(unlocked(rest), asked)],
    audit: [{ at, what: 'ContractStopped', release, environment, who, why, detail }],
  });
  log.info('contract given up', { release, environment, who });
  return ledger.environment(environment);
}
