import type { Graph } from '../../cli/review/machines/graph';
import { expressionsIn } from './expressions';

/** Variables that are set on every way to a state before it is entered. */
export function definitelyAssigned(graph: Graph): Map<string, Set<string>> {
  const all = new Set(graph.edges.flatMap(({ assigns }) => assigns));
  const known = new Map(graph.names.map((name) => [name, name === graph.definition.StartAt ? new Set<string>() : all]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const { from, to, assigns } of graph.edges) {
      const arriving = new Set([...(known.get(from) ?? []), ...assigns]);
      const before = known.get(to) ?? new Set();
      const after = new Set([...before].filter((variable) => arriving.has(variable)));
      if (after.size < before.size) {
        known.set(to, after);
        changed = true;
      }
    }
  }
  return known;
}

/** Variables that a state's own expressions read. */
export function read(graph: Graph, name: string): Set<string> {
  return new Set(expressionsIn(graph.state(name)).flatMap(({ variables }) => variables));
}
