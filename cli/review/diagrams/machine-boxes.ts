import { type Edge, Graph } from '../machines/graph';
import type { Machine } from '../machines/machines';
import type { Look } from './palette';

/** A box of a picture: a state, with the question about its answer where there is one. */
export interface Box {
  readonly id: string;
  /** Names of its states, first to last: a task and its question. */
  readonly states: readonly string[];
  /** Names of the states in its branches. */
  readonly inside: readonly string[];
  readonly look: Look;
  readonly ends: boolean;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** For example `error`, `otherwise`; empty: it simply goes on. */
  readonly words: string;
  /** Whether it is the way of a release that nothing is wrong with. */
  readonly happy: boolean;
  readonly look: Look;
}

export interface MachineBoxes {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/**
 * A machine as boxes and arrows. A task and the question about its answer are one box: they are one step to whoever reads, and half the picture.
 */
export function boxesOf({ definition, actOf }: Pick<Machine, 'definition' | 'actOf'>): MachineBoxes {
  const graph = new Graph(definition);
  const straight = new Set(graph.straight);
  const heads = headsOf(graph);
  const looks = looksOf(graph, straight, actOf);
  const members = new Map<string, string[]>();
  for (const name of graph.names) members.set(heads.get(name) ?? name, [...(members.get(heads.get(name) ?? name) ?? []), name]);
  const ids = new Map([...members.keys()].map((head, index) => [head, `s${index}`]));
  const boxes = [...members.entries()].map(([head, states]) => ({
    id: ids.get(head) as string,
    states: [head, ...states.filter((name) => name !== head)],
    inside: (graph.state(head).Branches ?? []).flatMap((branch) => Object.keys(branch.States)),
    look: looks(head),
    ends: states.some((name) => graph.isEnd(name)),
  }));
  const box = (name: string) => ids.get(heads.get(name) ?? name) as string;
  const arrows = new Map<string, Arrow>();
  for (const { from, to, kind } of graph.edges) {
    const [start, end] = [box(from), box(to)];
    // From a task to its own question.
    if (kind === 'next' && heads.get(to) === from) continue;
    const happy = (kind === 'next' || kind === 'default') && straight.has(from) && straight.has(to);
    const words = wordsOf(graph, { from, to, kind }, straight.has(to), start === end);
    const key = `${start} ${end} ${happy}`;
    const sofar = arrows.get(key);
    const all = [...new Set([...(sofar?.words.split(', ') ?? []), words])].filter((word) => word !== '').join(', ');
    arrows.set(key, { from: start, to: end, words: all, happy, look: happy ? 'happy' : looks(heads.get(to) ?? to) });
  }
  return { boxes, arrows: [...arrows.values()] };
}

/** What must have happened for a release to go this way. */
function wordsOf(graph: Graph, { from, to, kind }: Pick<Edge, 'from' | 'to' | 'kind'>, towardsTheEnd: boolean, again: boolean): string {
  if (kind === 'rule') return again ? 'not done: again' : towardsTheEnd ? 'nothing left to do' : 'otherwise';
  if (kind !== 'catch') return '';
  const caught = (graph.state(from).Catch ?? []).filter(({ Next }) => Next === to).flatMap(({ ErrorEquals }) => ErrorEquals);
  return caught.every((error) => error === 'States.Timeout') ? 'nothing happened in time' : 'error';
}

/** Question -> the task it is about: it is what comes next, and comes after nothing else. */
function headsOf(graph: Graph): Map<string, string> {
  const heads = new Map<string, string>();
  for (const name of graph.names) {
    const { Type, Next } = graph.state(name);
    if ((Type !== 'Task' && Type !== 'Parallel') || Next === undefined || graph.state(Next).Type !== 'Choice') continue;
    if (graph.edges.filter(({ to }) => to === Next).every(({ from }) => from === name)) heads.set(Next, name);
  }
  return heads;
}

function looksOf(graph: Graph, straight: ReadonlySet<string>, actOf: Machine['actOf']): (name: string) => Look {
  const rollBacks = graph.names.filter((name) => actOf(name) === 'rollBack');
  const behindRollBack = graph.reachable(rollBacks);
  const beforeRollBack = graph.reachable([graph.definition.StartAt], rollBacks);
  return (name) => {
    if (straight.has(name)) return 'happy';
    if (graph.state(name).Type === 'Fail') return 'safetyNet';
    if (rollBacks.includes(name) || (behindRollBack.has(name) && !beforeRollBack.has(name))) return 'rollBack';
    return 'stop';
  };
}
