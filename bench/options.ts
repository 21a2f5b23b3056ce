import { parseArgs } from 'node:util';

const HELP = `npm run bench [-- options]

Measures synthesis beside the same resources written by hand, the handlers' bundles and their cold starts, a review, the transitions of each feature, and
one rehearsal, and prints the figures beside what is aimed at. It measures, it does not judge: a figure over its aim is marked, and does not fail.

  --runs <n>       how often each is measured; the middle one counts (5)
  --no-rehearsal   leave the rehearsal out: it takes three minutes, needs Python, and a network the first time
  --write          write the figures to docs/figures.md as well
  --help           this text

Close everything else first: five minutes on two quiet cores, and the rehearsal.`;

export interface Options {
  readonly runs: number;
  readonly rehearsal: boolean;
  readonly write: boolean;
}

/** @returns undefined when there is nothing to do but what has been printed */
export function readOptions(): Options | undefined {
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, 'no-rehearsal': flag, write: flag, help: flag } });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs is ${JSON.stringify(values.runs)}; give a whole number of at least 1`);
  return { runs, rehearsal: !values['no-rehearsal'], write: values.write ?? false };
}
