import { type CloudFormationClient, DescribeStackEventsCommand, DescribeStacksCommand, type Stack, type StackEvent } from '@aws-sdk/client-cloudformation';
import { SLOT_OUTPUTS } from '../contract';
import type { StackFound } from '../domain/doctor/look';

/** Events of one operation that are read at most, newest first; a slot has tens of resources. */
const MAX_PAGES = 20;

/** The stack of that name, or with that id. */
export async function findStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    if ((error as Error).name === 'ValidationError' && /does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** Events of the operation that was started with `token`, newest first; empty when the stack's latest operation is another. */
export async function eventsOf(client: CloudFormationClient, stackId: string, token: string): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.send(new DescribeStackEventsCommand({ StackName: stackId, NextToken }));
    const all = answer.StackEvents ?? [];
    const ours = all.findIndex((event) => event.ClientRequestToken !== token);
    events.push(...(ours < 0 ? all : all.slice(0, ours)));
    NextToken = answer.NextToken;
    if (ours >= 0 || !NextToken) break;
  }
  return events;
}

/** What failed first, in CloudFormation's words; cancelled resources failed because of it. */
export function firstFailure(events: readonly StackEvent[]): string | undefined {
  const failed = [...events]
    .reverse()
    .find(({ ResourceStatus, ResourceStatusReason }) => ResourceStatus?.endsWith('_FAILED') && !/cancelled/i.test(ResourceStatusReason ?? ''));
  return failed && `${failed.LogicalResourceId}: ${failed.ResourceStatusReason ?? failed.ResourceStatus}`;
}

/** A stack's output by name. */
export function outputOf(stack: Stack, name: string): string | undefined {
  return stack.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
}

/** What there is to compare of a slot's stack. */
export function stackFound(stack: Stack): StackFound {
  const { StackStatus, StackStatusReason, DeletionTime, LastUpdatedTime, CreationTime } = stack;
  const [version, targetGroupArn] = [outputOf(stack, SLOT_OUTPUTS.releaseVersion), outputOf(stack, SLOT_OUTPUTS.targetGroupArn)];
  const since = DeletionTime ?? LastUpdatedTime ?? CreationTime;
  return {
    status: StackStatus ?? 'unknown',
    ...(StackStatusReason && { reason: StackStatusReason }),
    ...(version !== undefined && { version }),
    ...(targetGroupArn !== undefined && { targetGroupArn }),
    ...(since && { since: new Date(since).toISOString() }),
  };
}
