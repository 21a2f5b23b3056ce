import type { EventBridgeEvent } from 'aws-lambda';
import { MOST_RELEASES } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import type { Change, Release } from '../domain/model';
import type { Ports } from '../domain/ports';
import { closePath, pathFailure } from '../domain/safety-net/close-path';
import type { ExecutionStatusChange } from '../domain/safety-net/ended-execution';
import { diedWith, endOfOwnPath } from '../domain/safety-net/ended-path';
import { whereItWas } from '../domain/safety-net/where-it-was';
import { finished } from '../domain/steps/finishing';
import { fingerprintOf } from '../domain/ticket';
import { ledger, task } from './wiring';

/**
 * Called when an execution of the team's own machine that takes releases along a path has ended, however: its release has, too. What is in an environment
 * then is ended there by that environment's machine, or by the net under it. Called twice, it finds nothing to do.
 */
export function pathEnded(ports: Ports) {
  return async ({ detail }: EventBridgeEvent<'Step Functions Execution Status Change', ExecutionStatusChange>): Promise<void> => {
    const { executionArn: execution, status } = detail;
    const ended = await decideAgain(ports.clock, () => close(ports, detail));
    ports.log.info(ended ? 'the path of a release has ended' : 'nothing to do: it takes no release along', { release: ended, execution, status });
  };
}

/** @returns the version that ended with it */
async function close(ports: Ports, detail: ExecutionStatusChange): Promise<string | undefined> {
  const { ledger, clock } = ports;
  const release = await takenBy(ports, detail.executionArn);
  if (!release) return undefined;
  const { version } = release;
  const ended = diedWith(detail);
  const gates = await ledger.gates(version);
  const environment = whereItWas(release, gates);
  const [audit, ticket, states] = await Promise.all([
    ledger.audit(version),
    ledger.ticket(fingerprintOf(environment, pathFailure(ended, environment))),
    Promise.all(release.plan.map((plan) => ledger.environment(plan.environment))),
  ]);
  const input = endOfOwnPath(release, detail);
  const [state] = states;
  if (!state) return undefined;
  const change: Change | undefined = input
    ? finished({ input, release, state, gates, audit, ticket: undefined, now: clock.now() })
    : closePath({ ended, release, states, gates, audit, ticket, now: clock.now() });
  if (change) await ledger.commit(change);
  return change && version;
}

/** What the machine was started with is the team's: the release is known by the execution that it came by. */
async function takenBy({ ledger }: Ports, execution: string): Promise<Release | undefined> {
  const listed = [...(await ledger.releasesInFlight()), ...(await ledger.latestReleases(MOST_RELEASES))].find((each) => each.execution === execution);
  const release = listed && (await ledger.release(listed.version));
  return release?.execution === execution ? release : undefined;
}

export const handler = task(pathEnded, { ledger });
