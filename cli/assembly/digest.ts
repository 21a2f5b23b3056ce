import { createHash } from 'node:crypto';
import type { Bundle } from '../../lambda/contract';

/**
 * What a release is identified by, computed where the files are: the hub computes it again over what it was sent, so a bundle that changed
 * on the way is refused. SHA-256 over `[[stackName, templateHash, [assetHash, …]], …]`, sorted; where the files were published to is no part of it.
 */
export function digestOf(bundle: Bundle): string {
  const stacks = bundle.stacks.map((stack) => [stack.stackName, stack.template.hash, [...new Set(stack.assets.map((file) => file.hash))].sort()] as const);
  const sorted = stacks.sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}
