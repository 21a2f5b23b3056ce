import type { OpenGateInput } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import { knownEnvironment, knownRelease } from '../domain/commands/known';
import { arrive, arriveToContract } from '../domain/gates/gate-opening';
import type { Ports } from '../domain/ports';
import { turnOf } from '../domain/token-turn';
import { ledger, task } from './wiring';

/** Opens a firebreak or a go/no-go, or asks about a contract, and leaves the machine's token there; answers the token itself when nobody needs to be asked. */
export function openGate(ports: Ports) {
  return async (input: OpenGateInput): Promise<void> => {
    const { release: version, environment, gate, token, execution } = input;
    await decideAgain(ports.clock, async () => {
      const stored = await ports.ledger.gate(version, environment, gate);
      const release = await knownRelease(ports, version);
      const plan = knownEnvironment(release.plan, environment);
      const request = { plan, release, gate, now: ports.clock.now(), token, execution, ...turnOf(input) };
      const change = gate === 'contract' ? arriveToContract(request, await ports.ledger.environment(environment), stored) : arrive(request, stored);
      await ports.ledger.commit(change);
      ports.log.info(change.put.length > 0 ? 'gate waits' : 'gate answered', { release: version, environment, gate });
    });
  };
}

export const handler = task(openGate, { ledger });
