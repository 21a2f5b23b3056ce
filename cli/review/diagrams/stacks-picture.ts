import { FONT, label, quoted, wrapped } from './graphviz';
import { LOOKS } from './palette';
import type { StackBox, StackPicture } from './stacks';

/** In Graphviz's language: a frame for each account and region, one in it for each environment. */
export function stacksDot({ boxes, arrows }: StackPicture, title: string): string {
  return [
    `digraph ${quoted(title)} {`,
    `  graph [rankdir=LR, nodesep=0.25, ranksep=0.9, fontname="${FONT}", fontsize=12, bgcolor="transparent", margin=0];`,
    `  node [shape=box, style="filled,rounded", fontname="${FONT}", fontsize=11, margin="0.24,0.08"];`,
    `  edge [fontname="${FONT}", fontsize=10, arrowsize=0.7, color="${LOOKS.other.frame}"];`,
    `  people [shape=plaintext, style="", label="pipeline and people"];`,
    `  users [shape=plaintext, style="", label="users and testers"];`,
    '  { rank=same; people; users; }',
    ...places(boxes).flatMap(({ name, within }, index) => [
      `  subgraph cluster_${index} { label=${quoted(name)}; style="rounded,dashed"; color="${LOOKS.other.frame}";`,
      // Graphviz puts what comes first to the bottom here.
      ...environments(within)
        .reverse()
        .flatMap(({ environment, stacks }, inner) =>
          environment === undefined
            ? stacks.map(node)
            : [
                `    subgraph cluster_${index}_${inner} { label=${quoted(environment)}; style="rounded,filled"; color="#c9d1d9"; fillcolor="#f7f8fa";`,
                ...stacks.map(node),
                '    }',
              ],
        ),
      '  }',
    ]),
    ...arrows.map(({ from, to, words, traffic }) => {
      const text = words === '' ? '' : `, label=${quoted(` ${words} `)}`;
      return `  ${from} -> ${to} [${traffic ? `penwidth=2.2, color="${LOOKS.happy.frame}"` : 'style=dashed'}${words === 'alarms' ? ', constraint=false' : ''}${text}];`;
    }),
    '}',
  ].join('\n');
}

function node({ id, stack, content }: StackBox): string {
  const look = { hub: LOOKS.safetyNet, frontDoor: LOOKS.happy, slot: LOOKS.other, shared: LOOKS.stop, alarms: LOOKS.safetyNet, beside: LOOKS.other }[
    stack.kind
  ];
  const lines = [`<b>${label(stack.stackName)}</b>`, ...wrapped(content.join(', '), 44).map((line) => `<font point-size="10">${label(line)}</font>`)];
  return `      ${id} [label=<${lines.join('<br/>')}>, fillcolor="${look.fill}", color="${look.frame}"];`;
}

interface Within {
  readonly name: string;
  readonly within: readonly StackBox[];
}

function places(boxes: readonly StackBox[]): Within[] {
  const nameOf = ({ stack }: StackBox) => `account ${stack.account}, ${stack.region}`;
  return [...new Set(boxes.map(nameOf))].map((name) => ({ name, within: boxes.filter((box) => nameOf(box) === name) }));
}

function environments(boxes: readonly StackBox[]) {
  const names = [...new Set(boxes.map(({ stack }) => stack.environment))];
  return names.map((environment) => ({ environment, stacks: boxes.filter(({ stack }) => stack.environment === environment) }));
}

/** The same for Mermaid. */
export function stacksMermaid({ boxes, arrows }: StackPicture): string {
  const words = (content: string) => content.replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;');
  const box = ({ id, stack, content }: StackBox) => `    ${id}["${words(stack.stackName)}<br/>${words(content.join(', '))}"]`;
  return [
    'flowchart LR',
    '  people(["pipeline and people"])',
    '  users(["users and testers"])',
    ...places(boxes).flatMap(({ name, within }, index) => [
      `  subgraph p${index}["${words(name)}"]`,
      ...environments(within).flatMap(({ environment, stacks }, inner) =>
        environment === undefined ? stacks.map(box) : [`    subgraph p${index}e${inner}["${words(environment)}"]`, ...stacks.map(box), '    end'],
      ),
      '  end',
    ]),
    ...arrows.map(({ from, to, words: says, traffic }) => `  ${from} ${traffic ? '==>' : '-.->'}${says === '' ? '' : `|${words(says)}|`} ${to}`),
    '',
  ].join('\n');
}
