import type { Edit } from '../../code/edit';

/** A fault in one rule, put in its place on purpose: the simulation must find it. */
export interface SeededBug {
  /** What the broken rule does. */
  readonly name: string;
  readonly edit: Edit;
}

const bug = (name: string, file: string, from: string, to: string): SeededBug => ({ name, edit: { file, from, to } });

/** One in each rule that a release's safety stands on. */
export const BUGS: readonly SeededBug[] = [
  bug(
    'the first acceptance lets a release pass',
    'gates/gate-decision.ts',
    'return missing(gate).length === 0;',
    'return missing(gate).length < gate.parties.length;',
  ),
  bug('everybody is in every party', 'gates/gate-caller.ts', 'return members.some(', 'return true || members.some('),
  bug(
    'a step does not ask whether the environment is still its release’s, or anybody wants it stopped',
    'steps/recheck.ts',
    'const about = { step, logs: task.execution };',
    'if (step) return undefined;\n  const about = { step, logs: task.execution };',
  ),
  bug('a shift loses a percent', 'traffic/weights.ts', '{ [live]: 100 - percent, [shadow]: percent }', '{ [live]: 99 - percent, [shadow]: percent }'),
  bug(
    'a health gate takes its alarms for quiet, and nobody for enough',
    'health/verdict.ts',
    'const subject = `alarm ',
    "if (found) return { verdict: 'passed', subject: 'the alarms', expected: 'quiet', actual: 'quiet' };\n  const subject = `alarm ",
  ),
  bug('what was promised to a token is not delivered', 'outbox.ts', 'await to.machines.answer(delivery.token, delivery.answer);', ''),
  bug('a task that is tried again does not find what it did before', 'audit.ts', 'return audit.find(', 'return [].find('),
  bug(
    'the end of a release is recorded as often as it is told',
    'steps/finishing.ts',
    'if (isRecorded || release.execution !== input.execution) return undefined;',
    'if (release.execution !== input.execution) return undefined;',
  ),
  bug('a lease that somebody holds is taken all the same', 'traffic/lease.ts', 'if (isLeased(state, now)) {', 'if (false) {'),
  bug(
    'no shift is ever allowed, so that nothing bad can happen',
    'traffic/decide-shift.ts',
    "if (failure) return { kind: 'refused', failure };",
    "return { kind: 'refused', failure: failure ?? { step: at, subject: 'the release', expected: 'better', actual: 'as it is', logs: 'none' } };",
  ),
  bug(
    'a roll back is recorded, and the live rule left as it is',
    'traffic/roll-back.ts',
    "if (decision.kind === 'write') writes = await writeAndVerify(",
    'if (false) writes = await writeAndVerify(',
  ),
  bug(
    'of several live rules a shift writes the first one only',
    'traffic/live-rule.ts',
    'of rules.filter((each) => !touched.includes(each))) {',
    'of rules.filter((each) => !touched.includes(each)).slice(0, 1)) {',
  ),
  bug(
    'half of a shift, by a writer that died between two live rules, is taken for what somebody else did',
    'traffic/decide-shift.ts',
    '(isIntended(state, wanted) && isBetween(',
    '(Number.isNaN(view.input.percent) && isBetween(',
  ),
  bug(
    'of several live rules a roll back writes the first one only',
    'traffic/live-rule.ts',
    'for (const rule of left) await',
    'for (const rule of left.slice(0, 1)) await',
  ),
  bug(
    'a migration that was started is started again, instead of being followed',
    'migrations/follow-run.ts',
    'await clock.sleep(PAUSE_MS);\n    return undefined;',
    'await clock.sleep(PAUSE_MS);\n    return start(turn, await ports.ledger.migration(task.environment, turn.migration.name), { ...run, name: ports.uniqueName(), id: undefined });',
  ),
  bug(
    'whoever is asked about a release that has traffic is forgotten',
    'gates/gate-opening.ts',
    'if (watched === state && state.bake?.token !== token) return { put: [], audit: [] };',
    'if (watched) return { put: [], audit: [] };',
  ),
  bug(
    'a pause is decided before anybody says anything',
    'gates/gate-opening.ts',
    "if (fresh === 'notNeeded') return tell(request.token, { outcome: 'notNeeded' });",
    "if (fresh === 'notNeeded' || isWatched(fresh)) return { put: fresh === 'notNeeded' ? [] : [{ ...fresh, revision: stored?.revision ?? 0, status: 'passed' }], audit: [], deliver: [toToken(request.token, { outcome: 'passed' })] };",
  ),
  bug(
    'a test beside a bake passes, whatever it is answered',
    'steps/testing.ts',
    "if (test.kind === 'http') return {",
    "if (input.percent !== undefined) return { subject, logs: 'none', verdict: 'passed', expected: 'an answer', actual: 'an answer' };\n    if (test.kind === 'http') return {",
  ),
  bug('an environment whose machine died is not rescued', 'safety-net/rescue-environment.ts', 'if (!lock) {', 'if (ended) {'),
  bug(
    'the lease of a writer that died keeps later releases out (found by this simulation, and mended)',
    'traffic/lease.ts',
    'return state.lease && isAbandoned(state, now) ?',
    'return state.lease && false ?',
  ),
  bug(
    'a wave stays on a release that failed in a later one',
    'waves/decide-roll-back-wave.ts',
    "return { kind: 'left' };",
    "return { kind: 'left' };\n  if (state.lease) return { kind: 'left' };",
  ),
  bug(
    'a release gets more of the users under a freeze',
    'traffic/decide-shift.ts',
    'const freeze = frozenNow(state, view.now);',
    'const freeze = undefined as ReturnType<typeof frozenNow>;',
  ),
  bug(
    'a newer release takes the place of one that has traffic',
    'turns/decide-turn.ts',
    'lock?.release === version && !lock.shifted && !lock.contract;',
    'lock?.release === version && !lock.contract;',
  ),
  bug('what an emergency has evicted does not come back when that ends', 'turns/requeue.ts', '[...evicted.map((release)', '[...([] as string[]).map((release)'),
  bug(
    'what an emergency has evicted comes back while that is on its way',
    'commands/requeue.ts',
    " || emergency.status === 'submitted') return stored;",
    ') return stored;',
  ),
  bug(
    'a rolled-back release comes back behind an emergency',
    'release/once-more.ts',
    "const back = said('ReleaseRolledBack');",
    'const back = undefined as ReturnType<typeof said>;',
  ),
  bug(
    'what comes back is as new as if its author had submitted it now',
    'release/submission.ts',
    'authoredAt: registered?.authoredAt ?? registered?.submittedAt ?? now',
    'authoredAt: now',
  ),
  bug(
    'an emergency takes the place of another one',
    'turns/decide-turn.ts',
    'others.filter((other) => mayGiveWay(other.release) && mayStop(other));',
    'others.filter(mayStop);',
  ),
  bug(
    'what was accepted about a release counts though an emergency has taken its place',
    'turns/take-place.ts',
    "({ ...gate, status: 'void' })",
    '({ ...gate })',
  ),
  bug('a fix-forward is stopped by what fired before it', 'health/fired-before.ts', "if (!known) return 'anew';", "if (before) return 'anew';"),
  bug(
    'a fix-forward is let past every alarm',
    'health/fired-before.ts',
    "if (!known) return 'anew';",
    "if (!known) return before.length > 0 ? 'asBefore' : 'anew';",
  ),
  bug(
    'what fired before a fix-forward, has been quiet and fires again does not count',
    'health/fired-before.ts',
    'each.alarm === alarm && since < addSeconds(each.since, SAME_SECONDS).toISOString()',
    'each.alarm === alarm',
  ),
  bug('what fired before a fix-forward may get as bad as it likes', 'health/fired-before.ts', 'isWorse(known.baseline, level, measured) ? {', 'false ? {'),
  bug('what fires is let pass by releases that are no fix-forward', 'health/fired-before.ts', 'release.fixForward !== undefined && slot', 'slot'),
  bug(
    'a late notice of what fired before a fix-forward takes it back (found by this simulation, and mended)',
    'health/alarm.ts',
    'return isThere && isWatched && ofBefore(slot?.firedBefore ?? [], name, since) === undefined;',
    'return isThere && isWatched;',
  ),
  bug(
    'users go back to a version that does not understand the shared state',
    'outage/outage.ts',
    'return outage?.against !== undefined && rollBackRequested === undefined;',
    'return false;',
  ),
  bug('what an outage is for begins before users are out', 'outage/users-out.ts', 'await begin(ports, view);\n      await record', 'await record'),
  bug(
    'it is not recorded that the live version does not understand what has started',
    'outage/migrate-in-outage.ts',
    '...(against === undefined && isAgainst && { against: contract }),',
    '',
  ),
  bug(
    'a migration is begun that may not be over when the outage is to end',
    'migrations/run-next.ts',
    'if (until === undefined) return undefined;',
    'return undefined;',
  ),
  bug(
    'nothing says that users stay without a version',
    'traffic/roll-back.ts',
    'const failure = out ? outBecause(because, stored, out) : because;',
    'const failure = because;',
  ),
  bug('people are not asked at the firebreak about an outage', 'gates/gate.ts', '[...when, CHANGES.plannedOutage].some(', 'when.some('),
];
