import { FONT, label, quoted, wrapped } from './graphviz';
import type { Arrow, Box, MachineBoxes } from './machine-boxes';
import { LOOKS } from './palette';

/** In Graphviz's language. The happy path is one column, with thick arrows; what else may happen is beside it, once. */
export function machineDot({ boxes, arrows }: MachineBoxes, title: string): string {
  return [
    `digraph ${quoted(title)} {`,
    `  graph [rankdir=TB, nodesep=0.35, ranksep=0.32, fontname="${FONT}", bgcolor="transparent", margin=0];`,
    `  node [shape=box, style="filled,rounded", fontname="${FONT}", fontsize=12, margin="0.28,0.08"];`,
    `  edge [fontname="${FONT}", fontsize=10, arrowsize=0.7];`,
    ...boxes.map(node),
    ...arrows.map(edge),
    '}',
  ].join('\n');
}

function node({ id, states, inside, look, ends }: Box): string {
  const { fill, frame, width } = LOOKS[look];
  const [head = '', ...questions] = states;
  const lines = [
    ...wrapped(head, 38).map((line) => `<b>${label(line)}</b>`),
    ...inside.flatMap((name) => wrapped(`· ${name}`, 42)).map((line) => `<font point-size="10">${label(line)}</font>`),
    ...questions.flatMap((name) => wrapped(name, 42)).map((line) => `<i>${label(line)}</i>`),
  ];
  const shape = ends ? ', peripheries=2' : '';
  return `  ${id} [label=<${lines.join('<br/>')}>, fillcolor="${fill}", color="${frame}", penwidth=${width}${shape}];`;
}

function edge({ from, to, words, happy, look }: Arrow): string {
  const { frame } = LOOKS[look];
  const text = words === '' ? '' : `, label=${quoted(` ${words} `)}, fontcolor="${frame}"`;
  return happy
    ? `  ${from} -> ${to} [color="${frame}", penwidth=2.6, weight=100${text}];`
    : `  ${from} -> ${to} [color="${frame}", style=${look === 'safetyNet' ? 'dotted' : 'dashed'}, weight=1${text}];`;
}

/** The same for Mermaid. */
export function machineMermaid({ boxes, arrows }: MachineBoxes): string {
  const looks = Object.entries(LOOKS).map(
    ([look, { fill, frame, width }]) => `  classDef ${look} fill:${fill},stroke:${frame},stroke-width:${width}px,color:#1b1f24`,
  );
  const words = (content: string) => content.replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;');
  const nodes = boxes.map(({ id, states, inside, look, ends }) => {
    const lines = [...states.slice(0, 1), ...inside.map((name) => `· ${name}`), ...states.slice(1)].map(words).join('<br/>');
    return `  ${id}${ends ? `(["${lines}"])` : `["${lines}"]`}:::${look}`;
  });
  const edges = arrows.map(({ from, to, words: says, happy }) => `  ${from} ${happy ? '==>' : '-.->'}${says === '' ? '' : `|${words(says)}|`} ${to}`);
  return ['flowchart TD', ...looks, ...nodes, ...edges, ''].join('\n');
}
