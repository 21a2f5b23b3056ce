import type { EventBridgeEvent } from 'aws-lambda';
import type { StopRetiringInput } from '../contract';
import type { Ports } from '../domain/ports';
import { stopRetiring } from '../domain/retirement/stop-retiring';
import { closeItsPath } from '../domain/safety-net/close-its-path';
import { type ExecutionStatusChange, endedExecution, endOfRetiring } from '../domain/safety-net/ended-execution';
import { rescueEnvironment } from '../domain/safety-net/rescue-environment';
import { rollBackWaves } from '../domain/safety-net/roll-back-waves';
import { ledger, machines, task } from './wiring';

/**
 * The safety net: called when an execution of one of the path's machines ended without an outcome. Called twice, or after everything
 * was put right, it finds nothing to do. Its time-out is `SAFETY_NET_TIMEOUT_SECONDS`.
 */
export function reconcile(ports: Ports) {
  return async (event: EventBridgeEvent<'Step Functions Execution Status Change', ExecutionStatusChange>): Promise<void> => {
    const { executionArn: execution, status } = event.detail;
    const ended = endedExecution(event.detail);
    if (!ended) return ports.log.info('nothing to do: the execution has, or will have, an outcome', { execution, status });
    if (ended.environments) return stopped(ports, endOfRetiring(ended, ended.environments));
    const release = ended.release === undefined ? undefined : await ports.ledger.release(ended.release);
    const rescued: boolean[] = [];
    for (const plan of release?.plan ?? []) rescued.push(await rescueEnvironment(ports, ended, plan.environment));
    const closed = await closeItsPath(ports, ended);
    const back = await rollBackWaves(ports, ended);
    if (!closed && !back && !rescued.includes(true)) ports.log.info('nothing to do: the execution held nothing', { execution, status, release: ended.release });
  };
}

async function stopped(ports: Ports, input: StopRetiringInput): Promise<void> {
  const { outcome } = await stopRetiring(ports, input);
  ports.log.info(outcome === 'stopped' ? 'safety net opened the path again' : 'nothing to do: it retired nothing any more', { execution: input.execution });
}

export const handler = task(reconcile, { ledger, machines });
