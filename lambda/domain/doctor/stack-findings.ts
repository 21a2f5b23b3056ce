import type { EnvironmentPlan } from '../../contract';
import type { EnvironmentState, SlotState } from '../model';
import { isOriginal } from '../traffic/original';
import { targetIn } from '../traffic/roll-back-target';
import type { Finding } from './finding';
import type { Look, StackFound, StackLook } from './look';

/** What is wrong with the stacks of slots. The one that a release in flight deploys to is that release's to judge; so are all while slots are removed. */
export function stackFindings(look: Look): Finding[] {
  const { plan, state } = look;
  return judged(look).flatMap((stack) => stackFinding(plan, stack, roleOf(state, stack.colour), state.slots[stack.colour]));
}

/** Those that are stuck and that nobody needs: what a `stackFailed` names that `ptl recover` puts right. */
export function removableStacks(look: Look): StackLook[] {
  return judged(look).filter(({ found, colour }) => found && isStuck(found) && isUnneeded(look.state, colour));
}

/** A slot from which nobody is served, and to which nobody can be rolled back, whatever it holds. */
export function isUnneeded(state: EnvironmentState, colour: string): boolean {
  return roleOf(state, colour) === 'idle' || roleOf(state, colour) === 'empty';
}

function judged({ state, stacks, lockEnded }: Look): readonly StackLook[] {
  if (!('value' in stacks) || state.retirement) return [];
  return stacks.value.filter(({ colour }) => !(state.lock?.colour === colour && !lockEnded));
}

function roleOf(state: EnvironmentState, colour: string): Role {
  const { live, slots, weights } = state;
  if ((live?.colour === colour && !isOriginal(live)) || weights[colour]) return 'live';
  if (targetIn(state, colour) !== undefined) return 'target';
  return slots[colour] ? 'idle' : 'empty';
}

/** `target`: what is live can be rolled back to it. `idle`: it holds a version that is neither, of a release that was stopped for one. */
type Role = 'live' | 'target' | 'idle' | 'empty';

function stackFinding(plan: EnvironmentPlan, { colour, stackName, found }: StackLook, role: Role, held: SlotState | undefined): Finding[] {
  const { environment } = plan;
  const subject = `the stack of the slot ${colour} of ${environment}, ${stackName}`;
  const expected = held ? `holds ${held.version}` : 'is not stuck';
  const about = { environment, subject, expected, ...(found?.since !== undefined && { since: found.since }) };
  if (!found || !exists(found)) return held ? [{ ...about, kind: 'stackGone', actual: 'there is none', by: 'person', remedy: replace(environment, role) }] : [];
  const actual = `${found.status}${found.reason ? `: ${found.reason}` : ''}`;
  if (isBusy(found)) {
    const remedy = 'wait until CloudFormation has ended it, and look again';
    return [{ ...about, kind: 'stackBusy', actual, by: 'time', remedy }];
  }
  if (isStuck(found)) return [{ ...about, kind: 'stackFailed', actual, ...wayOut(plan, stackName, found, role, held?.version) }];
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

/** What became of a stack whose creation, or removal, failed: nothing repairs it, and nothing updates it. */
export function canOnlyBeRemoved(status: string): boolean {
  return ['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_FAILED'].includes(status);
}

function wayOut(plan: EnvironmentPlan, stackName: string, { status }: StackFound, role: Role, version = ''): Pick<Finding, 'by' | 'remedy'> {
  if (role === 'empty') return { by: 'recover', remedy: 'remove the stack, which holds nothing that serves; the next release makes it anew' };
  if (role === 'idle') {
    return {
      by: 'recover',
      remedy: `remove the stack, which nobody needs: ${version} is neither live nor what a roll back goes to; the next release makes it anew`,
    };
  }
  if (canOnlyBeRemoved(status)) return { by: 'person', remedy: role === 'live' ? replace(plan.environment, role) : targetAnew(plan, version) };
  const repair = `repair what its events name, ${goOn(status, stackName)}`;
  return { by: 'person', remedy: role === 'live' ? `${repair}; users are served from it meanwhile` : repair };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html takes what failed without a roll back of its own. */
function goOn(status: string, stackName: string): string {
  if (status === 'UPDATE_ROLLBACK_FAILED') return `then aws cloudformation continue-update-rollback --stack-name ${stackName}`;
  if (status === 'UPDATE_FAILED') return `then aws cloudformation rollback-stack --stack-name ${stackName}`;
  return 'by hand in CloudFormation';
}

function targetAnew({ rollBackTarget }: EnvironmentPlan, version: string): string {
  const given = rollBackTarget?.kind === 'refuse' ? ' --replace-target "<why>"' : '';
  return `it cannot be repaired, and nobody can be rolled back to it: ptl release <version>${given} deploys the next version, ptl release ${version} --again${given} this one anew, to go live`;
}

function replace(environment: string, role: Role): string {
  if (role === 'live') return `ptl roll-back ${environment} where ptl status has a version before; then ptl release <version>`;
  return 'nobody can be rolled back to it; the next release deploys to it anew: ptl release <version>';
}
