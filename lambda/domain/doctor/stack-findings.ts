import type { EnvironmentState, SlotState } from '../model';
import { isOriginal } from '../traffic/original';
import type { Finding } from './finding';
import type { Look, StackFound, StackLook } from './look';

/** What is wrong with the stacks of slots. The one that a release in flight deploys to is that release's to judge; so are all while slots are removed. */
export function stackFindings(look: Look): Finding[] {
  const { plan, state } = look;
  return judged(look).flatMap((stack) => stackFinding(plan.environment, stack, roleOf(stack, state), state.slots[stack.colour]));
}

/** Those that are stuck and hold nothing: what a `stackFailed` names that `ptl recover` puts right. */
export function removableStacks(look: Look): StackLook[] {
  return judged(look).filter((stack) => stack.found && isStuck(stack.found) && roleOf(stack, look.state) === 'empty');
}

function judged({ state, stacks, lockEnded }: Look): readonly StackLook[] {
  if (!('value' in stacks) || state.retirement) return [];
  return stacks.value.filter(({ colour }) => !(state.lock?.colour === colour && !lockEnded));
}

function roleOf({ colour }: StackLook, { live, slots }: EnvironmentState): Role {
  if (live?.colour === colour && !isOriginal(live)) return 'live';
  return slots[colour] ? 'held' : 'empty';
}

type Role = 'live' | 'held' | 'empty';

function stackFinding(environment: string, { colour, stackName, found }: StackLook, role: Role, held: SlotState | undefined): Finding[] {
  const subject = `the stack of the slot ${colour} of ${environment}, ${stackName}`;
  const expected = held ? `holds ${held.version}` : 'is not stuck';
  const about = { environment, subject, expected, ...(found?.since !== undefined && { since: found.since }) };
  if (!found || !exists(found)) return held ? [{ ...about, kind: 'stackGone', actual: 'there is none', by: 'person', remedy: replace(environment, role) }] : [];
  const actual = `${found.status}${found.reason ? `: ${found.reason}` : ''}`;
  if (isBusy(found)) {
    const remedy = 'wait until CloudFormation has ended it, and look again';
    return [{ ...about, kind: 'stackBusy', actual, by: 'time', remedy }];
  }
  if (isStuck(found)) return [{ ...about, kind: 'stackFailed', actual, ...wayOut(stackName, found, role) }];
  if (!held || found.version === held.version) return [];
  const other = `holds ${found.version ?? 'no version'}`;
  return [{ ...about, kind: 'stackVersion', actual: `${other}: somebody deployed it by hand`, by: 'person', remedy: replace(environment, role) }];
}

/** A change set that would create a stack leaves its name behind. */
function exists({ status }: StackFound): boolean {
  return status !== 'DELETE_COMPLETE' && status !== 'REVIEW_IN_PROGRESS';
}

function isBusy({ status }: StackFound): boolean {
  return status.endsWith('_IN_PROGRESS');
}

/** `UPDATE_ROLLBACK_COMPLETE` is none: it holds what it held, and takes the next update. */
export function isStuck({ status }: StackFound): boolean {
  return status.endsWith('_FAILED') || status === 'ROLLBACK_COMPLETE';
}

function wayOut(stackName: string, { status }: StackFound, role: Role): Pick<Finding, 'by' | 'remedy'> {
  if (role === 'empty') return { by: 'recover', remedy: 'remove the stack, which holds nothing that serves; the next release makes it anew' };
  const repair =
    status === 'UPDATE_ROLLBACK_FAILED'
      ? `repair what its events name, then aws cloudformation continue-update-rollback --stack-name ${stackName}`
      : 'repair what its events name, by hand in CloudFormation';
  return { by: 'person', remedy: role === 'live' ? `${repair}; users are served from it meanwhile` : repair };
}

function replace(environment: string, role: Role): string {
  if (role === 'live') return `ptl roll-back ${environment} where ptl status has a version before; then ptl release <version>`;
  return 'nobody can be rolled back to it; the next release deploys to it anew: ptl release <version>';
}
