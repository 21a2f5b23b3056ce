import { join, relative } from 'node:path';
import { cdk } from '../emulator/cdk';
import { sourcesOf } from '../services';
import type { World } from '../world';

/** One version, ready to be released. */
export interface Build {
  readonly version: string;
  /** Options of `ptl release` that say what to release. */
  readonly options: readonly string[];
  /** Those of them that belong in the story. */
  readonly shown: readonly string[];
}

/**
 * Writes a version's code; `ptl release` is to synthesize it.
 *
 * @param failsIn environment in which this version's payments fail
 */
export function fromSource({ root, state, context }: World, version: string, failsIn?: string): Build {
  const pairs = [...sourcesOf(root, state, version, failsIn), ...context];
  return { version, options: pairs.flatMap((pair) => ['--context', pair]), shown: [] };
}

/** Writes a version's code and synthesizes it once, for `ptl release` to take as it is, as often as it is run. */
export async function readyAssembly(world: World, version: string): Promise<Build> {
  const { root, state, aws, context } = world;
  const assembly = join(state, 'assemblies', version);
  const pairs = [`release=${version}`, ...sourcesOf(root, state, version), ...context];
  await cdk(root, aws, 'synth', '**', '--quiet', '--output', assembly, ...pairs.flatMap((pair) => ['--context', pair]));
  const options = ['--assembly', relative(root, assembly)];
  return { version, options, shown: options };
}
