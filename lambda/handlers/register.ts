import type { RegisterInput, RegisterOutput } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import { registerOwn } from '../domain/commands/register-own';
import { isAskedBy } from '../domain/contracts/asked';
import { Refused } from '../domain/errors';
import type { Ports } from '../domain/ports';
import { isLiveIn } from '../domain/release/release';
import { step } from '../domain/steps/step';
import { bundles, ledger, plans, task, templates } from './wiring';

/** Registers the release that a team's own machine brings to an environment, unless it was started for a contract. A refusal is data. */
export function register(ports: Ports) {
  return async (input: RegisterInput): Promise<RegisterOutput> => {
    const { environment, release, path, execution: logs } = input;
    try {
      if (isAskedBy(await ports.ledger.environment(environment), input)) return { outcome: 'contract' };
      const registered = await decideAgain(ports.clock, () => registerOwn(ports, input));
      const { digest, attempt } = registered;
      const live = isLiveIn(await ports.ledger.environment(environment), registered);
      ports.log.info('registered', { release, environment, digest, attempt, path, live });
      return { outcome: 'registered', ...(live && { live }) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, message: actual } = error;
      ports.log.info('not registered', { release, environment, code, why: actual });
      return {
        outcome: 'refused',
        failure: { step: step.register(environment), subject: 'the submission', expected: 'one that the path takes', actual, logs },
      };
    }
  };
}

export const handler = task(register, { ledger, plans, bundles, templates });
