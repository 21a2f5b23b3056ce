/** What must hold of releases whose place an emergency takes, and of those that come back behind one. */
import type { AuditEvent, Gate } from '../../../lambda/domain/model';
import type { Attempt, Attempts } from './attempts';

type Broken = (rule: string, found: string) => void;
const RULE = 'what an emergency evicts comes back once, where nobody has said no';
const NO: readonly AuditEvent['what'][] = ['GateRefused', 'ReleaseAborted', 'ReleaseRolledBack'];

/** One whose place another has just taken. @param gates of it there, as they are by then */
export function evictedBy(broken: Broken, attempts: Attempts, attempt: Attempt, { detail, environment }: AuditEvent, gates: readonly Gate[]): void {
  const by = attempts.of(String(detail.by));
  const about = `${attempt.version} in ${environment}, by ${detail.by}`;
  if (attempt.body.emergency !== undefined) broken('nobody takes the place of an emergency', about);
  if (by?.body.emergency === undefined && by && by.authoredAt < attempt.authoredAt) broken('only a newer release takes the place of another', about);
  const left = gates.find(({ status }) => status === 'open' || status === 'accepted' || status === 'passed');
  if (left) broken('nothing that was accepted counts of whose place is taken', `${about}: the ${left.gate} is ${left.status}`);
}

/** It has just been submitted anew. */
export function cameBack(broken: Broken, attempts: Attempts, attempt: Attempt): void {
  const { version, number, requeuedAfter } = attempt;
  if (requeuedAfter === undefined) return;
  const before = attempts.all.find((each) => each.version === version && each.number === number - 1);
  const name = `${version}, attempt ${number}, after ${requeuedAfter}`;
  if (before === undefined || evictionOf(before)?.detail.by !== requeuedAfter) broken(RULE, `${name}, which has not evicted it`);
  if (!attempts.all.some(({ version: other, finished }) => other === requeuedAfter && finished)) broken(RULE, `${name}, which has not ended`);
  const no = before?.events.find(({ what, detail }) => NO.includes(what) && detail.currentAttempt !== false);
  if (no) broken(RULE, `${name}, and ${no.who} has said no: ${no.what} ${no.environment ?? ''} ${no.why ?? ''}`);
}

/** Everything rests: it has come back, or somebody has brought it, or said no. */
export function staysAway(broken: Broken, attempts: Attempts, attempt: Attempt): void {
  const evicted = evictionOf(attempt);
  if (!evicted || attempts.of(attempt.version) !== attempt) return;
  // What is not what it was when it was submitted is not taken any more.
  if (attempt.plot.kind === 'has a file that changes' || attempt.events.some(({ what }) => NO.includes(what))) return;
  broken(RULE, `${attempt.version}, attempt ${attempt.number}, has not come back after ${evicted.detail.by}`);
}

function evictionOf({ events }: Attempt): AuditEvent | undefined {
  return events.find(({ what, detail }) => what === 'ReleaseSuperseded' && detail.emergency === true);
}
