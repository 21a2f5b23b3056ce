import type { SubmitBody } from '../../../lambda/contract';
import { judge } from '../judge/judge';
import type { Row } from '../table/cell';
import { runCell } from './run-cell';
import type { Platform } from './world';

const PLAIN: Omit<Row, 'place'> = { kind: 'good', cells: {} as Row['cells'] };

/** A release that nothing happens to: the path is free for it. @throws when it does not go live */
export async function plain(platform: Platform, submission?: SubmitBody): Promise<void> {
  const submitted = submission ?? (await platform.builds.next('good'));
  const seen = await runCell(platform, { submission: submitted, state: 'a release that nothing happens to', row: PLAIN, fault: undefined });
  // Before the first release users are told that there is none.
  const problems = judge({ outcome: 'live' }, 'good', { ...seen, responses: seen.liveBefore === undefined ? [] : seen.responses });
  if (problems.length > 0) throw new Error(`${submitted.version}, that nothing happened to, is not as expected: ${problems.join('; ')}`);
}
