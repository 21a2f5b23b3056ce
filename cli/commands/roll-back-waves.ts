import type { EnvironmentView, RollBackView } from '../../lambda/contract';
import type { HubApi } from '../hub/hub-api';
import type { Surroundings } from '../surroundings';
import { isNotDone, orWhyNot } from './each-wave';
import { rollBackAndLook } from './roll-back-and-look';

/** A wave that was not rolled back, and why not. */
interface NotRolledBack {
  readonly outcome: 'left' | 'refused';
  readonly environment: EnvironmentView;
  readonly why: string;
}

/** What became of each wave, in the order in which they were asked for. */
export interface WavesRolledBack {
  readonly waves: string;
  /** The version that is taken out. */
  readonly version: string;
  readonly environments: readonly (RollBackView | NotRolledBack)[];
}

/**
 * Rolls back all waves that have what the first of them has, newest first. One that has another version is left: it would lose what it is to keep. One that
 * cannot go back does not keep the others.
 */
export async function rollBackWaves(
  hub: HubApi,
  waves: string,
  environments: readonly EnvironmentView[],
  reason: string,
  surroundings: Surroundings,
): Promise<WavesRolledBack> {
  const version = takenOut(environments);
  const done: (RollBackView | NotRolledBack)[] = [];
  for (const environment of [...environments].reverse()) {
    if (version === undefined || ![hadLast(environment), environment.lockedBy].includes(version)) {
      done.push({ outcome: 'left', environment, why: `live is ${environment.live?.version ?? 'nothing'}` });
      continue;
    }
    done.push(await asked(hub, environment, reason, surroundings));
  }
  return { waves, version: version ?? '', environments: done };
}

/** What is on its way through them, or is live in the first one; where that was rolled back already, what it was rolled back from. */
function takenOut([first]: readonly EnvironmentView[]): string | undefined {
  return first && (first.lockedBy ?? hadLast(first));
}

function hadLast({ previous, live }: EnvironmentView): string | undefined {
  return previous?.rolledBack ? previous.version : live?.version;
}

async function asked(hub: HubApi, environment: EnvironmentView, reason: string, surroundings: Surroundings): Promise<RollBackView | NotRolledBack> {
  const answer = await orWhyNot(environment.environment, (each) => rollBackAndLook(hub, each, reason, surroundings));
  if (!isNotDone(answer)) return answer;
  // It has no traffic there: where it goes back in another wave, it stops in this one.
  return { outcome: answer.code === 'NotShifted' ? 'left' : 'refused', environment, why: answer.why };
}
