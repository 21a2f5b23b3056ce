import type { Definitions } from '../machines/definition';
import { synthesizedFor } from '../machines/synthesized';
import { plansOf } from './path';
import type { Bounds } from './search/bounds';

/** The state machines of the path, as they are synthesized. */
export function definitionsOfThePath({ waves, order }: Pick<Bounds, 'waves' | 'order'> = {}): Definitions {
  process.env.CDK_VALIDATION ??= 'false';
  return synthesizedFor(plansOf(order, waves));
}
