import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Bundle, HubMetadata } from '../../lambda/contract';
import type { Surroundings } from '../surroundings';
import { bundleOf } from './bundle';
import { choosePath, requireVersion } from './choose-release';
import { digestOf } from './digest';
import { readAssembly } from './read-assembly';
import { type Caller, type StackFiles, stackFiles } from './stack-files';
import { synthesize } from './synthesize';

export interface AssemblyOptions {
  readonly version: string;
  readonly path?: string;
  /**
   * Directory of a ready assembly.
   *
   * @default - the project's app is synthesized for the version, into a directory that is removed afterwards
   */
  readonly assembly?: string;
  readonly app?: string;
  readonly context: readonly string[];
}

/** A release that is ready to be published and submitted. */
export interface PreparedRelease {
  readonly path: string;
  /** Absent where the hub belongs to another app. */
  readonly hub?: HubMetadata;
  readonly files: readonly StackFiles[];
  readonly bundle: Bundle;
  readonly digest: string;
}

/**
 * Gives `use` the release that an assembly holds for a version; a synthesized one lasts as long as `use` does.
 *
 * @param callerIn who the caller is, asked in the region of the hub where the assembly has one
 */
export function withRelease<T>(
  options: AssemblyOptions,
  surroundings: Surroundings,
  callerIn: (hubRegion: string | undefined) => Caller,
  use: (release: PreparedRelease) => Promise<T>,
): Promise<T> {
  return withAssembly(options, surroundings, async (directory) => use(await prepare(directory, options, surroundings, callerIn)));
}

/** Gives `use` the directory of an assembly: the ready one, or one that is synthesized for the version and lasts as long as `use` does. */
export async function withAssembly<T>(
  options: Pick<AssemblyOptions, 'assembly' | 'app' | 'context'> & { readonly version?: string },
  { directory: project, env, say }: Surroundings,
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const { assembly, version, context, app } = options;
  if (assembly !== undefined) return use(resolve(project, assembly));
  const output = await mkdtemp(join(tmpdir(), 'ptl-'));
  try {
    say(`Synthesizing ${version ?? 'the app'} …`);
    await synthesize({ version, project, output, context, app, env });
    return await use(output);
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

async function prepare(
  directory: string,
  { version, path: wanted }: AssemblyOptions,
  { env }: Surroundings,
  callerIn: (hubRegion: string | undefined) => Caller,
): Promise<PreparedRelease> {
  const chosen = choosePath(await readAssembly(directory), wanted ?? (env.PTL_PATH || undefined));
  requireVersion(chosen, version);
  const caller = callerIn(chosen.hub?.region);
  const slots = await Promise.all(chosen.slots.map(async ({ slot, stack }) => ({ slot, files: await stackFiles(stack, caller) })));
  const bundle = bundleOf(slots);
  return { path: chosen.path, hub: chosen.hub, files: slots.map(({ files }) => files), bundle, digest: digestOf(bundle) };
}
