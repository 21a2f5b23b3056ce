import type { EventBridgeEvent } from 'aws-lambda';
import { decideAgain } from '../domain/commands/decide-again';
import type { Ports } from '../domain/ports';
import { type ExecutionStatusChange, endedMachine } from '../domain/safety-net/ended-execution';
import { rescueEnvironment } from '../domain/safety-net/rescue-environment';
import { finished } from '../domain/steps/finishing';
import { ledger, machines, task } from './wiring';

/**
 * Called when an execution of a team's own machine that switches has ended, however. What it holds is taken back by the rules of the safety net, also where it
 * succeeded and has neither accepted nor gone back; then its release has ended. Called twice, it finds nothing to do. Its time-out is
 * `SAFETY_NET_TIMEOUT_SECONDS`.
 */
export function machineEnded(ports: Ports) {
  return async ({ detail }: EventBridgeEvent<'Step Functions Execution Status Change', ExecutionStatusChange>): Promise<void> => {
    const ended = endedMachine(detail);
    const { execution, release: version } = ended;
    const release = version === undefined ? undefined : await ports.ledger.release(version);
    for (const { environment } of release?.plan ?? []) await rescueEnvironment(ports, ended, environment);
    const outcome = version === undefined ? undefined : await decideAgain(ports.clock, () => close(ports, version, execution));
    ports.log.info(outcome ? 'the machine of a release has ended' : 'nothing to do: no release is on its way by it', { release: version, execution, outcome });
  };
}

/** @returns how its release has ended; undefined when that was recorded before, or the release is another execution's by now */
async function close({ ledger, clock }: Ports, version: string, execution: string): Promise<string | undefined> {
  const release = await ledger.release(version);
  const environment = release?.plan.at(-1)?.environment;
  if (!release || environment === undefined || release.execution !== execution) return undefined;
  const [state, gates, audit] = await Promise.all([ledger.environment(environment), ledger.gates(version), ledger.audit(version)]);
  const outcome = release.reached[environment] === 'live' ? 'live' : 'stopped';
  const input = { release: version, execution, outcome, environment } as const;
  const change = finished({ input, release, state, gates, audit, ticket: undefined, now: clock.now() });
  if (change) await ledger.commit(change);
  return change && outcome;
}

export const handler = task(machineEnded, { ledger, machines });
