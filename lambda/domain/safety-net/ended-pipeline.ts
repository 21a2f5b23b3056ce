import type { Failure, FinishInput } from '../../contract';
import { gateName } from '../gates/gate';
import type { Change, EnvironmentState, Gate, Release } from '../model';
import { withReached } from '../release/release';
import { type Finishing, finished } from '../steps/finishing';
import { type ExecutionStatusChange, endedExecution } from './ended-execution';

/** The place of a version whose slots the hub does not know. */
const OWN = 'own';

/**
 * What the end of a team's own pipeline says of its release: where it succeeded, and every firebreak it came to had been passed, the release is live, for
 * nothing else is told. Otherwise it has stopped.
 */
export function endOfPipeline({ environment, execution }: Place, detail: ExecutionStatusChange, release: Release, gates: readonly Gate[]): FinishInput {
  const closed = gates.find((gate) => gate.execution === execution && gate.status !== 'passed');
  const how = endedExecution(detail)?.how ?? (closed && `${detail.status}, and ${gateName(closed)} is ${closed.status}`);
  const about = { release: release.version, execution, environment };
  if (how === undefined) return { ...about, outcome: 'live' };
  const failure: Failure = {
    step: `Take the release to ${environment}`,
    subject: 'the pipeline',
    expected: 'succeeds, with every firebreak passed',
    actual: how,
    logs: execution,
  };
  return { ...about, outcome: 'stopped', failure };
}

/** Where a pipeline ended: the environment it asked for last. */
export interface Place {
  readonly environment: string;
  readonly execution: string;
}

/** As {@link finished}; and where it is live, so it is in every environment it came to, for nobody else tells. */
export function pipelineFinished(finishing: Finishing, states: readonly EnvironmentState[]): Change | undefined {
  const change = finished(finishing);
  if (change === undefined || finishing.input.outcome !== 'live') return change;
  const { version, digest } = finishing.release;
  const put = change.put.map((item) =>
    item.kind === 'release' ? states.reduce((known, { environment }) => withReached(known, environment, 'live'), item) : item,
  );
  return { ...change, put: [...put, ...states.map((state) => ({ ...state, live: { colour: OWN, version, digest } }))] };
}
