import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Section } from '../section';
import { temporaryFolder } from '../temporary-folder';
import { middle, type SynthTimes, synthesize } from './measure';
import { type Totals, totalsOf } from './same-resources';

const EXAMPLES = join(__dirname, '..', '..', 'examples');

/** An example to copy, and what its synthesis takes. */
export interface ExampleFigures extends SynthTimes, Totals {
  readonly name: string;
}

/** Every folder of examples/ with an app of its own name. */
function examples(): string[] {
  const app = (name: string) => join(EXAMPLES, name, `${name}.ts`);
  return readdirSync(EXAMPLES).filter((name) => existsSync(app(name)) && /\bnew App\(/.test(readFileSync(app(name), 'utf8')));
}

export async function measureExamples(runs: number, tell: (line: string) => void): Promise<ExampleFigures[]> {
  const folder = temporaryFolder();
  const figures: ExampleFigures[] = [];
  for (const name of examples()) {
    tell(`Synthesis: examples/${name}, ${runs} times`);
    const [app, out] = [join(EXAMPLES, name, `${name}.ts`), join(folder, name)];
    const times: SynthTimes[] = [];
    for (let run = 0; run < runs; run++) times.push(await synthesize(app, '', out));
    figures.push({ name, ...middle(times), ...totalsOf(out) });
    rmSync(out, { recursive: true });
  }
  return figures;
}

export function examplesSection(figures: readonly ExampleFigures[]): Section {
  return {
    title: 'Synthesis of each example',
    text: [
      'What somebody pays who takes one piece: a whole process each, as above. Listener rules: of each service in an environment with two slots, of the 100 that a load balancer has; 0 where the example has none of its own.',
    ],
    tables: [
      {
        columns: ['example', 'wall s', 'CPU s', 'stacks', 'resources', 'states', 'templates kB', 'listener rules'],
        words: 1,
        rows: figures.map(({ name, wallSeconds, cpuSeconds, stacks, resources, states, bytes, rules }) => [
          name,
          ...[wallSeconds, cpuSeconds].map((seconds) => seconds.toFixed(2)),
          ...[stacks, resources, states].map(String),
          (bytes / 1000).toFixed(0),
          String(rules),
        ]),
      },
    ],
    remarks: [],
  };
}
