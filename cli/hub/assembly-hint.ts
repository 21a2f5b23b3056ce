import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { choosePath } from '../assembly/choose-release';
import { readAssembly } from '../assembly/read-assembly';
import type { Surroundings } from '../surroundings';
import { UserError } from '../user-error';

/** What an assembly says of a path and its hub. */
export interface HubHint {
  readonly path: string;
  /** Absent where the hub belongs to another app. */
  readonly account?: string;
  readonly region?: string;
}

/**
 * The path that is meant, as the `cdk.out` of the directory has it: the one named, else the only one.
 *
 * @returns undefined when it has no path of that name: one that is named need not be in it
 * @throws UserError when none is named, and it has none or several
 */
export async function hubOfAssembly({ directory }: Surroundings, named: string | undefined): Promise<HubHint | undefined> {
  const assembly = join(directory, 'cdk.out');
  const paths = existsSync(join(assembly, 'manifest.json')) ? await readAssembly(assembly) : [];
  if (named !== undefined && !paths.some(({ path }) => path === named)) return undefined;
  if (paths.length === 0) {
    if (existsSync(join(directory, 'cdk.json')) && !existsSync(assembly)) {
      throw new UserError(
        'NoPath',
        "there is no cdk.out here to read the path to live from: run cdk synth '**', or name the path with --path <name> or PTL_PATH",
      );
    }
    throw new UserError(
      'NoPath',
      'ptl does not know which path to live you mean; name it with --path <name> or the environment variable PTL_PATH, or run ptl where the CDK app and its cdk.out are',
    );
  }
  const { path, hub } = choosePath(paths, named);
  return { path, account: hub?.account, region: hub?.region };
}
