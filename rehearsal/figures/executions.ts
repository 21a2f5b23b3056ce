import { type HistoryEvent, paginateGetExecutionHistory, paginateListExecutions, paginateListStateMachines, type SFNClient } from '@aws-sdk/client-sfn';

export interface ExecutionCount {
  readonly executions: number;
  /** States entered, which is what Step Functions charges for. */
  readonly transitions: number;
  readonly historyEvents: number;
}

/**
 * Counts what one release took: the execution of its path machine and those of the environment machines, whose names begin with it.
 *
 * @param execution name of the path machine's execution
 */
export async function countExecutions(client: SFNClient, execution: string): Promise<ExecutionCount> {
  const events: HistoryEvent[] = [];
  let executions = 0;
  for await (const machines of paginateListStateMachines({ client }, {})) {
    for (const { stateMachineArn } of machines.stateMachines ?? []) {
      for await (const page of paginateListExecutions({ client }, { stateMachineArn })) {
        for (const { name, executionArn } of page.executions ?? []) {
          if (name !== execution && !name?.startsWith(`${execution}-`)) continue;
          executions++;
          for await (const history of paginateGetExecutionHistory({ client }, { executionArn })) events.push(...(history.events ?? []));
        }
      }
    }
  }
  const transitions = events.filter(({ type }) => type?.endsWith('StateEntered')).length;
  return { executions, transitions, historyEvents: events.length };
}
