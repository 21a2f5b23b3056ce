import type { BundleFile, EnvironmentPlan } from '../../contract';
import type { Bundles } from '../ports';
import { sealKey } from './release';

/** ETag of each file as it is right now, by the name a release's seals give it; undefined when it is not there. */
export async function currentSeals(bundles: Bundles, plan: EnvironmentPlan, files: readonly BundleFile[]): Promise<Record<string, string | undefined>> {
  return Object.fromEntries(await Promise.all(files.map(async (file) => [sealKey(file), await bundles.seal(plan, file)])));
}
