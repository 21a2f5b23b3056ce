import { type CloudFormationClient, DeleteStackCommand, type Stack } from '@aws-sdk/client-cloudformation';
import type { EnvironmentPlan } from '../contract';
import type { SlotRemoval } from '../domain/ports';
import { eventsOf, findStack, firstFailure } from './stack';

/** The removal of one slot's stack. Each look takes the next step that the stack's state allows; a run after this one goes on from what it finds. */
export class SlotStackRemoval {
  /** Of the stack that was there: by its name, one that is gone is not found. */
  private stackId?: string;
  private asked = false;

  constructor(
    private readonly client: CloudFormationClient,
    private readonly plan: EnvironmentPlan,
    private readonly stackName: string,
    /** Name of the operation in the stack's events. */
    private readonly name: string,
  ) {}

  /** @returns how it ended; undefined as long as it has not */
  async look(): Promise<SlotRemoval | undefined> {
    const stack = await findStack(this.client, this.stackId ?? this.stackName);
    if (!stack || stack.StackStatus === 'DELETE_COMPLETE') return { state: 'removed' };
    this.stackId = stack.StackId;
    if (stack.StackStatus?.endsWith('_IN_PROGRESS') && stack.StackStatus !== 'REVIEW_IN_PROGRESS') return undefined;
    if (this.asked) return stack.StackStatus === 'DELETE_FAILED' ? this.failed(stack) : undefined;
    // What failed to be removed before is tried once more: somebody may have removed what was in the way.
    await this.client.send(new DeleteStackCommand({ StackName: stack.StackId, RoleARN: this.plan.roles.execution, ClientRequestToken: this.name }));
    this.asked = true;
    return undefined;
  }

  private async failed(stack: Stack): Promise<SlotRemoval> {
    const events = await eventsOf(this.client, stack.StackId as string, this.name);
    const why = firstFailure(events) ?? stack.StackStatusReason ?? 'no reason given';
    return { state: 'failed', reason: `${why} (${stack.StackStatus}); remove what is in the way`, logs: stack.StackId ?? this.stackName };
  }
}
