import type { EndInput, Failure, StopRetiringInput } from '../../contract';
import { step } from '../steps/step';

/** Detail of the event `Step Functions Execution Status Change`; https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export interface ExecutionStatusChange {
  readonly executionArn: string;
  readonly status: string;
  /** What the execution was started with, as JSON. */
  readonly input?: string | null;
  readonly error?: string | null;
  readonly cause?: string | null;
}

/** An execution that ended without an outcome. */
export interface EndedExecution {
  readonly execution: string;
  /** Version its input names, when that can be read. */
  readonly release?: string;
  /** Environments its input names, when it took the path out. */
  readonly environments?: readonly string[];
  readonly how: string;
}

const WITHOUT_OUTCOME = new Set(['FAILED', 'TIMED_OUT', 'ABORTED']);

/** @returns undefined for an execution that runs, or ended with an outcome */
export function endedExecution({ executionArn, status, input, error, cause }: ExecutionStatusChange): EndedExecution | undefined {
  if (!WITHOUT_OUTCOME.has(status)) return undefined;
  const why = [error, cause].filter(Boolean).join(': ');
  return { execution: executionArn, ...named(input), how: why ? `${status}, ${why}` : status };
}

/** The same of a team's own machine: that it has succeeded is no outcome for what it still holds. */
export function endedMachine(detail: ExecutionStatusChange): EndedExecution {
  const { executionArn: execution, status, input } = detail;
  return endedExecution(detail) ?? { execution, ...named(input), how: `${status}, and has neither accepted the release nor gone back` };
}

function named(input: string | null | undefined): Pick<EndedExecution, 'release' | 'environments'> {
  try {
    const { release, environments } = JSON.parse(input ?? 'null') ?? {};
    return { release: typeof release === 'string' ? release : undefined, ...(Array.isArray(environments) && { environments: environments.map(String) }) };
  } catch {
    // Not what our machines are started with, so it holds nothing of ours.
    return {};
  }
}

/** The end of a retirement whose machine died. */
export function endOfRetiring({ execution, how }: EndedExecution, environments: readonly string[]): StopRetiringInput {
  const environment = environments[0] ?? 'the path';
  const failure: Failure = { step: step.retiringSafetyNet(), subject: 'the retiring machine', expected: 'ends with an outcome', actual: how, logs: execution };
  return { environment, environments, execution, failure };
}

/** The end of a release whose environment machine died. */
export function endOf({ execution, how }: EndedExecution, environment: string, release: string): EndInput {
  const subject = `the machine of ${environment}`;
  const failure: Failure = { step: step.safetyNet(environment), subject, expected: 'ends with an outcome', actual: how, logs: execution };
  return { environment, release, execution, failure };
}
