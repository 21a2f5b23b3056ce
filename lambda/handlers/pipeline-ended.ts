import type { EventBridgeEvent } from 'aws-lambda';
import { decideAgain } from '../domain/commands/decide-again';
import type { Ports } from '../domain/ports';
import type { ExecutionStatusChange } from '../domain/safety-net/ended-execution';
import { endOfPipeline, pipelineFinished } from '../domain/safety-net/ended-pipeline';
import { fingerprintOf } from '../domain/ticket';
import { ledger, task } from './wiring';

/** Called when an execution of a team's own machine has ended, however: its release has, too. Called twice, it finds nothing to do. */
export function pipelineEnded(ports: Ports) {
  return async ({ detail }: EventBridgeEvent<'Step Functions Execution Status Change', ExecutionStatusChange>): Promise<void> => {
    const { executionArn: execution, status } = detail;
    await decideAgain(ports.clock, async () => {
      const ended = await close(ports, detail);
      ports.log.info(ended ? 'the pipeline of a release has ended' : 'nothing to do: no release is on its way by it', { release: ended, execution, status });
    });
  };
}

/** @returns the version that ended with it */
async function close({ ledger, clock }: Ports, detail: ExecutionStatusChange): Promise<string | undefined> {
  const { executionArn: execution } = detail;
  const listed = (await ledger.releasesInFlight()).find((each) => each.execution === execution);
  const release = listed && (await ledger.release(listed.version));
  if (release?.execution !== execution || release.status !== 'submitted') return undefined;
  const { version, plan } = release;
  const [gates, audit, states] = await Promise.all([
    ledger.gates(version),
    ledger.audit(version),
    Promise.all(plan.map(({ environment }) => ledger.environment(environment))),
  ]);
  const state = states.at(-1);
  if (!state) return undefined;
  const input = endOfPipeline({ environment: state.environment, execution }, detail, release, gates);
  const ticket = input.failure && (await ledger.ticket(fingerprintOf(input.environment, input.failure)));
  const change = pipelineFinished({ input, release, state, gates, audit, ticket, now: clock.now() }, states);
  if (change) await ledger.commit(change);
  return change && version;
}

export const handler = task(pipelineEnded, { ledger });
