import { listed, type ReleaseSummary, type ReleaseView } from '../../contract';
import { gateName, isWatched, waitsOnTheWay } from '../gates/gate';
import { missing } from '../gates/gate-decision';
import type { AuditEvent, EnvironmentState, Gate, Release } from '../model';
import { isOut } from '../outage/outage';
import { isLiveIn, ownMachineOf } from '../release/release';
import { stoppedInWords } from '../release/told-to-stop';
import { toRollBack } from '../waves/moved';
import { auditView, gateView } from './views';
import { turnsOf } from './views-turn';
import { undoes } from './views-undoes';
import { inWaves } from './views-waves';

/** A release as people see it, with everything that was said about it. */
export function releaseView(release: Release, { gates, states, audit, staysAway = [] }: Known): ReleaseView {
  const away = staysAway.length > 0 ? { staysAway } : {};
  return { ...releaseSummary(release, gates, states), ...away, gates: gates.map(gateView), audit: audit.map(auditView) };
}

interface Known {
  readonly gates: readonly Gate[];
  readonly states: readonly EnvironmentState[];
  readonly audit: readonly AuditEvent[];
  /** Of those whose place it took. */
  readonly staysAway?: readonly string[];
}

/** Where a release is and what it waits for. @param states of the environments of its plan; one that is left out is not spoken about in detail */
export function releaseSummary(release: Release, gates: readonly Gate[], states: readonly EnvironmentState[]): ReleaseSummary {
  const { version, digest, origin, changeClass, changes, migrations, fixForward, author, submittedAt, status, execution, emergency, evicted } = release;
  const waiting = gates.find((gate) => gate.release === version && waitsOnTheWay(gate));
  const ownMachine = ownMachineOf(release.plan);
  return {
    version,
    digest,
    origin,
    changeClass,
    changes,
    migrations: migrations?.map(({ name, kind }) => ({ name, kind })),
    ...(fixForward !== undefined && { fixForward }),
    author,
    submittedAt,
    status,
    now: now(release, gates, states),
    activity: status !== 'submitted' ? 'finished' : waiting ? 'waitingForPeople' : 'working',
    execution,
    emergency,
    evicted,
    undoes: undoes(release, states),
    ...(ownMachine !== undefined && { ownMachine }),
    ...(release.movedWaves && { goesBackIn: toRollBack(release) }),
    environments: release.plan.map(({ environment }) => ({
      environment,
      state: replacedIn(release, environment, states) ? 'replaced' : (release.reached[environment] ?? 'notYet'),
    })),
  };
}

function now(release: Release, all: readonly Gate[], states: readonly EnvironmentState[]): string {
  if (release.status !== 'submitted') return ended(release, states);
  if (release.aborted) return `${stoppedInWords(release.aborted)}, stops at its next step`;
  const gates = all.filter((gate) => gate.release === release.version && gate.gate !== 'contract');
  const waiting = gates.find(waitsOnTheWay);
  if (waiting) return waitsAt(waiting);
  const decided = gates.filter((gate) => gate.openedAt >= release.submittedAt);
  const refused = decided.find(({ status }) => status === 'refused');
  return refused ? stops(refused) : onItsWay(release, decided, states);
}

function stops(refused: Gate): string {
  const { gate, environment } = refused;
  if (isWatched(refused)) return `refused at ${gateName(refused)}, goes back`;
  return `refused at ${gateName(refused)}, stopping: ${gate === 'firebreak' ? 'nothing of it reaches' : 'no user gets it in'} ${environment}`;
}

function waitsAt(gate: Gate): string {
  if (isWatched(gate)) return `waits at ${gateName(gate)}, watched, for ${listed(missing(gate))}`;
  if (gate.status === 'accepted') return `accepted by every party, waits at ${gateName(gate)} for a release manager to resume it`;
  return `waits at ${gateName(gate)} for ${listed(missing(gate))}`;
}

function ended(release: Release, states: readonly EnvironmentState[]): string {
  const went = release.plan.map(({ environment }) => environment).filter((environment) => release.reached[environment] === 'live');
  if (release.status === 'live') return liveOrReplaced(release, went, states);
  const { reached, status, plan } = release;
  const waves = inWaves(release);
  const last =
    waves?.failedIn ??
    (plan.find(({ environment }) => reached[environment] === status) ?? plan.find(({ environment }) => reached[environment] !== 'live'))?.environment ??
    'the path';
  const where = release.reached[last] ? `in ${last}` : `in front of ${last}`;
  const nobody = states.some(({ environment, live }) => environment === last && live === undefined) ? ', where no release is live: users are answered 503' : '';
  const out = states.some((state) => isOut(state) && state.outage.release === release.version) ? ', and left its users without a version' : '';
  const isStopped = release.status === 'stopped' || (waves && reached[waves.failedIn] !== 'rolledBack');
  const what = isStopped ? `stopped ${where}${out}` : `rolled back ${where}${nobody}`;
  const who = release.aborted ? `, ${stoppedInWords(release.aborted)}` : '';
  return `${what}${waves?.andBack ?? ''}${who}${went.length > 0 ? `; went live in ${listed(went)}` : ''}`;
}

function liveOrReplaced(release: Release, went: readonly string[], states: readonly EnvironmentState[]): string {
  const replaced = went.flatMap((environment) => replacedIn(release, environment, states) ?? []);
  const still = went.filter((environment) => !replaced.some((state) => state.environment === environment));
  const by = replaced.map(({ environment, live }) => `replaced in ${environment}${live ? ` by ${live.version}` : ''}`);
  return [...(still.length > 0 ? [`live in ${listed(still)}`] : []), ...by].join(', ');
}

/** The state of an environment it went live in, if something else is live there by now. */
function replacedIn(release: Release, environment: string, states: readonly EnvironmentState[]): EnvironmentState | undefined {
  return release.reached[environment] === 'live' ? states.find((state) => state.environment === environment && !isLiveIn(state, release)) : undefined;
}

function onItsWay(release: Release, gates: readonly Gate[], states: readonly EnvironmentState[]): string {
  const next = release.plan.find(({ environment }) => release.reached[environment] !== 'live')?.environment;
  if (next === undefined) return 'live everywhere, being finished';
  const state = states.find((each) => each.environment === next);
  switch (release.reached[next]) {
    case 'entered':
      return `goes into the shadow of ${next}`;
    case 'shadow':
      return gates.some(({ environment, gate, status }) => environment === next && gate === 'goNoGo' && status === 'passed')
        ? `accepted at the go/no-go in ${next}, live traffic starts to move to it`
        : `in the shadow of ${next}, which serves nobody`;
    case 'shifting':
      return shifting(release, next, state);
    case undefined: {
      const turn = state && turnsOf(state)?.find((each) => each.release === release.version);
      if (turn) return `waits for its turn in ${next}, ${turn.behind === undefined ? 'which has come' : `behind ${turn.behind}`}, until ${turn.until} at most`;
      return state?.lock && state.lock.release !== release.version
        ? `on its way to ${next}, which release ${state.lock.release} holds`
        : `on its way to ${next}`;
    }
    default:
      return `${release.reached[next] === 'stopped' ? 'stopped' : 'rolled back'} in ${next}, being finished`;
  }
}

function shifting(release: Release, environment: string, state: EnvironmentState | undefined): string {
  if (state?.lock?.release !== release.version) return `takes over live traffic in ${environment}`;
  const { rollBackRequested, weights, lock, bake } = state;
  if (rollBackRequested) return `goes back in ${environment}: asked for by ${rollBackRequested.by} (${rollBackRequested.reason})`;
  if (isOut(state)) {
    const { until, goesBack } = state.outage;
    return goesBack
      ? `cannot go on in the outage of ${environment}: users have no version`
      : `in the outage of ${environment}: users have no version, until ${until} at most`;
  }
  return `takes over live traffic in ${environment}: ${weights[lock.colour] ?? 0} percent${bake ? ', watched' : ''}`;
}
