import { machinesOf } from '../../test/workflow/machines';
import type { DefinitionJson } from './engine/definition';
import { PATHS, type Synthesized } from './world/path';

/** The machines that releases go through, as the hub of each path is synthesized with. */
export function synthesized(paths: typeof PATHS = PATHS): Synthesized {
  const all = paths.map(({ name, plans }) => {
    const machines = Object.entries(machinesOf(plans)) as unknown as [string, DefinitionJson][];
    return [name, Object.fromEntries(machines.filter(([machine]) => !/-(submit|retire)$/.test(machine)))] as const;
  });
  return Object.fromEntries(all);
}
