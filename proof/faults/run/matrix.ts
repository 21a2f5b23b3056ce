import type { SubmitBody } from '../../../lambda/contract';
import { judge } from '../judge/judge';
import type { Result } from '../report';
import { type Expected, makesSense, type Row } from '../table/cell';
import { FAULTS, type Fault } from '../table/fault';
import { TABLE } from '../table/table';
import { said } from './people';
import { plain } from './plain';
import { runCell } from './run-cell';
import type { Platform } from './world';

interface Asked {
  readonly state: string;
  readonly fault: Fault;
}

/**
 * Takes one release through each cell, one after the other; each is the next release of the one before, and a last one shows that the path is free. The next
 * version is built while one is on its way.
 */
export async function runMatrix(platform: Platform, cells: readonly Asked[], say: (line: string) => void): Promise<Result[]> {
  // One in each slot, so that every cell has something to go back to, in a slot that is updated.
  await plain(platform);
  await plain(platform);
  const results: Result[] = [];
  const rows = cells.map((cell) => ({ ...cell, row: TABLE[cell.state] as Row }));
  let next = build(platform, rows[0]?.row);
  for (const [index, { state, fault, row }] of rows.entries()) {
    const expected = row.cells[fault];
    if (!makesSense(expected)) continue;
    const submission = await next;
    next = build(platform, rows[index + 1]?.row);
    const seen = await runCell(platform, { submission, state, row, fault });
    const problems = judge(expected, row.kind, seen);
    results.push({ state, fault, seen, problems });
    if (expected.out) await endOutage(platform);
    // What one cell leaves behind is not held against the next.
    if (problems.length > 0) await said(platform.pipeline.recover(platform.place.environment, { reason: 'a cell is not as expected' }));
    say(line(index + 1, rows.length, state, fault, expected, seen.seconds, problems));
  }
  await plain(platform, await next);
  return results;
}

function build({ builds }: Platform, row?: Row): Promise<SubmitBody> {
  return builds.next(row?.kind ?? 'good');
}

/** As a person would who is told so by its ticket: users are given what they had; and what was taken back half way is brought once more. */
async function endOutage(platform: Platform): Promise<void> {
  const { pipeline, place, ledger, builds } = platform;
  await said(pipeline.rollBack(place.environment, { reason: 'users are to have what they had' }));
  const half = (await ledger.environment())?.contracts?.find(({ finishedAt }) => finishedAt === undefined);
  if (half) await plain(platform, await builds.next('breaks', half.release), 'breaks');
}

function line(number: number, of: number, state: string, fault: Fault, { outcome }: Expected, seconds: number, problems: readonly string[]): string {
  const found = problems.length === 0 ? outcome : `NOT AS EXPECTED (${outcome})\n    ${problems.join('\n    ')}`;
  return `${String(number).padStart(3)}/${of}  ${state}, ${FAULTS[fault]}: ${found}, ${seconds.toFixed(1)} s`;
}
