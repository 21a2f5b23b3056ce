import type { RegisterInput, SubmitBody } from '../../contract';
import { Refused } from '../errors';
import type { Release } from '../model';
import type { Ports } from '../ports';
import { checkChanges, checkSameChanges } from '../release/declared-changes';
import { checkBroughtBack, checkTriedAgain } from '../release/once-more';
import { isOfCurrentAttempt } from '../release/release';
import { checkBody, checkOutside, checkSameDigest } from '../release/submission';
import { parseBody } from './bodies';
import { environmentsOf, knownEnvironment } from './known';
import { newAttempt } from './new-attempt';

/**
 * Registers the release that an execution of a team's own machine takes along its path: at the first environment it comes to, and at the others it is there.
 * Another execution with the same version is another attempt of it, once the earlier one has ended, or was aborted.
 *
 * @throws Refused when it is not what the path takes, when it is another execution's, when it was rolled back, refused, aborted or replaced and nobody says that it is meant once more, or when the environment was not entered from the team's machine
 */
export async function registerOwn(ports: Ports, input: RegisterInput): Promise<Release> {
  const body = parseBody.submit(input.submission);
  checkBody(body);
  if (body.version !== input.release) {
    throw new Refused(
      'OtherVersion',
      `the submission is of ${JSON.stringify(body.version)}, got: ${JSON.stringify(input.release)} as release; start your own machine`,
    );
  }
  await checkPath(ports, input);
  const stored = await ports.ledger.release(body.version);
  if (stored) {
    checkSameDigest(stored, body);
    if (stored.execution === input.path) return sameAgain(stored, body);
    if (stored.status === 'submitted' && !stored.aborted) {
      const message = `release ${body.version} is on its way by ${stored.execution}; start another execution with it when that one has ended, or stop that one`;
      throw new Refused('OnItsWay', message);
    }
    const states = await environmentsOf(ports, stored);
    if (stored.status === 'live') checkBroughtBack(stored, states, body);
    else checkTriedAgain(stored, await ports.ledger.audit(stored.version), body);
    checkOutside(stored, states);
  }
  return newAttempt(ports, { author: input.path, body, stored, executionArn: () => input.path });
}

function sameAgain(stored: Release, body: SubmitBody): Release {
  checkChanges(stored.plan, body);
  checkSameChanges(stored, body);
  return stored;
}

/** What watches the team's machine knows it by its name, and takes care of no other. */
async function checkPath({ plans }: Ports, input: RegisterInput): Promise<void> {
  const { ownMachine = '' } = knownEnvironment(await plans.environments(), input.environment);
  if (input.path.includes(`:execution:${ownMachine}:`) && isOfCurrentAttempt({ execution: input.path }, input)) return;
  const message = `${input.execution} was started for ${input.path}, which is no execution of the state machine ${ownMachine}, or did not start it; start ${ownMachine}`;
  throw new Refused('NotOfThePath', message);
}
