import type { Graph } from './graph';

/**
 * How often the states of a circle are entered at most. A circle must count: a Choice of it compares, in its first rule, a variable that a task of
 * it counts up.
 *
 * @param choice a Choice that lies on the circle
 * @returns undefined when it does not count
 */
export function roundsOf(graph: Graph, choice: string): number | undefined {
  const [, counted, most] = /\$(\w+) < (\d+)/.exec(graph.state(choice).Choices?.[0]?.Condition ?? '') ?? [];
  const counts = graph.circular.some((other) => counted !== undefined && graph.state(other).Assign?.[counted] === `{% $${counted} + 1 %}`);
  return counts ? Number(most) : undefined;
}

/** The states that can be left and come back to together with this one, itself included; itself alone when it lies on no circle. */
export function circleOf(graph: Graph, name: string): string[] {
  const after = graph.reachable([name]);
  return graph.names.filter((other) => other === name || (after.has(other) && graph.reachable([other]).has(name)));
}
