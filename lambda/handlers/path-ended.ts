import type { EventBridgeEvent } from 'aws-lambda';
import type { Ports } from '../domain/ports';
import { closeOwnPath } from '../domain/safety-net/close-own-path';
import type { ExecutionStatusChange } from '../domain/safety-net/ended-execution';
import { ledger, task } from './wiring';

/**
 * Called when an execution of the team's own machine that takes releases along a path has ended, however: its release has, too. What is in an environment
 * then is ended there by that environment's machine, or by the net under it. Called twice, it finds nothing to do.
 */
export function pathEnded(ports: Ports) {
  return async ({ detail }: EventBridgeEvent<'Step Functions Execution Status Change', ExecutionStatusChange>): Promise<void> => {
    const { executionArn: execution, status } = detail;
    const ended = await closeOwnPath(ports, detail);
    ports.log.info(ended ? 'the path of a release has ended' : 'nothing to do: it takes no release along', { release: ended, execution, status });
  };
}

export const handler = task(pathEnded, { ledger });
