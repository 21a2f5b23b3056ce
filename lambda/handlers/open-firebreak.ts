import type { OpenFirebreakInput } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import { Refused } from '../domain/errors';
import { notOpened, openFirebreak as open } from '../domain/gates/own-firebreak';
import type { Ports } from '../domain/ports';
import { ledger, task } from './wiring';

/** Opens a firebreak for a release of a team's own machine, and leaves the machine's token there. */
export function openFirebreak(ports: Ports) {
  return async (input: OpenFirebreakInput): Promise<void> => {
    const { release, environment } = input;
    try {
      await decideAgain(ports.clock, () => wait(ports, input));
      ports.log.info('firebreak asked', { release, environment });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await ports.ledger.commit(notOpened(input, error.message));
      ports.log.info('firebreak not opened', { release, environment, code: error.code, why: error.message });
    }
  };
}

async function wait({ ledger, clock }: Ports, input: OpenFirebreakInput): Promise<void> {
  const [registered, stored] = await Promise.all([ledger.release(input.release), ledger.gate(input.release, input.environment, 'firebreak')]);
  const states = await Promise.all((registered?.plan ?? []).map(({ environment }) => ledger.environment(environment)));
  await ledger.commit(open({ input, registered, states, stored, now: clock.now() }));
}

export const handler = task(openFirebreak, { ledger });
