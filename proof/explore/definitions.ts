import type { Definitions } from '../machines/definition';
import { synthesizedFor } from '../machines/synthesized';
import { IN_WAVES, PLANS } from './path';
import type { Bounds } from './search/bounds';

/** The state machines of the path, as they are synthesized. */
export function definitionsOfThePath({ waves }: Pick<Bounds, 'waves'> = {}): Definitions {
  process.env.CDK_VALIDATION ??= 'false';
  return synthesizedFor(waves ? IN_WAVES : PLANS);
}
