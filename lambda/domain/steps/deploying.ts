import type { Failure, SlotTaskInput } from '../../contract';
import { eventOf } from '../audit';
import { emptied, filled, ownsLock } from '../environment';
import { frozenSlot } from '../freezes/behind-a-freeze';
import { inWords, sameMigrations } from '../migrations/declared';
import type { Change, EnvironmentState, Gate, Release } from '../model';
import type { SlotDeployment } from '../ports';
import { brokenSeal, filesOf, planOf, stackOf, withReached } from '../release/release';
import { targetNotGiven } from '../traffic/roll-back-target';
import { mayGoOn } from './recheck';
import { step } from './step';

/**
 * Right before a slot is overwritten: what is in the way, and otherwise what the ledger must forget first. After a crash in between
 * the ledger knows less than there is, never more.
 */
export function beforeDeploying(
  input: SlotTaskInput,
  release: Release,
  state: EnvironmentState,
  seals: Readonly<Record<string, string | undefined>>,
  now: string,
  gates: readonly Gate[] = [],
): Failure | Change {
  const at = step.deploy(input.environment);
  const failure =
    mayGoOn(at, input, release, state) ??
    serves(input, state) ??
    frozenSlot(at, input, state, input.colour, now) ??
    targetNotGiven(planOf(release, input.environment), release, state, gates);
  if (failure) return failure;
  const broken = brokenSeal(release, filesOf([stackOf(release, input.environment, input.colour)]), seals, { step: at, task: input });
  if (broken) return broken;
  const held = state.slots[input.colour] !== undefined || state.previous?.colour === input.colour;
  return { put: held ? [emptied(state, input.colour, { by: release.version, at: now })] : [], audit: [] };
}

function serves({ environment, colour, execution }: SlotTaskInput, state: EnvironmentState): Failure | undefined {
  const shadow = state.lock?.colour;
  if (shadow === colour && state.live?.colour !== colour && !state.weights[colour]) return undefined;
  const actual = `the shadow of this release is ${shadow}, live is ${state.live?.colour ?? 'nothing'}, weights are ${JSON.stringify(state.weights)}`;
  return { step: step.deploy(environment), subject: `slot ${colour}`, expected: 'the slot that serves nobody', actual, logs: execution };
}

/** The ledger is right about what it did, but somebody else has written the live rule since. */
export function servedAllTheSame({ environment, colour, execution }: SlotTaskInput): Failure {
  const actual = 'the live rule sends users there, which the ledger does not know of: somebody else moved traffic; put it back before you submit again';
  return { step: step.deploy(environment), subject: `slot ${colour}`, expected: 'the slot that serves nobody', actual, logs: execution };
}

/** What the ledger records of a slot that was deployed. @returns undefined when it is no longer this release's to record */
export function afterDeploying(
  input: SlotTaskInput,
  release: Release,
  state: EnvironmentState,
  found: Extract<SlotDeployment, { state: 'deployed' }>,
  now: string,
): Change | undefined {
  if (!ownsLock(state, input)) return undefined;
  const { version, digest } = release;
  const { targetGroupArn, alarms, capacity, migrations } = found;
  return {
    put: [
      filled(state, input.colour, { version, digest, targetGroupArn, alarms, ...(capacity && { capacity }), ...(migrations && { migrations }) }),
      withReached(release, input.environment, 'shadow'),
    ],
    audit: [eventOf(input, now, 'SlotDeployed', { colour: input.colour, digest, targetGroupArn, alarms })],
  };
}

/**
 * A slot that brings other migrations than the release was registered with: people accepted what its templates said.
 * @returns undefined when it brings the same
 */
export function otherMigrations(
  input: SlotTaskInput,
  { migrations = [] }: Release,
  { migrations: found = [] }: Extract<SlotDeployment, { state: 'deployed' }>,
  stackName: string,
): Failure | undefined {
  if (sameMigrations(migrations, found)) return undefined;
  const actual = `its output says ${inWords(found)}: synthesize and submit a new version`;
  return { step: step.deploy(input.environment), subject: `stack ${stackName}`, expected: `brings ${inWords(migrations)}`, actual, logs: stackName };
}

/** Why a deployment that ended badly stops the release. */
export function deploymentFailed(input: SlotTaskInput, stackName: string, { reason, logs }: { readonly reason: string; readonly logs: string }): Failure {
  return { step: step.deploy(input.environment), subject: 'deployment of the slot stack', expected: 'deployed', actual: `${stackName}: ${reason}`, logs };
}
