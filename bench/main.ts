/**
 * `npm run bench`: what synthesis, the handlers and a release cost, beside what is aimed at. Figures, not a test: see options.ts for how to run it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureBundles } from './bundles/measure';
import { bundlesSection } from './bundles/section';
import { describeMachine, LoadWatch } from './machine';
import { type Options, readOptions } from './options';
import { rehearse } from './rehearsal/measure';
import { rehearsalSection } from './rehearsal/section';
import { measureReview } from './review/measure';
import { reviewSection } from './review/section';
import { asMarkdown, asText, type Section } from './section';
import { examplesSection, measureExamples } from './synth/examples';
import { measureSynth } from './synth/measure';
import { synthSection } from './synth/section';
import { measureTransitions } from './transitions/measure';
import { transitionsSection } from './transitions/section';

const FIGURES = join(__dirname, '..', 'docs', 'figures.md');

/** Progress; standard output is for the figures. */
const tell = (line: string) => console.error(`... ${line}`);

async function bench({ runs, rehearsal, write }: Options): Promise<void> {
  const machine = describeMachine();
  console.log(machine);
  const watch = new LoadWatch();
  const sections: Section[] = [];
  const add = (section: Section) => {
    sections.push(section);
    console.log(asText(section));
  };
  add(synthSection(await measureSynth(runs, tell)));
  add(examplesSection(await measureExamples(runs, tell)));
  add(bundlesSection(await measureBundles(runs, tell)));
  add(reviewSection(await measureReview(runs, tell)));
  const load = watch.stop();
  console.log(`\n${load}`);
  add(transitionsSection(await measureTransitions(tell)));
  if (rehearsal) add(rehearsalSection(await rehearse(tell)));
  if (!write) return;
  const how = `\`npm run bench -- --write\` writes this file. Each figure is the median of ${runs} runs, but for the rehearsal, which is one.`;
  writeFileSync(FIGURES, `${['# Figures', how, machine, load, ...sections.map(asMarkdown)].join('\n\n')}\n`);
  console.log('\nWritten to docs/figures.md.');
}

const options = readOptions();
if (options !== undefined) {
  bench(options).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
