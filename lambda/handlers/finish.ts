import type { FinishInput } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import { knownRelease } from '../domain/commands/known';
import type { Ports } from '../domain/ports';
import { finished } from '../domain/steps/finishing';
import { fingerprintOf } from '../domain/ticket';
import { ledger, task } from './wiring';

/** Records how a release ended on its path. */
export function finish(ports: Ports) {
  return async (input: FinishInput): Promise<void> => {
    const { environment, outcome, failure } = input;
    await decideAgain(ports.clock, async () => {
      const { ledger, clock } = ports;
      const [release, state, gates, ticket] = await Promise.all([
        knownRelease(ports, input.release),
        ledger.environment(environment),
        ledger.gates(input.release),
        failure && ledger.ticket(fingerprintOf(environment, failure)),
      ]);
      const audit = await ledger.audit(input.release);
      const change = finished({ input, release, state, gates, audit, ticket, now: clock.now() });
      if (change) await ledger.commit(change);
      ports.log.info(change ? 'release finished' : 'finished before', { release: input.release, environment, outcome });
    });
  };
}

export const handler = task(finish, { ledger });
