import { addSeconds } from 'date-fns/addSeconds';
import { type BeginOutageInput, CHANGES, type EnvironmentPlan, type Failure, type KeepOutInput, type ShiftInput, type ShiftOutput } from '../../contract';
import { eventOf } from '../audit';
import { decideAgain } from '../commands/decide-again';
import { knownRelease } from '../commands/known';
import { aboutToShift, ownsLock, shifted } from '../environment';
import { Conflict } from '../errors';
import { approvalsHold, gateName, gateStep } from '../gates/gate';
import { inWords, sameMigrations } from '../migrations/declared';
import { migrationsLeft } from '../migrations/migrate';
import type { EnvironmentState, Lease, Outage, Release } from '../model';
import type { Ports } from '../ports';
import { planOf, withReached } from '../release/release';
import { lostLock } from '../steps/recheck';
import { step } from '../steps/step';
import { decideWrite, type ShiftDecision, type ShiftView } from '../traffic/decide-shift';
import { withLease } from '../traffic/lease';
import { moveTogether, type ToHold, writeAndVerify } from '../traffic/live-rule';
import { look, record } from '../traffic/shift';
import { targetsOf } from '../traffic/weights';
import { goingBack, isOut } from './outage';

/**
 * Takes the users of an environment out of every slot, for the outage that a release needs: the live rule answers them itself. The same checks, and the same
 * order of ledger, live rule and ledger, as of a shift. Of an outage that another release has left it takes over what has started. Asked again, it finds its
 * own work.
 */
export async function beginOutage(ports: Ports, input: BeginOutageInput): Promise<ShiftOutput> {
  const { environment } = input;
  const write = async (lease: Lease): Promise<ShiftOutput> => {
    const { view, decision } = await decideAgain(ports.clock, () => prepare(ports, input));
    if (decision.kind === 'refused') {
      const { failure, mismatch } = decision;
      if (mismatch) {
        await record(ports, input, lease, (state, now) => ({
          state,
          audit: [eventOf(input, now, 'MismatchFound', { ...mismatch, colour: input.colour })],
        }));
      }
      const answer = refused(ports, input, failure);
      // The machine takes a refusal for "nobody was taken out" and stops; when an earlier try has written, only the way back is right.
      if (ownsLock(view.state, input) && view.state.lock.shifted) throw new Conflict(`an earlier try may have begun the outage, and now: ${failure.actual}`);
      return answer;
    }
    if (decision.kind !== 'done') {
      await begin(ports, view);
      await record(ports, input, lease, (state, now) => ({ state: shifted(state, {}), audit: [began(input, view, state, now)] }));
    }
    ports.log.info('outage began', { ...about(input), how: decision.kind, was: view.actual });
    return { outcome: 'shifted' };
  };
  return withLease(ports, environment, write, async (state) => {
    const failure = lostLock(step.beginOutage(environment), input, state);
    return failure && refused(ports, input, failure);
  });
}

function refused({ log }: Ports, input: BeginOutageInput, failure: Failure): ShiftOutput {
  const { subject, expected, actual } = failure;
  log.info('outage refused', { ...about(input), subject, expected, actual });
  return { outcome: 'refused', failure };
}

async function begin(ports: Ports, { input, release, state, actual: held }: ShiftView): Promise<void> {
  const { weights, slots, outage } = state;
  const plan = planOf(release, input.environment);
  const before = { targets: targetsOf(weights, slots), says: outage?.says };
  await moveTogether(ports, plan, { held, wanted: out(plan, state), before, slots });
}

function out(plan: EnvironmentPlan, { slots, outage }: EnvironmentState): ToHold {
  return { targets: targetsOf({}, slots), says: outage?.says ?? plan.plannedOutage?.says ?? '' };
}

async function takeOut(ports: Ports, release: Release, state: EnvironmentState, environment: string): Promise<void> {
  const plan = planOf(release, environment);
  const { targets, says } = out(plan, state);
  await writeAndVerify(ports, plan, targets, state.slots, says);
}

async function prepare(ports: Ports, input: BeginOutageInput): Promise<{ readonly view: ShiftView; readonly decision: ShiftDecision }> {
  const { environment } = input;
  const asked: ShiftInput = { ...input, percent: 0 };
  const view = await look(ports, asked);
  const { state, release } = view;
  const failure = await notAgreed(ports, input, view);
  if (failure) return { view, decision: { kind: 'refused', failure } };
  if (isBegun(state, input)) return { view, decision: { kind: 'done' } };
  // Another release has left it: how long this one may take begins now.
  const inherited = state.outage?.execution === input.execution ? view : { ...view, state: withoutClock(state) };
  const found = decideWrite(inherited, step.beginOutage(environment), {});
  if (found.kind === 'refused') return { view, decision: found };
  await ports.ledger.commit({ put: [aboutToShift(withOutage(state, release, input, view.now), {}), withReached(release, environment, 'shifting')], audit: [] });
  return { view, decision: { kind: 'write', weights: {}, targets: targetsOf({}, state.slots) } };
}

function isBegun(state: EnvironmentState, { execution }: BeginOutageInput): boolean {
  return state.outage?.execution === execution && state.lock?.intended === undefined && Object.keys(state.weights).length === 0;
}

/** Nor a freeze, which does not keep anybody without a version who is. */
function withoutClock(state: EnvironmentState): EnvironmentState {
  const { outage: _left, freeze, ...rest } = state;
  return isOut(state) || freeze === undefined ? rest : { ...rest, freeze };
}

function withOutage(state: EnvironmentState, release: Release, { environment, execution }: BeginOutageInput, now: string): EnvironmentState {
  const plan = planOf(release, environment).plannedOutage;
  if (!plan) throw new Conflict(`release ${release.version} was submitted for ${environment} without a planned outage; submit it again`);
  const mine = state.outage?.execution === execution ? state.outage : undefined;
  const { beganAt = now, started = [], against } = state.outage ?? {};
  const until = mine?.until ?? addSeconds(now, plan.longestSeconds).toISOString();
  const outage: Outage = { release: release.version, execution, beganAt, until, says: plan.says, started, ...(against && { against }) };
  return { ...state, outage };
}

/** People have agreed to an outage, and to what is about to run in it. */
async function notAgreed(ports: Ports, { environment, execution }: BeginOutageInput, { release, gates }: ShiftView): Promise<Failure | undefined> {
  const plan = planOf(release, environment);
  const left = await migrationsLeft(ports, release, environment, 'breaking');
  // When it was submitted they had run here, and a firebreak may have been off; then another release has taken them back.
  const changes = left.length > 0 ? [...release.changes, CHANGES.plannedOutage] : release.changes;
  const failure = approvalsHold(plan, { ...release, changes }, gates);
  if (failure || !plan.goNoGo) return failure;
  const asked = { gate: 'goNoGo', environment } as const;
  const about = { step: gateStep(asked), subject: gateName(asked), expected: 'passed, for the outage and what would run in it', logs: execution };
  const gate = gates.find((each) => each.gate === 'goNoGo' && each.environment === environment);
  if (!gate?.outage) return { ...about, actual: 'nobody was asked about an outage' };
  const runs = gate.runs ?? [];
  return sameMigrations(runs, left) ? undefined : { ...about, actual: `accepted for ${inWords(runs)}, now it would be ${inWords(left)}` };
}

function began(input: BeginOutageInput, { state: { weights, live }, actual }: ShiftView, { outage }: EnvironmentState, now: string) {
  const { until, says } = outage as Outage;
  return eventOf(input, now, 'OutageBegan', { colour: input.colour, live: live?.version ?? null, until, says, was: weights, ruleWas: actual });
}

/**
 * Users are out, or are taken out again, before anything is taken back: neither version may meet the state half way. The live rule stays where no migration has
 * started: the roll back that follows gives them what they had. Asks nobody, as a roll back does, and overwrites what somebody else has written.
 */
export async function keepOut(ports: Ports, input: KeepOutInput): Promise<ShiftOutput> {
  const { environment } = input;
  const write = async (lease: Lease): Promise<ShiftOutput> => {
    const prepared = await decideAgain(ports.clock, async () => {
      const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(environment)]);
      const outage = outageOf(state, input);
      if (!outage) return undefined;
      const hasStarted = outage.started.length > 0;
      const back = goingBack(state);
      await ports.ledger.commit({ put: [hasStarted ? aboutToShift(back, {}) : back], audit: [] });
      return hasStarted ? { release, state } : undefined;
    });
    if (!prepared) return { outcome: 'shifted' };
    const { release, state } = prepared;
    await takeOut(ports, release, state, environment);
    const again = (stored: EnvironmentState, now: string) => {
      if (isOut(state) || !stored.outage) return [];
      const { until, says } = stored.outage;
      return [eventOf(input, now, 'OutageBegan', { colour: input.colour, live: state.live?.version ?? null, until, says, was: state.weights, again: true })];
    };
    await record(ports, input, lease, (stored, now) => ({ state: shifted(stored, {}), audit: again(stored, now) }));
    ports.log.info('users kept out', { ...about(input), was: state.weights });
    return { outcome: 'shifted' };
  };
  return withLease(ports, environment, write, async (state) => (outageOf(state, input) ? undefined : { outcome: 'shifted' }));
}

function outageOf(state: EnvironmentState, input: KeepOutInput): Outage | undefined {
  return ownsLock(state, input) ? state.outage : undefined;
}

function about({ release, environment, colour }: BeginOutageInput | KeepOutInput): Readonly<Record<string, unknown>> {
  return { release, environment, slot: colour };
}
