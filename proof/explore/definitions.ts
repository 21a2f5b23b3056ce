import { machinesOf } from '../../test/workflow/machines';
import type { Definitions } from './engine/definitions';
import { PLANS } from './path';

/** The state machines of the path, as they are synthesized. */
export function definitionsOfThePath(): Definitions {
  process.env.CDK_VALIDATION ??= 'false';
  return machinesOf(PLANS);
}
