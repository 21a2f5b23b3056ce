import type { SubmitBody } from '../../../lambda/contract';
import { judge } from '../judge/judge';
import type { Kind, Row } from '../table/cell';
import { runCell } from './run-cell';
import type { Platform } from './world';

const CELLS = {} as Row['cells'];

/** A release that nothing happens to: the path is free for it. @throws when it does not go live */
export async function plain(platform: Platform, submission?: SubmitBody, kind: Kind = 'good'): Promise<void> {
  const submitted = submission ?? (await platform.builds.next(kind));
  const seen = await runCell(platform, { submission: submitted, state: 'a release that nothing happens to', row: { kind, cells: CELLS }, fault: undefined });
  // Before the first release users are told that there is none.
  const problems = judge({ outcome: 'live', told: kind === 'breaks' }, kind, { ...seen, responses: seen.liveBefore === undefined ? [] : seen.responses });
  if (problems.length > 0) throw new Error(`${submitted.version}, that nothing happened to, is not as expected: ${problems.join('; ')}`);
}
