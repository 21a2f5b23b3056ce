import type { ReleaseView } from '../../lambda/contract';
import { act, ptl } from '../people/ptl';
import { Problem } from '../problem';
import { writeService } from '../services';
import type { Told, World } from '../world';
import { BAKE_SECONDS } from './platform';

/** What `ptl release --json` prints, as far as the story reads it. */
export interface ReleaseDocument {
  readonly outcome: string;
  readonly exitCode: number;
  readonly now: string;
  readonly release: ReleaseView;
}

/** Exit codes of `ptl release`, as its help has them. */
export const EXIT = { live: 0, error: 1, rolledBack: 3, waitingForPeople: 4 } as const;

export interface ReleaseOptions {
  /** Environment in which this version's payments fail. */
  readonly failsIn?: string;
  /** Options of `ptl release`, for example `--alters-schema`. */
  readonly options?: readonly string[];
}

/** The pipeline builds a version and runs `ptl release`; what that says while it runs is part of the story. */
export async function runPipeline(world: World, version: string, { failsIn, options = [] }: ReleaseOptions = {}) {
  const { root, state, path, people, narrator } = world;
  const service = writeService(root, state, version, failsIn);
  const shown = ['release', version, ...options];
  narrator.say(`The pipeline runs: ptl ${shown.join(' ')}`);
  const args = [...shown, '--context', `service=${service}`, '--context', `bakeSeconds=${BAKE_SECONDS}`];
  const run = await ptl<ReleaseDocument>(root, people.pipeline, path, args, (line) => narrator.show([`            ptl: ${line}`]));
  if (run.exitCode === EXIT.error) throw new Problem(`The pipeline could not submit or follow ${version}; ptl said why, above.`);
  return run;
}

/** The change authority says go as soon as the go/no-go asks. */
export async function sayGo({ hub, production, people, path, root, narrator }: World, version: string): Promise<void> {
  await hub.until(`${version} waits at the go/no-go of ${production.environment}`, ({ openGates }) =>
    openGates.some((gate) => gate.release === version && gate.gate === 'goNoGo' && gate.status === 'open'),
  );
  narrator.say(`${people.changeAuthority.name} looks at the evidence and accepts: ptl accept ${production.environment}`);
  await act(root, people.changeAuthority, path, ['accept', production.environment, '--reason', 'tests are green, nothing else is planned tonight']);
}

export function told(version: string, began: number, { release }: ReleaseDocument): Told {
  return { version, began, ended: Date.now(), release };
}
