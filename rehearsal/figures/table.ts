import type { Figures } from './figures';

const COLUMNS = ['release', 'outcome', 'served', 'failed', 'transitions', 'history events', 'seconds'] as const;
/** Text to the left, numbers to the right. */
const TEXT_COLUMNS = 2;

/** The story's last table. */
export function figuresTable({ releases, traffic, rollBack }: Figures): string[] {
  const rows = releases.map(({ version, outcome, served, failed, transitions, historyEvents, seconds }) => [
    version,
    outcome === 'rolledBack' ? 'rolled back' : outcome,
    ...[served, failed, transitions, historyEvents].map(number),
    seconds.toFixed(1),
  ]);
  const widths = COLUMNS.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => (column < TEXT_COLUMNS ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ')}`.trimEnd();
  return [
    line(COLUMNS),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
    '',
    `  ${number(traffic.sent)} requests sent, none twice; ${number(traffic.beforeFirstRelease)} before the first release was live (503, as they should be), ${number(traffic.lost)} lost.`,
    ...(rollBack === undefined ? [] : rollBackLines(rollBack)),
  ];
}

function rollBackLines(rollBack: NonNullable<Figures['rollBack']>): string[] {
  const seconds = (value: number) => `${value.toFixed(2)} s`;
  return fields([
    ['first error to alarm', seconds(rollBack.firstErrorToAlarmSeconds)],
    ['alarm to weights', seconds(rollBack.alarmToWeightsSeconds)],
    ['weights to the last answer of the bad version', seconds(rollBack.weightsToLastBadResponseSeconds)],
    ['calls that changed the load balancer', String(rollBack.loadBalancerWrites)],
  ]);
}

function fields(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return ['', '  The roll back', ...pairs.map(([name, value]) => `    ${name.padEnd(width)}  ${value}`)];
}

function number(value: number): string {
  return value.toLocaleString('en-GB');
}
