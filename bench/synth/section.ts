import type { Section, Table } from '../section';
import type { SynthFigures } from './measure';

/** Most that synthesis may cost, of what it costs by hand. */
const MOST_RATIO = 1.2;

export function synthSection(figures: readonly SynthFigures[]): Section {
  const growth = growthOf(figures);
  return {
    title: 'Synthesis',
    text: [
      'Each service in three environments: a hub, three front doors, six slots, and the team’s tests. Beside it the same resources as a team would write them with aws-cdk-lib ' +
        'alone, flat, with literal names, without a check of anything: bench/by-hand. A whole process each, as cdk.json has it, CDK_VALIDATION=false for ' +
        `both. Aim: at most ${MOST_RATIO} times the processor time, and growth in proportion to the services.`,
    ],
    tables: [whole(figures), further(growth), equivalence(figures)],
    remarks: [...proportion(growth), ...figures.flatMap(({ subject, same }) => differences(subject.name, same.differences))],
  };
}

function whole(figures: readonly SynthFigures[]): Table {
  return {
    columns: ['synthesis of', 'wall s', 'by hand', 'CPU s', 'by hand', 'CPU, times', `aim <= ${MOST_RATIO}`],
    words: 1,
    rows: figures.map(({ subject, ours, byHand, ratio }) => [
      subject.name,
      ...[ours.wallSeconds, byHand.wallSeconds, ours.cpuSeconds, byHand.cpuSeconds].map((seconds) => seconds.toFixed(2)),
      ratio.toFixed(2),
      verdict(ratio),
    ]),
  };
}

/** What one more service costs. */
interface Growth {
  readonly services: string;
  readonly ours: number;
  readonly byHand: number;
}

/** Without what starting Node and loading the CDK takes, which makes the two look more alike than they are. */
function growthOf(figures: readonly SynthFigures[]): Growth[] {
  const growing = figures.flatMap(({ subject: { services }, ours, byHand }) =>
    services === undefined ? [] : [{ services, ours: ours.cpuSeconds, byHand: byHand.cpuSeconds }],
  );
  return growing.flatMap((to, index) => {
    const from = growing[index - 1];
    if (from === undefined) return [];
    const more = to.services - from.services;
    return [{ services: `${from.services + 1} to ${to.services}`, ours: (to.ours - from.ours) / more, byHand: (to.byHand - from.byHand) / more }];
  });
}

function further(growth: readonly Growth[]): Table {
  return {
    columns: ['one more service', 'CPU s', 'by hand', 'CPU, times', `aim <= ${MOST_RATIO}`],
    words: 1,
    rows: growth.map(({ services, ours, byHand }) => [services, ours.toFixed(2), byHand.toFixed(2), (ours / byHand).toFixed(2), verdict(ours / byHand)]),
  };
}

function proportion(growth: readonly Growth[]): string[] {
  const [first, last] = [growth[0], growth.at(-1)];
  if (first === undefined || last === undefined) return [];
  const times = (last.ours / first.ours).toFixed(2);
  return [`Each of the services ${last.services} costs ${times} times the processor time that each of ${first.services} costs (aim: about 1, or less)`];
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
  return ratio <= MOST_RATIO ? 'within' : 'OVER';
}
