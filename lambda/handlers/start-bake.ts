import type { StartBakeInput } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import { knownRelease } from '../domain/commands/known';
import { ownsLock } from '../domain/environment';
import { Conflict } from '../domain/errors';
import { shareOf, withBake } from '../domain/health/bake';
import { toldAtOnce } from '../domain/health/baking';
import { namesOf } from '../domain/health/firing';
import type { Ports } from '../domain/ports';
import { planOf } from '../domain/release/release';
import { alarms, ledger, task } from './wiring';

/**
 * Lets the machine wait: first its token is where an alarm finds it, then the alarms are read. One that fired in between is found
 * by the reading, one that fires later finds the token.
 */
export function startBake(ports: Ports) {
  return async (input: StartBakeInput): Promise<void> => {
    const { environment, colour, percent } = input;
    await register(ports, input);
    await decideAgain(ports.clock, async () => {
      const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(environment)]);
      const { firing } = await ports.alarms.read(planOf(release, environment), state.slots[colour]?.alarms ?? []);
      const told = toldAtOnce(input, release, state, firing, ports.clock.now());
      if (told) await ports.ledger.commit(told);
      const about = { release: input.release, environment, slot: colour, percent: shareOf(state, { colour, percent }), firing: namesOf(firing) };
      ports.log.info(told ? 'bake ended at once' : 'bake started', about);
    });
  };
}

async function register(ports: Ports, input: StartBakeInput): Promise<void> {
  await decideAgain(ports.clock, async () => {
    const state = await ports.ledger.environment(input.environment);
    if (!ownsLock(state, input)) throw new Conflict(`release ${input.release} does not hold ${input.environment}, so there is nothing of it to bake`);
    const after = withBake(state, input, ports.clock.now());
    if (after !== state) await ports.ledger.commit({ put: [after], audit: [] });
  });
}

export const handler = task(startBake, { ledger, alarms });
