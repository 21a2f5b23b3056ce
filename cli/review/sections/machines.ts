import type { Draw } from '../diagrams/graphviz';
import { boxesOf } from '../diagrams/machine-boxes';
import { machineDot, machineMermaid } from '../diagrams/machine-picture';
import { type FigureBlock, type Section, text } from '../document/document';
import type { Facts } from '../facts/facts';
import { Graph } from '../machines/graph';
import type { Machine } from '../machines/machines';

/** The state machines as pictures. */
export function machinesSection({ machines }: Facts, draw: Draw): Section {
  return {
    id: 'machines',
    title: 'State machines',
    blocks: [
      text(
        'A box is a step: the task in bold, the states in its branches, the question about its answer in italics. Green boxes with thick arrows are the way of a release that nothing is ' +
          'wrong with. Yellow is stopping, red is rolling back, purple the safety net; ends have a double frame. “Error” is any error or time-out after all its retries, “otherwise” any answer but the expected one.',
      ),
      ...machines.map((machine) => figure(machine, draw)),
    ],
  };
}

function figure(machine: Machine, draw: Draw): FigureBlock {
  const { name, kind, environment, definition } = machine;
  const title = { path: `The path: ${name}`, environment: `Through ${environment}: ${name}`, other: `Beside them: ${name}` }[kind];
  const boxes = boxesOf(machine);
  return {
    kind: 'figure',
    file: `machine-${name}`,
    title,
    description: `${title}. When nothing is wrong it goes: ${new Graph(definition).straight.join('; ')}.`,
    svg: draw(machineDot(boxes, title)),
    mermaid: machineMermaid(boxes),
  };
}
