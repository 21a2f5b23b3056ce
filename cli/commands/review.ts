import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { withAssembly } from '../assembly/prepare';
import { readPrices } from '../review/cost/prices';
import { readReviewedPath } from '../review/read/reviewed-path';
import { review } from '../review/review';
import { requireFree, writeReview } from '../review/write-review';
import { UserError } from '../user-error';
import { type CommandContext, type CommonOptions, ptlCommand, respond } from './command';
import { contextPair } from './release-options';

interface ReviewOptions extends CommonOptions {
  readonly assembly?: string;
  readonly app?: string;
  readonly context: readonly string[];
  readonly output: string;
  readonly prices?: string;
  readonly requestsPerSecond: number;
}

/** `ptl review`: what an architect asks of a path, as a folder, from the assembly alone. */
export function reviewCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'review',
    summary: 'write what an architect asks: pictures, proof, permissions, cost',
    about:
      'Write a folder for whoever reviews the path: its stacks and state machines as pictures, the proof that every path after a shift ends in Accept or Roll back, who can do what, ' +
      'every opt-out with its reason, public endpoints, data and keys, sizes, and cost. From the assembly alone: no account is asked, and the same assembly makes the same bytes.',
    examples: ['ptl review', 'ptl review --assembly cdk.out --output docs/review', 'ptl review --requests-per-second 50 --prices our-prices.json'],
    next: ['open review/index.html   or read review/review.md; review.json is for programs'],
    words: ['path to live', 'slot', 'roll back'],
    asksHub: false,
    exitCodes: EXIT_CODES,
  })
    .addOption(new Option('--assembly <directory>', 'a ready assembly').conflicts(['app', 'context']))
    .option('--app <command>', 'command that runs the CDK app (default: what cdk.json says)')
    .addOption(new Option('-c, --context <key=value>', 'context for the CDK app; repeatable').argParser(contextPair).default([], 'none'))
    .option('--output <folder>', 'where to; an earlier review there is replaced', 'review')
    .option('--prices <file>', 'prices and assumptions of yours, in the form of cli/review/cost/eu-west-2.json')
    .addOption(new Option('--requests-per-second <n>', 'also what so many requests cost in the last environment').argParser(rate).default(0, 'none'))
    .action((options: ReviewOptions) => run(options, context));
}

const EXIT_CODES = `
Exit codes:
  0  written
  1  not written, or written and the proof does not hold: the message says which`;

function rate(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('It must be a number, 0 or more.');
  return value;
}

async function run(options: ReviewOptions, context: CommandContext): Promise<void> {
  const { surroundings } = context;
  const output = resolve(surroundings.directory, options.output);
  await requireFree(output);
  const prices = await readPrices(options.prices === undefined ? undefined : resolve(surroundings.directory, options.prices));
  const { facts, attention, files } = await withAssembly(options, surroundings, async (directory) =>
    review(await readReviewedPath(directory, options.path ?? surroundings.env.PTL_PATH), prices, options.requestsPerSecond),
  );
  await writeReview(output, files);
  const problems = facts.proofs.flatMap(({ environment, proof }) => proof.problems.map((problem) => `${environment}: ${problem}`));
  if (problems.length > 0) {
    throw new UserError(
      'ProofFails',
      `the review is in ${output}, and the proof does not hold: ${problems.join('; ')}. Releases may end with traffic on a version that nobody accepted; change the workflow`,
    );
  }
  const written = { output, files: Object.keys(files).sort(), attention };
  respond(context, options, written, [
    `Review of ${facts.reviewed.path} in ${output}: open index.html, or read review.md`,
    ...attention.map(({ text }) => `  look here: ${text}`),
  ]);
}
