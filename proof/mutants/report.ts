import { LEAST, percentOf, type Score } from './judge';
import type { Survivor } from './survivors';

const inLine = ({ room, found, timedOut, listed, survived, seconds }: Score) =>
  [room, found, timedOut, survived.length, listed].map(String).concat(seconds.toFixed(0));
const HEAD = ['room', 'found', 'timed out', 'survived', 'listed', 'seconds', 'score'];

/** A row a room, for people. */
export function tableOf(scores: readonly Score[]): string {
  const rows = [HEAD, ...scores.map((score) => [...inLine(score), `${percentOf(score).toFixed(1)} %`])];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')).join('\n');
}

export function survivorsOf({ survived }: Score): string {
  return survived.map(({ file, line, from, to, reached }) => `${file}:${line}  ${from}  ->  ${to}${reached ? '' : '  (no test runs it)'}`).join('\n');
}

/** What is wrong with score and list; nothing where nothing is. */
export function complaints(all: Score, untrue: readonly Survivor[]): string[] {
  const percent = percentOf(all);
  return [
    ...(percent < LEAST ? [`${percent.toFixed(1)} % of what is not listed were found; at least ${LEAST} % must be`] : []),
    ...untrue.map(({ file, on, from, to }) => `listed in proof/mutants/survivors.json, but found by now, or not there: ${file}, in ${on}: ${from}  ->  ${to}`),
  ];
}
