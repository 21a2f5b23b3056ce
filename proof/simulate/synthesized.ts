import { synthesizedFor } from '../machines/synthesized';
import { PATHS, type Synthesized } from './world/path';

/** The machines of each path, by its name. */
export function synthesized(paths: typeof PATHS = PATHS): Synthesized {
  return Object.fromEntries(paths.map(({ name, plans }) => [name, synthesizedFor(plans)]));
}
