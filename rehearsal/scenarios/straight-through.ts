import { Problem } from '../problem';
import { VERSIONS } from '../services';
import type { Told, World } from '../world';
import { fromSource } from './build';
import { EXIT, runPipelineWithGo, told } from './release';

/** 1.0.0 needs no firebreak: through every environment, one question at the end. */
export async function straightThrough(world: World): Promise<Told> {
  const version = VERSIONS.first;
  world.narrator.chapter(`${version} goes straight through`);
  const began = Date.now();
  const run = await runPipelineWithGo(world, { build: fromSource(world, version), options: ['--wait-for-people'] });
  const states = run.document.release.environments.map(({ environment, state }) => `${environment} ${state}`).join(', ');
  const kept = run.exitCode === EXIT.live && run.document.release.environments.every(({ state }) => state === 'live');
  world.promises.check(`${version} goes through every environment without a firebreak`, kept, states);
  if (!kept)
    throw new Problem(`${version} was to go live everywhere, and what comes next builds on that: ${run.document.now}. The lines of ptl above say why.`);
  world.narrator.say(`${version} is live everywhere; the pipeline's job ended with exit code ${run.exitCode}.`);
  return told(version, began, run.document);
}
