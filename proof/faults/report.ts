import { failedRequests } from './judge/judge';
import type { Seen } from './judge/seen';
import { type Cell, makesSense, type Row } from './table/cell';
import { FAULT_NAMES, FAULTS, type Fault } from './table/fault';
import { TABLE } from './table/table';

/** One cell that was tried, and what is wrong with it. */
export interface Result {
  readonly state: string;
  readonly fault: Fault;
  readonly seen: Seen;
  readonly problems: readonly string[];
}

const LETTERS = { live: 'L', stopped: 'S', rolledBack: 'R' } as const;

/** What must become of a release, as it is written down: states by faults. */
export function expectations(): string[] {
  const rows = Object.entries(TABLE).map(([state, { cells }]) => [state, ...FAULT_NAMES.map((fault) => letter(cells[fault]))]);
  return [
    'Expected: L live, S stopped, R rolled back, * users stay without a version, - makes no sense',
    ...legend(),
    ...columns([heading(), ...rows]),
    '',
    ...reasons(),
  ];
}

function letter(cell: Cell): string {
  return makesSense(cell) ? `${LETTERS[cell.outcome]}${cell.out ? '*' : ''}` : '-';
}

/** What became of them: outcome, seconds, requests and how many of them failed; `!` before what is not as expected. */
export function matrix(results: readonly Result[]): string[] {
  const found = (state: string, fault: Fault) => {
    const result = results.find((each) => each.state === state && each.fault === fault);
    return result ? cell(result) : makesSense((TABLE[state] as (typeof TABLE)[string]).cells[fault]) ? '' : '-';
  };
  const states = Object.keys(TABLE).filter((state) => results.some((result) => result.state === state));
  const rows = states.map((state) => [state, ...FAULT_NAMES.map((fault) => found(state, fault))]);
  return ['Found: outcome, seconds, requests/failed ones; ! is not as expected', ...legend(), ...columns([heading(), ...rows])];
}

/** What is not as expected, cell by cell. */
export function complaints(results: readonly Result[]): string[] {
  return results
    .filter(({ problems }) => problems.length > 0)
    .flatMap(({ state, fault, seen, problems }) => [`${state}, ${FAULTS[fault]} (${seen.version}):`, ...problems.map((problem) => `  ${problem}`)]);
}

export function summary(results: readonly Result[]): string {
  const [good, requests, failed] = [
    results.filter(({ problems }) => problems.length === 0).length,
    sum(results, ({ seen }) => seen.responses.length),
    sum(results, failures),
  ];
  const own = sum(results, ({ seen }) => seen.responses.filter(({ status }) => status >= 400).length) - failed;
  return `${good} of ${results.length} cells as expected; ${number(requests)} requests, ${failed} failed, and ${own} were answered with an error by a bad version itself, or told of an outage`;
}

function cell({ seen, problems, ...result }: Result): string {
  const status = seen.release?.status ?? 'submitted';
  const letter = status === 'submitted' ? '?' : LETTERS[status];
  return `${problems.length > 0 ? '!' : ''}${letter} ${seen.seconds.toFixed(1)} ${seen.responses.length}/${failures({ seen, problems, ...result })}`;
}

function failures({ state, fault, seen }: Result): number {
  const { kind, cells } = TABLE[state] as Row;
  const expected = cells[fault];
  return failedRequests(makesSense(expected) ? expected : {}, kind, seen.version, seen.responses).length;
}

/** Why cells make no sense: each reason with the faults and states that have it. */
function reasons(): string[] {
  const statesBy = new Map<string, string[]>();
  for (const [state, { cells }] of Object.entries(TABLE)) {
    for (const [why, faults] of reasonsIn(cells)) statesBy.set(`${faults.join(' ')}: ${why}`, [...(statesBy.get(`${faults.join(' ')}: ${why}`) ?? []), state]);
  }
  return [...statesBy].map(([why, states]) => `  - ${why} (${states.length === 1 ? states[0] : `${states[0]}, and ${states.length - 1} more`})`);
}

/** Reason -> numbers of faults. */
function reasonsIn(cells: Row['cells']): Map<string, number[]> {
  const faultsBy = new Map<string, number[]>();
  for (const [index, fault] of FAULT_NAMES.entries()) {
    const cell = cells[fault];
    if (!makesSense(cell)) faultsBy.set(cell.reason, [...(faultsBy.get(cell.reason) ?? []), index + 1]);
  }
  return faultsBy;
}

const heading = () => ['', ...FAULT_NAMES.map((_, index) => String(index + 1))];
const legend = () => [FAULT_NAMES.map((fault, index) => `${index + 1} ${FAULTS[fault]}`).join(', ')];

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function sum(results: readonly Result[], of: (result: Result) => number): number {
  return results.reduce((total, result) => total + of(result), 0);
}

const number = (value: number) => value.toLocaleString('en-GB');
