import { against, type Section, type Table } from '../section';
import type { SynthFigures } from './measure';

/** Most that synthesis may cost, of what it costs by hand. */
const MOST_RATIO = 1.2;

export function synthSection(figures: readonly SynthFigures[]): Section {
  return {
    title: 'Synthesis',
    text: [
      'Each service in three environments: a hub, three front doors and six slots. Beside it the same resources as a team would write them with aws-cdk-lib ' +
        'alone, flat, with literal names, without a check of anything: bench/by-hand. A whole process each, as cdk.json has it, CDK_VALIDATION=false for ' +
        `both. Aim: at most ${MOST_RATIO} times the processor time, and growth in proportion to the services.`,
    ],
    tables: [whole(figures), further(figures), equivalence(figures)],
    remarks: figures.flatMap(({ subject, same }) => differences(subject.name, same.differences)),
  };
}

function whole(figures: readonly SynthFigures[]): Table {
  return {
    columns: ['synthesis of', 'wall s', 'by hand', 'CPU s', 'by hand', 'CPU, times', `aim <= ${MOST_RATIO}`],
    words: 1,
    rows: figures.map(({ subject, ours, byHand }) => [
      subject.name,
      ...[ours.wallSeconds, byHand.wallSeconds, ours.cpuSeconds, byHand.cpuSeconds].map((seconds) => seconds.toFixed(2)),
      (ours.cpuSeconds / byHand.cpuSeconds).toFixed(2),
      verdict(ours.cpuSeconds / byHand.cpuSeconds),
    ]),
  };
}

/** What one more service costs: without what starting Node and loading the CDK takes, which makes the two look more alike than they are. */
function further(figures: readonly SynthFigures[]): Table {
  const several = figures.filter(({ subject }, index) => index === 0 || subject.services > 1 || figures[index - 1]?.subject.services !== 1);
  const rows = several.slice(1).map((to, index) => {
    const from = several[index] as SynthFigures;
    const more = to.subject.services - from.subject.services;
    const [ours, byHand] = [(to.ours.cpuSeconds - from.ours.cpuSeconds) / more, (to.byHand.cpuSeconds - from.byHand.cpuSeconds) / more];
    return [`${from.subject.services + 1} to ${to.subject.services}`, ours.toFixed(2), byHand.toFixed(2), (ours / byHand).toFixed(2), verdict(ours / byHand)];
  });
  return { columns: ['one more service', 'CPU s', 'by hand', 'CPU, times', `aim <= ${MOST_RATIO}`], words: 1, rows };
}

function equivalence(figures: readonly SynthFigures[]): Table {
  const thousand = (bytes: number) => (bytes / 1000).toFixed(0);
  return {
    columns: ['made by both', 'stacks', 'resources', 'states', 'counts that differ', 'templates kB', 'by hand'],
    words: 1,
    rows: figures.map(({ subject, same }) => [
      subject.name,
      ...[same.stacks, same.resources, same.states, same.differences.length].map(String),
      thousand(same.bytes.ours),
      thousand(same.bytes.byHand),
    ]),
  };
}

const MOST_SHOWN = 12;

function differences(name: string, lines: readonly string[]): string[] {
  const more = lines.length - MOST_SHOWN;
  return [...lines.slice(0, MOST_SHOWN).map((line) => `Not the same in ${name}: ${line}`), ...(more > 0 ? [`and ${more} more in ${name}`] : [])];
}

function verdict(ratio: number): string {
  return against(ratio, MOST_RATIO, 2) === ratio.toFixed(2) ? 'within' : 'OVER';
}
