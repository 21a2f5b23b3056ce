import { hash } from 'node:crypto';
import type { Bundle } from '../../contract';

/**
 * What a release is identified by: the same templates and assets give the same digest, wherever they were published and in
 * whatever order they are listed.
 *
 * SHA-256, as 64 lower case hex digits, over the UTF-8 bytes of this JSON, written without white space:
 * `[[stackName, templateHash, [assetHash, …]], …]`, stacks sorted by name and asset hashes sorted, both by UTF-16 code unit,
 * each asset hash once. Buckets, keys, regions, environments and colours are left out: the first three say where a copy lies,
 * and the plan ties the last two to the stack's name.
 *
 * Whoever submits a release computes it too (`test/lambda/bundle-digest-vectors.json` holds examples); the hub computes it again
 * and believes only itself.
 */
export function bundleDigest(bundle: Bundle): string {
  const stacks = bundle.stacks
    .map((stack): [string, string, string[]] => [stack.stackName, stack.template.hash, [...new Set(stack.assets.map((asset) => asset.hash))].sort()])
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return hash('sha256', JSON.stringify(stacks));
}
