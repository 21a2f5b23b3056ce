import type { Prices } from './cost/prices';
import { graphviz } from './diagrams/graphviz';
import type { Block, Document, FigureBlock } from './document/document';
import { asHtml } from './document/html';
import { asMarkdown } from './document/markdown';
import { type Attention, attentionOf } from './facts/attention';
import { type Facts, factsOf } from './facts/facts';
import type { ReviewedPath } from './read/reviewed-path';
import { reviewData } from './review-data';
import { costSection } from './sections/cost';
import { countsSection } from './sections/counts';
import { dataSection } from './sections/data';
import { endpointsSection } from './sections/endpoints';
import { machinesSection } from './sections/machines';
import { optOutsSection } from './sections/opt-outs';
import { pathSection } from './sections/path';
import { permissionsSection } from './sections/permissions';
import { proofSection } from './sections/proof';
import { stacksSection } from './sections/stacks';
import { summarySection } from './sections/summary';
import type { Files } from './write-review';

/** A review that is ready to be written. */
export interface Review {
  readonly facts: Facts;
  readonly attention: readonly Attention[];
  readonly files: Files;
}

/** Everything an architect asks of a path, from its assembly alone. The same assembly makes the same bytes. */
export async function review(reviewed: ReviewedPath, prices: Prices, requestsPerSecond: number): Promise<Review> {
  const draw = await graphviz();
  const facts = factsOf(reviewed, prices, requestsPerSecond);
  const attention = attentionOf(facts);
  const document: Document = {
    title: `Review of the path to live of ${reviewed.path}`,
    sections: [
      summarySection(facts, attention),
      pathSection(facts),
      stacksSection(facts, draw),
      machinesSection(facts, draw),
      proofSection(facts),
      permissionsSection(facts),
      optOutsSection(facts),
      endpointsSection(facts),
      dataSection(facts),
      countsSection(facts),
      costSection(facts),
    ],
  };
  const figures = document.sections.flatMap(({ blocks }) => blocks).filter((block: Block): block is FigureBlock => block.kind === 'figure');
  return {
    facts,
    attention,
    files: {
      'index.html': asHtml(document),
      'review.md': asMarkdown(document),
      'review.json': `${JSON.stringify(reviewData(facts, attention), null, 2)}\n`,
      ...Object.fromEntries(
        figures.flatMap(({ file, svg, mermaid }) => [
          [`diagrams/${file}.svg`, `${svg}\n`],
          [`diagrams/${file}.mmd`, mermaid],
        ]),
      ),
    },
  };
}
