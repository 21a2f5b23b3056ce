import { setTimeout as wait } from 'node:timers/promises';
import type { ReleaseView } from '../../lambda/contract';
import { act, ptl } from '../people/ptl';
import { Problem } from '../problem';
import type { Told, World } from '../world';
import type { Build } from './build';

/** `ptl` looks every five seconds at the latest; one that follows a release again may have no such line, and nobody waits for it. */
const TOLD_WITHIN_MS = 7000;

/** What `ptl release --json` prints, as far as the story reads it. */
export interface ReleaseDocument {
  readonly outcome: string;
  readonly exitCode: number;
  readonly now: string;
  readonly release: ReleaseView;
}

/** Exit codes of `ptl release`, as its help has them. */
export const EXIT = { live: 0, error: 1, rolledBack: 3, waitingForPeople: 4 } as const;

/** What the pipeline runs `ptl release` with. */
export interface PipelineRun {
  readonly build: Build;
  /** Further options, for example `--alters-schema`. */
  readonly options?: readonly string[];
}

/**
 * The pipeline runs `ptl release`; what that says while it runs is part of the story.
 *
 * @param onLine told of each line, once it is
 */
export async function runPipeline({ root, path, people, narrator }: World, { build, options = [] }: PipelineRun, onLine?: (line: string) => void) {
  const { version } = build;
  narrator.say(`The pipeline runs: ptl ${['release', version, ...build.shown, ...options].join(' ')}`);
  const args = ['release', version, ...build.options, ...options];
  const run = await ptl<ReleaseDocument>(root, people.pipeline, path, args, (line) => {
    narrator.show([`            ptl: ${line}`]);
    onLine?.(line);
  });
  if (run.exitCode === EXIT.error) throw new Problem(`The pipeline could not submit or follow ${version}; ptl said why, above.`);
  return run;
}

/**
 * The same while the change authority is there to say go.
 *
 * @throws Problem when the release ends before it asks for a go
 */
export async function runPipelineWithGo(world: World, pipeline: PipelineRun) {
  const { version } = pipeline.build;
  let told: () => void = () => undefined;
  const toldOfGoNoGo = new Promise<void>((resolve) => {
    told = resolve;
  });
  const run = runPipeline(world, pipeline, (line) => {
    if (line.includes('go/no-go, waits for')) told();
  });
  let asked = false;
  const go = sayGo(world, version, toldOfGoNoGo, () => {
    asked = true;
  });
  // Whichever fails first ends the story; the other's failure after that is no news.
  for (const each of [run, go]) each.catch(() => undefined);
  const first = await Promise.race([run, go]);
  if (first !== undefined && !asked) {
    throw new Problem(`${version} ended before anybody was asked for a go: ${first.document.now}`);
  }
  // The release may have gone on, and ended, before the command that said go has.
  await go;
  return run;
}

/** The change authority says go as soon as the go/no-go asks, and the pipeline's job, which looks now and then, has said that it does. */
async function sayGo({ hub, production, people, path, root, narrator }: World, version: string, told: Promise<void>, asked: () => void): Promise<void> {
  await hub.until(`${version} waits at the go/no-go of ${production.environment}`, ({ openGates }) =>
    openGates.some((gate) => gate.release === version && gate.gate === 'goNoGo' && gate.status === 'open'),
  );
  asked();
  await Promise.race([told, wait(TOLD_WITHIN_MS, undefined, { ref: false })]);
  narrator.say(`${people.changeAuthority.name} looks at the evidence and accepts: ptl accept ${production.environment}`);
  await act(root, people.changeAuthority, path, ['accept', production.environment, '--reason', 'tests are green, nothing else is planned tonight']);
}

export function told(version: string, began: number, { release }: ReleaseDocument): Told {
  return { version, began, ended: Date.now(), release };
}
