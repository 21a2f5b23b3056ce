import type { AskWatchedInput, StartBakeInput } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import { knownRelease } from '../domain/commands/known';
import { ownsLock } from '../domain/environment';
import { Conflict } from '../domain/errors';
import { arriveWatched } from '../domain/gates/gate-opening';
import { askedNow } from '../domain/health/asked-now';
import { shareOf, withBake } from '../domain/health/bake';
import { toldAtOnce, unlessAlarmed } from '../domain/health/baking';
import { namesOf } from '../domain/health/firing';
import type { Change, EnvironmentState } from '../domain/model';
import type { Ports } from '../domain/ports';
import { firingAgainst } from '../domain/waves/earlier-alarms';
import { alarms, ledger, task } from './wiring';

/**
 * Lets the machine wait: first its token is where an alarm finds it, then the alarms are read. One that fired in between is found
 * by the reading, one that fires later finds the token. Where people are asked, the token is at their gate, too.
 */
export function startBake(ports: Ports) {
  return async (input: StartBakeInput | AskWatchedInput): Promise<void> => {
    const { environment, colour, percent } = input;
    await register(ports, input);
    await decideAgain(ports.clock, async () => {
      const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(environment)]);
      const firing = await firingAgainst(ports, release, environment, state.slots[colour]);
      const told = toldAtOnce({ input, release, state, firing, now: ports.clock.now(), asked: await askedNow(ports, state) });
      if (told) await ports.ledger.commit(told);
      const about = { release: input.release, environment, slot: colour, percent: shareOf(state, { colour, percent }), firing: namesOf(firing) };
      const what = 'asks' in input ? input.asks : 'bake';
      ports.log.info(told ? `${what} ended at once` : `${what} started`, about);
    });
  };
}

async function register(ports: Ports, input: StartBakeInput | AskWatchedInput): Promise<void> {
  await decideAgain(ports.clock, async () => {
    const state = await ports.ledger.environment(input.environment);
    if (!ownsLock(state, input)) throw new Conflict(`release ${input.release} does not hold ${input.environment}, so there is nothing of it to bake`);
    const change = 'asks' in input ? await asking(ports, input, state) : baking(state, withBake(state, input, ports.clock.now()));
    if (change.put.length > 0 || change.deliver) await ports.ledger.commit(change);
  });
}

function baking(state: EnvironmentState, after: EnvironmentState): Change {
  return { put: after === state ? [] : [after], audit: [] };
}

async function asking(ports: Ports, input: AskWatchedInput, state: EnvironmentState): Promise<Change> {
  const { release: version, environment, asks, colour } = input;
  const [release, stored] = await Promise.all([knownRelease(ports, version), ports.ledger.gate(version, environment, asks)]);
  const now = ports.clock.now();
  const change = arriveWatched({ input, release, state, stored, now });
  if (change.put.length > 0 || !change.deliver) return change;
  const firing = await firingAgainst(ports, release, environment, state.slots[colour]);
  return unlessAlarmed(change, { input, state, firing, now });
}

export const handler = task(startBake, { ledger, alarms });
