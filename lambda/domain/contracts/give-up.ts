import { aboutToSwapBack, unlocked } from '../environment';
import { gateStep } from '../gates/gate';
import type { EnvironmentState } from '../model';
import type { Ports } from '../ports';
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
 */
export async function giveUpContract(
  { ledger, log }: Ports,
  state: EnvironmentState,
  asked: NonNullable<EnvironmentState['goingBack']>,
): Promise<EnvironmentState> {
  const { contracting, ...rest } = state;
  const back = wayBack(state);
  const isRunning = back.kind === 'slot' && state.slots[back.to.colour]?.loweredFrom === undefined;
  if (!contracting || !hasOnlyBegun(state) || !isRunning || state.retirement) return state;
  const { environment } = state;
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
