import type { Failure, OpenFirebreakInput } from '../../contract';
import type { Change, Delivery, EnvironmentState, Gate, Release } from '../model';
import { arrived } from '../release/own-release';
import { submitted } from '../release/submission';
import { turnOf } from '../token-turn';
import { gateName, gateStep, waits } from './gate';
import { arrive, toToken } from './gate-opening';

/** A team's own machine in front of a firebreak. */
export interface OwnFirebreak {
  readonly input: OpenFirebreakInput;
  readonly registered: Release | undefined;
  /** Of every environment that the registered one has been through. */
  readonly states: readonly EnvironmentState[];
  /** Of this version, in front of this environment, as the ledger has it. */
  readonly stored: Gate | undefined;
  readonly now: string;
}

/**
 * Registers the release and opens the firebreak. Where an earlier execution of the same version waits there, dead or alive, it is told that this one has
 * come: nobody decides about two at once.
 *
 * @throws Refused see {@link arrived}
 */
export function openFirebreak({ input, registered, states, stored, now }: OwnFirebreak): Change {
  const { plan, token, execution, changes } = input;
  const release = arrived({ input, changes, registered, states, now });
  const { put, audit, deliver = [] } = arrive({ plan, release, gate: 'firebreak', now, token, execution, ...turnOf(input) }, stored);
  const isNew = release.execution !== registered?.execution;
  return {
    put: release === registered || put.includes(release) ? put : [release, ...put],
    audit: [...(isNew ? [submitted(release)] : []), ...audit],
    deliver: [...tellEarlier(stored, execution), ...deliver],
  };
}

function tellEarlier(stored: Gate | undefined, execution: string): Delivery[] {
  if (!stored || !waits(stored) || stored.execution === execution) return [];
  const failure = failureAt(stored, 'the release', 'waits once', `${execution} has come with the same version since`, stored.execution);
  return [toToken(stored.token, { outcome: 'refused', failure })];
}

/** Why a machine does not get to wait: told to its token, so that it ends as after any other refusal. */
export function notOpened({ plan: { environment }, token, execution }: OpenFirebreakInput, why: string): Change {
  const failure = failureAt({ gate: 'firebreak', environment }, gateName({ gate: 'firebreak', environment }), 'asked about a release', why, execution);
  return { put: [], audit: [], deliver: [toToken(token, { outcome: 'refused', failure })] };
}

function failureAt(gate: Pick<Gate, 'gate' | 'environment'>, subject: string, expected: string, actual: string, logs: string): Failure {
  return { step: gateStep(gate), subject, expected, actual, logs };
}
