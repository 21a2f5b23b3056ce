import type { EnterOutput, TakeSlotInput } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import { Refused } from '../domain/errors';
import type { EnvironmentState } from '../domain/model';
import type { Ports } from '../domain/ports';
import { step } from '../domain/steps/step';
import { decideTake } from '../domain/steps/taking';
import { frontDoors, ledger, task } from './wiring';

/** Registers a release of a team's own machine, gives it an environment, and says which slot to deploy it to. */
export function takeSlot(ports: Ports) {
  return async (input: TakeSlotInput): Promise<EnterOutput> => {
    const output = await decideAgain(ports.clock, () => take(ports, input)).catch((error: unknown) => stopped(input, error));
    const found = output.outcome === 'stopped' ? { expected: output.failure.expected, actual: output.failure.actual } : {};
    ports.log.info(output.outcome, { release: input.release, environment: input.environment, ...found });
    return output;
  };
}

async function take(ports: Ports, input: TakeSlotInput): Promise<EnterOutput> {
  const { ledger, clock } = ports;
  const [registered, state] = await Promise.all([ledger.release(input.release), ledger.environment(input.environment)]);
  const original = await originalOf(ports, input, state);
  const { output, change } = decideTake({ input, registered, state, original, now: clock.now() });
  if (change) await ledger.commit(change);
  return output;
}

/** Asked as long as nothing is live: the first release takes over from it. */
async function originalOf({ frontDoors }: Ports, { plan }: TakeSlotInput, { live }: EnvironmentState): Promise<string | undefined> {
  return live ? undefined : (await frontDoors.read(plan)).original;
}

function stopped({ environment, execution }: TakeSlotInput, error: unknown): EnterOutput {
  if (!(error instanceof Refused)) throw error;
  const about = { step: step.enter(environment), subject: 'the release', expected: 'one that may be registered', logs: execution };
  return { outcome: 'stopped', failure: { ...about, actual: error.message } };
}

export const handler = task(takeSlot, { ledger, frontDoors });
