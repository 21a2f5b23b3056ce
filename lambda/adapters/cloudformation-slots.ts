import { createHash } from 'node:crypto';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { EnvironmentPlan } from '../contract';
import type { StackFound } from '../domain/doctor/look';
import type { Clock, SlotDeployment, SlotRemoval, SlotRequest, Slots } from '../domain/ports';
import type { ClientFor } from './client-for';
import { SlotStackRemoval } from './slot-removal';
import { SlotRun } from './slot-run';
import { findStack, stackFound } from './stack';
import { isTransient, messageOf } from './transient-error';

/** Left of the invocation when it answers `deploying`: one look at most starts before that. */
const MARGIN_MS = 30_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Slots as CloudFormation stacks, created and updated by change sets with the environment's deploy role, and removed with it.
 *
 * A deployment goes by a name made of the release's execution. Its change set and every event it causes carry that name, so a call that
 * is repeated, or continues an earlier one, finds what that one started.
 */
export class CloudFormationSlots implements Slots {
  /** @param remaining milliseconds that the invocation under way may still take */
  constructor(
    private readonly clientFor: ClientFor<CloudFormationClient>,
    private readonly clock: Clock,
    private readonly remaining: () => number,
  ) {}

  async deploy(plan: EnvironmentPlan, request: SlotRequest): Promise<SlotDeployment> {
    const run = new SlotRun(this.clientFor(plan), plan, request, nameOf(request));
    const freed = `${plan.environment} was freed while its slot was deployed; nothing more is done to the stack`;
    return (await this.follow(run, request, freed)) ?? { state: 'deploying' };
  }

  async remove(plan: EnvironmentPlan, request: Pick<SlotRequest, 'stackName' | 'execution' | 'isOurs'>): Promise<SlotRemoval> {
    const removal = new SlotStackRemoval(this.clientFor(plan), plan, request.stackName, removalName(request.execution));
    const taken = `${plan.environment} is not being retired by this run any more; nothing more is done to the stack`;
    return (await this.follow(removal, request, taken)) ?? { state: 'removing' };
  }

  async look(plan: EnvironmentPlan, stackName: string): Promise<StackFound | undefined> {
    const stack = await findStack(this.clientFor(plan), stackName);
    return stack && stackFound(stack);
  }

  /** @returns undefined when it has not ended within this run */
  private async follow<Ended>(run: Looking<Ended>, request: Followed, taken: string): Promise<Ended | Failed | undefined> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      if (!(await request.isOurs())) return failed(request, taken);
      const ended = await look(run, request);
      if (ended) return ended;
      if (this.remaining() < MARGIN_MS + pause) return undefined;
      await this.clock.sleep(pause);
    }
  }
}

/** An operation on a stack, and what it is asked for each time. */
interface Looking<Ended> {
  look(): Promise<Ended | undefined>;
}
type Followed = Pick<SlotRequest, 'stackName' | 'isOurs'>;
type Failed = Extract<SlotDeployment, { state: 'failed' }>;

async function look<Ended>(run: Looking<Ended>, request: Followed): Promise<Ended | Failed | undefined> {
  try {
    return await run.look();
  } catch (error) {
    if (isTransient(error)) throw error;
    // Refused before anything began: a template that is not there, a value it does not allow, a permission.
    return failed(request, messageOf(error));
  }
}

function failed({ stackName }: Followed, reason: string): Failed {
  return { state: 'failed', reason, logs: stackName };
}

/** Of one execution: what a later one finds failed is tried once more. */
function removalName(execution: string): string {
  return `retire-${createHash('sha256').update(execution).digest('hex').slice(0, 16)}`;
}

/** Takes the characters that names of change sets and request tokens take, and says to people which release it is. */
function nameOf({ execution, version }: SlotRequest): string {
  const digest = createHash('sha256').update(`${execution} ${version}`).digest('hex').slice(0, 16);
  return `release-${version.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 60)}-${digest}`;
}
