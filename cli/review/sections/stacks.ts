import type { Draw } from '../diagrams/graphviz';
import { contentOf, stackPicture } from '../diagrams/stacks';
import { stacksDot, stacksMermaid } from '../diagrams/stacks-picture';
import { type Section, table, text } from '../document/document';
import type { Facts } from '../facts/facts';
import type { StackKind } from '../read/reviewed-path';

const KINDS: Readonly<Record<StackKind, readonly [what: string, why: string]>> = {
  hub: ['hub', 'ledger, state machines, API: everything that decides'],
  frontDoor: ['front door', 'where requests come in, the live rule, and the roles by which the hub acts here'],
  shared: ['shared state', 'tables, queues, buckets that outlive releases: all versions use them'],
  slot: ['slot', 'one version, replaced by releases'],
  alarms: ['alarm subscriptions', 'the hub’s function may be called by the alarms of the environments, which end bakes and raise tickets'],
  beside: ['beside the path', 'of the same app, and no part of the path'],
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
        ['stack', 'what it is', 'what for', 'account and region', 'what is in it', 'deployed by', 'after'],
        stacks.map((stack) => [
          stack.stackName,
          [KINDS[stack.kind][0], ...(stack.environment === undefined ? [] : [`of ${stack.environment}`])].join(' '),
          KINDS[stack.kind][1],
          `${stack.account}, ${stack.region}`,
          contentOf(stack).join(', '),
          stack.kind === 'slot' ? 'releases' : 'cdk deploy',
          stack.after.length === 0 ? '' : stack.after.join(', '),
        ]),
      ),
    ],
  };
}
