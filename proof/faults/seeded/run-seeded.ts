import { judge } from '../judge/judge';
import { said } from '../run/people';
import { plain } from '../run/plain';
import { runCell } from '../run/run-cell';
import type { Platform } from '../run/world';
import { type Expected, makesSense, type Row } from '../table/cell';
import { FAULTS } from '../table/fault';
import { TABLE } from '../table/table';
import { bundleBroken } from './broken-handler';
import { BUGS, type SeededBug } from './bugs';

/** Deploys the hub with one rule broken after the other, and tries the cell that must find it. @returns how many were not found */
export async function runSeeded(platform: Platform, state: string, say: (line: string) => void): Promise<number> {
  await plain(platform);
  await plain(platform);
  let missed = 0;
  for (const [index, [name, bug]] of Object.entries(BUGS).entries()) {
    // After the last one there is nothing to mend for: it leaves what no release leaves, and ptl recover does not know it.
    if (index > 0) await mended(platform);
    await platform.builds.deployHub({ handler: bug.handler, folder: await bundleBroken(name, bug, state) });
    const problems = await foundBy(platform, bug);
    if (problems.length === 0) missed += 1;
    say(`${name}: ${bug.does}\n  ${bug.found.state}, ${FAULTS[bug.found.fault]}: ${problems.length === 0 ? 'NOT FOUND' : `found: ${problems.join('; ')}`}`);
  }
  return missed;
}

async function foundBy(platform: Platform, { found: { state, fault } }: SeededBug): Promise<readonly string[]> {
  const row = TABLE[state] as Row;
  const expected = row.cells[fault];
  if (!makesSense(expected)) throw new Error(`${state}, ${fault} makes no sense, and finds nothing`);
  const submission = await platform.builds.next(row.kind);
  return judge(expected satisfies Expected, row.kind, await runCell(platform, { submission, state, row, fault }));
}

/** With the rule whole again, by what the runbook says. */
async function mended(platform: Platform): Promise<void> {
  await platform.builds.deployHub();
  await said(platform.pipeline.recover(platform.place.environment, { reason: 'a rule was broken on purpose' }));
  await plain(platform);
}
