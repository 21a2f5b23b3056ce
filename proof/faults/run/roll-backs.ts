import { loadBalancerWrites, readCalls } from '../../../rehearsal/figures/calls';
import { type RollBackTimes, rollBackTimes } from '../../../rehearsal/figures/roll-back-times';
import { judge } from '../judge/judge';
import { PLACES } from '../names';
import { because } from '../table/causes';
import type { Row } from '../table/cell';
import { plain } from './plain';
import { runCell } from './run-cell';
import type { Platform } from './world';

const { environment: ENVIRONMENT } = PLACES.Live;
const BAD: Omit<Row, 'place'> = { kind: 'bad', cells: {} as Row['cells'] };
const BACK = because('rolledBack', `Bake ${ENVIRONMENT} at 50 percent`, /ServerErrors/);

/** One bad release: how it went back, and the calls to AWS from the alarm until all was at rest. */
export interface RolledBack {
  readonly times: RollBackTimes;
  readonly calls: number;
  readonly writes: number;
  readonly problems: readonly string[];
}

/** Takes so many bad releases, one after the other; each is the next in the other's slot. */
export async function runRollBacks(platform: Platform, count: number, say: (line: string) => void): Promise<RolledBack[]> {
  await plain(platform);
  await plain(platform);
  const all: RolledBack[] = [];
  let next = platform.builds.next('bad');
  for (let number = 1; number <= count; number++) {
    const submission = await next;
    next = platform.builds.next('bad');
    const began = Date.now();
    const seen = await runCell(platform, { submission, state: 'a bad release', row: BAD, fault: undefined });
    const ended = began + seen.seconds * 1000;
    const recorded = readCalls(platform.emulator.calls);
    const times = rollBackTimes({ environment: ENVIRONMENT, version: submission.version }, seen.responses, recorded, ended);
    if (times === undefined) throw new Error(`${submission.version} did not go back by an alarm: ${judge(BACK, 'bad', seen).join('; ')}`);
    // By roles: whoever looks on here has none.
    const calls = recorded.filter((entry) => entry.event === 'Call' && entry.role != null && entry.at >= times.alarm && entry.at <= ended).length;
    const problems = judge(BACK, 'bad', seen);
    all.push({ times, calls, writes: loadBalancerWrites(recorded, times.alarm, ended).length, problems });
    say(`${String(number).padStart(3)}/${count}  ${submission.version} went back${problems.length > 0 ? `, NOT AS EXPECTED: ${problems.join('; ')}` : ''}`);
  }
  return all;
}

/** Median and worst, a line each. */
export function rollBackFigures(all: readonly RolledBack[]): string[] {
  const spans: readonly (readonly [string, (one: RolledBack) => number])[] = [
    ['first error to alarm', ({ times }) => (times.alarm - times.firstError) / 1000],
    ['alarm to weights', ({ times }) => (times.weights - times.alarm) / 1000],
    ['weights to last bad request', ({ times }) => Math.max(0, times.lastBad - times.weights) / 1000],
  ];
  const counts: readonly (readonly [string, (one: RolledBack) => number])[] = [
    ['calls that change the load balancer, from the alarm on', ({ writes }) => writes],
    ['all calls to AWS, from the alarm until all is at rest', ({ calls }) => calls],
  ];
  return [
    `${all.length} bad releases: median and worst`,
    ...spans.map(([name, of]) => `  ${name}: ${median(all.map(of)).toFixed(2)} s, ${Math.max(...all.map(of)).toFixed(2)} s`),
    ...counts.map(([name, of]) => `  ${name}: ${median(all.map(of))}, ${Math.max(...all.map(of))}`),
  ];
}

/** The lower one of the two in the middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1] ?? Number.NaN;
}
