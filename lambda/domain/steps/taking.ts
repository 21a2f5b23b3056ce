import { type EnterOutput, machineShape, type TakeSlotInput } from '../../contract';
import { emptied, filled } from '../environment';
import type { Change, EnvironmentState, Release } from '../model';
import { arrived } from '../release/own-release';
import { submitted } from '../release/submission';
import { decideEnter } from './entering';

/** A team's own machine in front of an environment whose slots are the team's. */
export interface Taking {
  readonly input: TakeSlotInput;
  readonly registered: Release | undefined;
  readonly state: EnvironmentState;
  /** What the live rule did before any release, `503` or the ARN of a target group; undefined when that no longer matters. */
  readonly original: string | undefined;
  readonly now: string;
}

/**
 * Gives the slot that serves nobody to a release, and registers it: the team deploys there next. What the slot held counts as gone from now on.
 *
 * @throws Refused see {@link arrived}
 */
export function decideTake({ input, registered, state, original, now }: Taking): { readonly output: EnterOutput; readonly change?: Change } {
  const release = arrived({ input, changes: [], registered, states: [state], now });
  const task = { ...input, machine: machineShape(input.plan) };
  const { output, change } = decideEnter({ task, release, state, seals: {}, original, now });
  if (!change || output.outcome === 'stopped') return { output };
  const put = change.put.map((item) => (item.kind === 'environment' ? taken(item, input, output, now) : item));
  return { output, change: { ...change, put, audit: [...(release === registered ? [] : [submitted(release)]), ...change.audit] } };
}

function taken(state: EnvironmentState, { release: version, digest, slots }: TakeSlotInput, output: EnterOutput, at: string): EnvironmentState {
  if (output.outcome !== 'entered') return state;
  const slot = slots[output.colour];
  const empty = emptied(state, output.colour, { by: version, at });
  return slot ? filled(empty, output.colour, { ...slot, version, digest }) : empty;
}
