/** Rules of the domain that are broken on purpose, each by itself. The exploration must find every one of them. */
import type { Edit } from '../code/edit';
import type { Invariant } from './invariants/invariants';
import type { Bounds } from './search/bounds';

export interface SeededBug {
  /** What the broken rule does. */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Which invariants may find it. */
  readonly breaks: readonly Invariant[];
  /** How far one has to look. */
  readonly within: Bounds;
}

const bounds = (releases: number, troubles: number, overtaken = false): Bounds => ({ releases, troubles, overtaken, fromNothing: false });
const ALONE = bounds(1, 0);
const TOGETHER = bounds(2, 0);
const TROUBLE = bounds(1, 1);
const TROUBLES = bounds(1, 2);
const OVERTAKEN = bounds(1, 1, true);
/** One release that breaks the live version, and one that can take that back. */
const BREAKS: Bounds = { ...TROUBLE, breaks: 'final' };
const TAKES_BACK: Bounds = { ...TROUBLE, breaks: 'undoable' };

/** One release through two waves. */
const WAVES: Bounds = { ...TROUBLE, waves: true };

/** One release, and environments that are frozen. */
const FROZEN: Bounds = { ...TROUBLE, freezes: true };

/** Two, of which one finds the other. */
const WAITING: Bounds = { ...TOGETHER, order: 'queue' };

const bug = (name: string, within: Bounds, breaks: readonly Invariant[], file: string, from: string, to: string): SeededBug => ({
  name,
  edits: [{ file, from, to }],
  breaks,
  within,
});

export const SEEDED: readonly SeededBug[] = [
  bug(
    'a firebreak passes when one party has accepted',
    ALONE,
    ['agreed'],
    'gates/gate-decision.ts',
    'return missing(gate).length === 0;',
    'return missing(gate).length < gate.parties.length;',
  ),
  bug('anybody resumes a release', ALONE, ['agreed'], 'gates/gate-decision.ts', '!isOneOf(caller, gate.releaseManagers)', 'false'),
  bug(
    'a decision counts after its time is up',
    TROUBLE,
    ['inTime'],
    'gates/gate-decision.ts',
    'const closed = notWaiting(gate, now);',
    'const closed = waits(gate) ? undefined : notWaiting(gate, now);',
  ),
  bug(
    'an acceptance of another content is recorded',
    ALONE,
    ['reachable'],
    'gates/gate-decision.ts',
    'if (request.digest === gate.digest) return undefined;',
    'return undefined;',
  ),
  {
    name: 'whoever is in no party speaks for the only one',
    edits: [
      {
        file: 'gates/gate-decision.ts',
        from: '.filter((party) => isOneOf(request.caller, party.members))',
        to: '.filter((party) => gate.parties.length === 1 || isOneOf(request.caller, party.members))',
      },
    ],
    breaks: ['parties'],
    within: ALONE,
  },
  bug(
    'an acceptance stands when the evidence changes',
    TROUBLE,
    ['agreed'],
    'gates/gate.ts',
    'gate.digest === release.digest && gate.evidenceDigest === evidenceOf({ ...gate, plan: gate, release })',
    'gate.digest === release.digest',
  ),
  bug('no gate is asked again right before traffic moves', TROUBLE, ['agreed'], 'gates/gate.ts', '? stillHolds(gate, release)', '? undefined'),
  bug(
    'the gate of an earlier attempt counts for a later one',
    TROUBLES,
    ['agreed'],
    'gates/gate-opening.ts',
    'stored?.execution === request.execution && boundTo(stored, release)',
    'stored && boundTo(stored, release)',
  ),
  bug(
    'a machine that was stopped opens a gate for a release that has ended',
    TROUBLES,
    ['asked', 'ended'],
    'gates/gate-opening.ts',
    "if (isCurrent && release.status === 'submitted') return undefined;",
    'return undefined;',
  ),
  bug(
    'a gate opens beside an abort that does not see it',
    OVERTAKEN,
    ['asked'],
    'gates/gate-opening.ts',
    'revision: stored?.revision ?? 0 }, release]',
    'revision: stored?.revision ?? 0 }]',
  ),
  bug(
    'a machine that waits at a gate is not told that it passed',
    ALONE,
    ['reachable'],
    'commands/resume.ts',
    'deliver: answer ? [toToken(resumed.token, answer)] : [],',
    'deliver: [],',
  ),
  bug(
    'a machine that waits at a gate is not told of an abort',
    TROUBLE,
    ['reachable'],
    'commands/stop-waiting.ts',
    "waiting.map((gate) => toToken(gate.token, { outcome: 'refused', failure: abortedAt(gate, release, aborted) }))",
    'deliver',
  ),
  bug(
    'a release enters an environment that another one has',
    TOGETHER,
    ['oneOwner'],
    'turns/decide-turn.ts',
    'if (state.lock) return state.lock.contract',
    'if (state.lock?.contract) return state.lock.contract',
  ),
  bug('a release that has ended enters', TROUBLE, ['oneOwner'], 'steps/entering.ts', "if (release.status !== 'submitted') {", 'if (false) {'),
  bug('a machine of an earlier attempt enters', TROUBLES, ['oneOwner'], 'steps/entering.ts', 'if (!isOfCurrentAttempt(release, task))', 'if (false)'),
  bug('a release enters while traffic is moved', OVERTAKEN, ['known', 'oneOwner', 'live'], 'steps/entering.ts', 'if (isLeased(state, now))', 'if (false)'),
  bug(
    'a release is given the slot of what is live',
    ALONE,
    ['shadow', 'outcomes', 'oneOwner'],
    'environment.ts',
    '(colour) => colour !== state.live?.colour && !state.weights[colour]',
    '(colour) => colour === state.live?.colour',
  ),
  bug(
    'what a slot held is not forgotten before it is overwritten',
    TROUBLES,
    ['healthy'],
    'steps/deploying.ts',
    'put: held ? [emptied(state, input.colour, { by: release.version, at: now })] : []',
    'put: []',
  ),
  bug(
    'a roll back of what is live is not recorded before users are moved',
    TROUBLE,
    ['known'],
    'traffic/going-back.ts',
    "if (kind === 'swap' && !state.goingBack)",
    'if (false)',
  ),
  bug(
    'who recovers gives users back what somebody took them from',
    TROUBLES,
    ['takenOut'],
    'recovery/restore-accepted.ts',
    'if (!goingBack || lock) return undefined;',
    'if (environment) return undefined;',
  ),
  bug(
    'a release that has moved traffic may be stopped',
    TROUBLES,
    ['shifted'],
    'environment.ts',
    "if (state.lock?.shifted) return 'shifted';",
    "if (state.lock) return 'yes';",
  ),
  bug('an aborted release goes on', TROUBLE, ['stopped'], 'steps/recheck.ts', 'if (release.aborted) {', 'if (false) {'),
  bug('a release that is wanted back goes on', TROUBLE, ['stopped'], 'steps/recheck.ts', 'if (state.rollBackRequested) {', 'if (false) {'),
  bug(
    'weights of a canary sum to more than the whole',
    ALONE,
    ['whole'],
    'traffic/weights.ts',
    '{ [live]: 100 - percent, [shadow]: percent }',
    '{ [live]: 100, [shadow]: percent }',
  ),
  bug('traffic moves before the ledger knows that it may', ALONE, ['known'], 'traffic/shift.ts', "if (decision.kind === 'write') {", 'if (false) {'),
  bug(
    'traffic moves to a slot without a healthy target',
    TROUBLE,
    ['healthy'],
    'traffic/decide-shift.ts',
    'if (view.healthyTargets > 0) return undefined;',
    'return undefined;',
  ),
  bug('traffic moves while an alarm of the slot fires', TROUBLE, ['alarmed'], 'traffic/decide-shift.ts', 'if (firing) {', 'if (false) {'),
  bug('a writer does not wait for the lease of another one', TROUBLE, ['oneWriter'], 'traffic/lease.ts', 'if (isLeased(state, now)) {', 'if (false) {'),
  bug('health gates do not see an alarm', TROUBLE, ['alarmed'], 'health/verdict.ts', 'if (found.firing.length > 0)', 'if (false)'),
  bug(
    'what was live is forgotten when a release is accepted',
    ALONE,
    ['live'],
    'environment.ts',
    'const previous = state.live ? { previous: { ...state.live, ...(against && { contract: against }) } } : {};',
    'const previous = {};',
  ),
  bug(
    'an environment is not freed when a release ends in it',
    ALONE,
    ['asked', 'reachable', 'shifted'],
    'environment.ts',
    "return without(state, 'lock', 'bake', 'rollBackRequested');",
    "return without(state, 'bake', 'rollBackRequested');",
  ),
  bug(
    'a roll back leaves the weights in the ledger as they were',
    TROUBLE,
    ['rest'],
    'environment.ts',
    "return { ...without(abandoned(state, now), 'outage'), weights: acceptedWeights(state) };",
    'return abandoned(state, now);',
  ),
  bug(
    'a release goes back to a version without a healthy target',
    TROUBLES,
    ['healthy'],
    'traffic/decide-roll-back.ts',
    'if (live && healthyTargets === 0)',
    'if (false)',
  ),
  bug(
    'a live release is rolled back to a version without a healthy target',
    TROUBLES,
    ['healthy'],
    'traffic/decide-swap-back.ts',
    'if (healthyTargets === 0 && !isThere)',
    'if (false)',
  ),
  bug('rolling back twice puts the bad version live again', TROUBLES, ['takenOut'], 'traffic/way-back.ts', 'if (previous?.rolledBack)', 'if (false)'),
  bug(
    'a live release is rolled back although another one has the environment',
    OVERTAKEN,
    ['known', 'live'],
    'traffic/decide-swap-back.ts',
    'if (lock && !isBesideShadow(state))',
    'if (false)',
  ),
  bug(
    'the safety net stops a release that has traffic',
    TROUBLE,
    ['reachable', 'shifted'],
    'safety-net/rescue-environment.ts',
    'lock.shifted ? await ports.machines.rollBack(input) : await stopRelease(ports, input)',
    'await stopRelease(ports, input)',
  ),
  bug(
    'a release that stops at a firebreak raises no ticket',
    TROUBLE,
    ['ticket'],
    'steps/finishing.ts',
    "if (!failure || failure.superseded !== undefined || outcome === 'live' || isOnItsWayIn(state, release)) return undefined;",
    'return undefined;',
  ),
  bug(
    'a version is submitted again while a machine of it is still inside',
    TROUBLES,
    ['agreed', 'oneOwner', 'reachable', 'stopped'],
    'release/submission.ts',
    'if (!inside) return;',
    'return;',
  ),
  bug(
    'an alarm ends a bake, and leaves a release that people are asked about where it is',
    TROUBLE,
    ['watched'],
    'health/alarm.ts',
    'return bake !== undefined && isAlarmOf(',
    'return bake !== undefined && bake.asks === undefined && isAlarmOf(',
  ),
  bug(
    'an alarm that went off before people were asked is not looked at',
    TROUBLE,
    ['watched'],
    'health/baking.ts',
    'const [first] = firing;',
    'const first = state.bake.asks === undefined ? firing[0] : undefined;',
  ),
  bug(
    'too few requests are taken for health',
    TROUBLE,
    ['agreed'],
    'health/verdict.ts',
    "requests.seen < requests.minimum ? 'inconclusive' : 'passed'",
    "requests.seen < requests.minimum ? 'passed' : 'passed'",
  ),
  {
    name: 'what people said about one step counts for the next',
    edits: [
      { file: 'gates/gate-opening.ts', from: '&& stored.percent === request.percent ?', to: '?' },
      { file: 'gates/gate.ts', from: 'gate.environment === environment && gate.percent === percent &&', to: 'gate.environment === environment &&' },
    ],
    breaks: ['agreed'],
    within: TROUBLES,
  },
  {
    name: 'a version is submitted again with another content',
    edits: [
      { file: 'release/submission.ts', from: 'if (registered.digest === body.digest) return;', to: 'return;' },
      { file: 'release/submission.ts', from: 'if (other === undefined) return;', to: 'return;' },
    ],
    breaks: ['immutable'],
    within: TROUBLE,
  },
  bug(
    'users go back to a version that does not understand the state',
    BREAKS,
    ['understood'],
    'outage/outage.ts',
    'return outage?.against !== undefined && rollBackRequested === undefined;',
    'return false;',
  ),
  bug(
    'what an outage is for begins before users are out',
    { ...BREAKS, troubles: 0 },
    ['out'],
    'outage/users-out.ts',
    'await begin(ports, view);\n      await record',
    'await record',
  ),
  bug(
    'it is not recorded that the live version does not understand what has started',
    BREAKS,
    ['understood'],
    'outage/migrate-in-outage.ts',
    '...(against === undefined && isAgainst && { against: contract }),',
    '',
  ),
  bug(
    'it is taken back while a writer that died may have given users a version',
    TAKES_BACK,
    ['out'],
    'outage/outage.ts',
    'Object.keys(state.weights).length === 0 && state.lock?.intended === undefined',
    'Object.keys(state.weights).length === 0',
  ),
  bug(
    'the ledger has users on the live version who stay out',
    BREAKS,
    ['rest'],
    'outage/outage.ts',
    'return { ...abandoned(state, now), weights: {}, outage };',
    'return { ...abandoned(state, now), outage };',
  ),
  bug(
    'people agree to an outage that they were not asked about',
    { ...BREAKS, troubles: 0 },
    ['agreed', 'outcomes', 'reachable'],
    'gates/gate.ts',
    "outage ? 'firebreak' : gate",
    'gate',
  ),
  bug(
    'traffic moves in an environment that is frozen',
    FROZEN,
    ['frozen'],
    'traffic/decide-shift.ts',
    'const freeze = frozenNow(state, view.now);',
    'const freeze = undefined as ReturnType<typeof frozenNow>;',
  ),
  bug(
    'a freeze holds up the roll back of what is live',
    { ...FROZEN, troubles: 2 },
    ['unhindered'],
    'traffic/decide-swap-back.ts',
    "if (actual.kind === 'gone') return refused(",
    "if (actual.kind === 'gone' || state.freeze) return refused(",
  ),
  bug(
    'a freeze holds up the roll back of a release in flight',
    { ...FROZEN, troubles: 2 },
    ['unhindered'],
    'traffic/decide-roll-back.ts',
    'if (live && healthyTargets === 0)',
    'if (state.freeze || (live && healthyTargets === 0))',
  ),
  bug(
    'a release takes the slot that is needed to roll back to, under a freeze',
    FROZEN,
    ['frozen'],
    'traffic/roll-back-target.ts',
    "return back.kind === 'slot' && back.to.colour === colour ? back.to.version : undefined;",
    'return undefined;',
  ),
  bug(
    'a freeze keeps users without a version who are out',
    { ...TAKES_BACK, freezes: true },
    ['unhindered'],
    'freezes/freeze.ts',
    'return isOut(state) ? undefined : runningFreeze(state, now);',
    'return runningFreeze(state, now);',
  ),
  bug(
    'a wave is left on a release that failed in a later one',
    WAVES,
    ['waves'],
    'waves/decide-roll-back-wave.ts',
    "return { kind: 'left' };",
    "return { kind: 'left' };\n  if (state.lease) return { kind: 'left' };",
  ),
  bug(
    'the safety net leaves the waves of a release whose path machine died',
    WAVES,
    ['waves'],
    'safety-net/roll-back-waves.ts',
    'for (const environment of waves)',
    'for (const environment of [] as string[])',
  ),
  bug(
    'an alarm of an earlier wave leaves what bakes in a later one',
    WAVES,
    ['watched'],
    'waves/earlier-alarms.ts',
    'return found && { alarm: notice.name',
    'return undefined && { alarm: notice.name',
  ),
  bug(
    'another release enters a wave that may have to go back',
    { ...WAVES, releases: 2 },
    ['waves'],
    'waves/held.ts',
    'if (!ahead || ',
    'if (ahead || !ahead || ',
  ),
  bug('whoever leaves an environment free tells nobody who waits', WAITING, ['turns'], 'outbox.ts', '...put.flatMap(turnIn)]', ']'),
  bug(
    'what was accepted about a release counts though another has taken its place',
    { ...WAITING, order: 'newestWins' },
    ['superseded', 'asked'],
    'turns/take-place.ts',
    "({ ...gate, status: 'void' })",
    '({ ...gate })',
  ),
  bug(
    'a newer release takes the place of one that has traffic',
    { ...WAITING, order: 'newestWins' },
    ['superseded'],
    'turns/decide-turn.ts',
    'lock?.release === version && !lock.shifted && !lock.contract;',
    'lock?.release === version && !lock.contract;',
  ),
  bug(
    'an emergency enters before what it evicts has stopped',
    { ...WAITING, order: 'emergency' },
    ['oneOwner'],
    'turns/decide-turn.ts',
    'if (state.lock) return state.lock.contract',
    'if (state.lock && release.emergency === undefined) return state.lock.contract',
  ),
];
