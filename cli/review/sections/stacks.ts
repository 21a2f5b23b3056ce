import type { Draw } from '../diagrams/graphviz';
import { contentOf, stackPicture } from '../diagrams/stacks';
import { stacksDot, stacksMermaid } from '../diagrams/stacks-picture';
import { type Section, table, text } from '../document/document';
import type { Facts } from '../facts/facts';
import type { StackKind } from '../read/reviewed-path';

const KINDS: Readonly<Record<StackKind, string>> = {
  hub: 'hub',
  frontDoor: 'front door',
  shared: 'shared state',
  slot: 'slot',
  alarms: 'alarm subscriptions',
  beside: 'beside the path',
};

/** Stacks, what is in them, and who calls whom. */
export function stacksSection({ reviewed, reach }: Facts, draw: Draw): Section {
  const picture = stackPicture(reviewed, reach);
  const { path, stacks } = reviewed;
  return {
    id: 'stacks',
    title: 'Stacks',
    blocks: [
      text(
        'Thick arrows are users’ and testers’ requests, dashed ones are calls and the roles that are taken on. A frame is an account and region, one in it an environment.',
      ),
      {
        kind: 'figure',
        file: 'stacks',
        title: `The stacks of ${path}`,
        description: `The stacks of ${path} by account and environment, and who calls whom; the table after it has the same stacks.`,
        svg: draw(stacksDot(picture, `Stacks of ${path}`)),
        mermaid: stacksMermaid(picture),
      },
      table(
        'Stacks, in the order of the path',
        ['stack', 'what it is', 'account and region', 'what is in it', 'deployed by', 'after'],
        stacks.map((stack) => [
          stack.stackName,
          [KINDS[stack.kind], ...(stack.environment === undefined ? [] : [`of ${stack.environment}`])].join(' '),
          `${stack.account}, ${stack.region}`,
          contentOf(stack).join(', '),
          stack.kind === 'slot' ? 'releases' : 'cdk deploy',
          stack.after.length === 0 ? '' : stack.after.join(', '),
        ]),
      ),
    ],
  };
}
