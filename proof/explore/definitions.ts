import type { Definitions } from '../machines/definition';
import { synthesizedFor } from '../machines/synthesized';
import { PLANS } from './path';

/** The state machines of the path, as they are synthesized. */
export function definitionsOfThePath(): Definitions {
  process.env.CDK_VALIDATION ??= 'false';
  return synthesizedFor(PLANS);
}
