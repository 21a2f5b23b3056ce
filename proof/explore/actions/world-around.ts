/** What happens around: alarms, health, leases that run out, the safety net, the sweep. */
import { alarmRaised } from '../../../lambda/handlers/alarm-raised';
import { reconcile } from '../../../lambda/handlers/reconcile';
import { sweep } from '../../../lambda/handlers/sweep';
import type { Engine } from '../engine/engine';
import { waitsDespite } from '../invariants/waves';
import { ENVIRONMENTS, PLANS, targetGroupOf } from '../path';
import { LATER, PASSED } from '../world/essence';
import { alarmOf } from '../world/ports';
import type { Run } from '../world/run';
import { all, arnOf, type Ended, type Execution, keyOf, of, type World } from '../world/world';
import { type Action, called, change, free, trouble } from './action';
import { callUnhindered } from './freezes';

export function ofTheWorldAround(world: World, engine: Engine): Action[] {
  return [
    ...ENVIRONMENTS.flatMap((environment) => [
      ...alarms(world, environment, engine),
      ...health(world, environment),
      ...leases(world, environment),
      ...outages(world, environment),
    ]),
    ...of.notices(world).map((alarm) => noticeOf(alarm)),
    ...of.ended(world).flatMap((ended) => safetyNet(world, ended)),
    ...onceMore(world),
    ...(of.outbox(world).length > 0 ? [free('the outbox is swept', async (run, at) => void (await called(run, at, (ports) => sweep(ports)())))] : []),
  ];
}

/** Colours of an environment with live traffic, and of the slot of the release that is in it. */
function watched(world: World, environment: string): string[] {
  const plan = PLANS.find((each) => each.environment === environment);
  const rule = of.rule(world, environment);
  const { lock, slots } = of.environment(world, environment);
  return (plan?.slots ?? [])
    .filter(({ colour, stackName }) => (rule.kind === 'slots' && rule.weights[targetGroupOf(stackName)]) || (lock?.colour === colour && slots[colour]))
    .map(({ colour }) => colour);
}

function alarms(world: World, environment: string, engine: Engine): Action[] {
  const firing = of.alarms(world, environment);
  const serving = watched(world, environment);
  return [
    ...serving.filter((colour) => !firing.includes(colour)).map((colour) => fires(environment, colour, engine)),
    // It has no requests any more.
    ...firing
      .filter((colour) => !serving.includes(colour))
      .map((colour) =>
        change(`the alarm of ${colour} in ${environment} falls silent`, true, async (run) => {
          const left = of.alarms(run.world, environment).filter((each) => each !== colour);
          run.set(keyOf.alarms(environment), left.length === 0 ? undefined : left);
        }),
      ),
  ];
}

function fires(environment: string, colour: string, engine: Engine): Action {
  return change(`the alarm of ${colour} in ${environment} goes off`, false, async (run) => {
    run.set(keyOf.alarms(environment), [...of.alarms(run.world, environment), colour].sort());
    run.set(keyOf.notices, [...of.notices(run.world), alarmOf(environment, colour)].sort());
    remember(run, environment, colour, engine);
  });
}

/** A release whose slot an alarm goes off in, and which is to be looked at once more, must not go live. */
function remember(run: Run, environment: string, colour: string, engine: Engine): void {
  const { lock } = of.environment(run.world, environment);
  const found = all<Execution>(run.world, 'execution').find(([name, { machine }]) => arnOf(name, machine) === lock?.execution);
  if (!lock?.shifted || lock.colour !== colour || !found || found[1].status !== 'running') return;
  if (engine.isPast(found[1], /^Read the health gates/)) return;
  const memory = of.memory(run.world, environment);
  run.set(keyOf.memory(environment), { ...memory, alarmed: [...new Set([...memory.alarmed, found[0]])] });
}

function noticeOf(alarm: string): Action {
  return free(`the notice of the alarm ${alarm} arrives`, async (run, engine) => {
    const Message = JSON.stringify({ AlarmName: alarm, NewStateValue: 'ALARM', NewStateReason: 'too many errors' });
    const ended = await called(run, engine, (ports) =>
      alarmRaised(ports)({ Records: [{ Sns: { Message } }] } as Parameters<ReturnType<typeof alarmRaised>>[0]),
    );
    if ('error' in ended) return;
    stillWaits(run, alarm);
    const left = [...of.notices(run.world)];
    left.splice(left.indexOf(alarm), 1);
    run.after().set(keyOf.notices, left.length === 0 ? undefined : left);
  });
}

/** Nobody waits for the release in a slot any more of which it was told that an alarm fires. */
export function stillWaits(run: Run, alarm: string): void {
  for (const environment of ENVIRONMENTS) {
    const { bake, lock } = of.environment(run.world, environment);
    if (!lock?.shifted || !bake || bake.readAt !== undefined || alarmOf(environment, bake.colour) !== alarm) continue;
    run.breaks('watched', `${bake.release} waits on at ${bake.percent} percent of ${environment}, for ${bake.asks === undefined ? 'its bake' : 'people'}`);
  }
  const waits = waitsDespite(run.world, alarm);
  if (waits) run.breaks('watched', `${waits} waits on in a wave, and an alarm of an earlier one fires`);
}

/** At most one slot is without healthy targets at a time. */
function health(world: World, environment: string): Action[] {
  const [colour] = of.unhealthy(world, environment);
  const set = (colours: readonly string[] | undefined) => async (run: Run) => run.set(keyOf.unhealthy(environment), colours);
  if (colour !== undefined) return [change(`${colour} in ${environment} is healthy again`, true, set(undefined))];
  const { slots } = of.environment(world, environment);
  return Object.keys(slots).map((each) => change(`${each} in ${environment} has no healthy target any more`, false, set([each])));
}

function leases(world: World, environment: string): Action[] {
  const state = of.environment(world, environment);
  const { lease } = state;
  if (lease?.expiresAt !== LATER) return [];
  const over = { ...state, lease: { ...lease, expiresAt: PASSED } };
  return [change(`the lease of a dead writer in ${environment} runs out`, true, async (run) => run.set(keyOf.environment(environment), over))];
}

/** Whoever is in it has no more time; what has none is left until somebody ends it. */
function outages(world: World, environment: string): Action[] {
  const state = of.environment(world, environment);
  const { outage, lock } = state;
  if (!outage || outage.over || !lock || outage.until <= PASSED) return [];
  const late = { ...state, outage: { ...outage, until: PASSED } };
  return [change(`the time of the outage of ${environment} is up`, false, async (run) => run.set(keyOf.environment(environment), late))];
}

function safetyNet(world: World, ended: Ended): Action[] {
  const { execution, held } = ended;
  return [
    free(`the safety net is told of ${execution}${held ? ', again' : ''}`, async (run, engine) => {
      const found = await rescued(run, engine, ended);
      const others = of.ended(run.world).filter((each) => each.execution !== execution);
      const left = 'error' in found ? [...others, { ...ended, held: true }].sort((a, b) => (a.execution < b.execution ? -1 : 1)) : others;
      run.after().set(keyOf.ended, left.length === 0 ? undefined : left);
    }),
    ...(held && isShifted(world, execution) ? [change(`the safety net gives up on ${execution}`, false, async (run) => giveUp(run, execution))] : []),
  ];
}

function isShifted(world: World, execution: string): boolean {
  return ENVIRONMENTS.some((environment) => {
    const { lock } = of.environment(world, environment);
    return lock?.shifted === true && lock.execution.endsWith(`:${execution}`);
  });
}

function giveUp(run: Run, execution: string): void {
  const left = of.ended(run.world).filter((each) => each.execution !== execution);
  run.set(keyOf.ended, left.length === 0 ? undefined : left);
}

function rescued(run: Run, engine: Engine, { execution, status }: Pick<Ended, 'execution' | 'status'>) {
  const { machine, started } = run.get<Execution>(keyOf.execution(execution));
  const detail = { executionArn: arnOf(execution, machine), status, input: JSON.stringify(started) };
  const { environment = '' } = PLANS.find((plan) => machine.endsWith(`-${plan.environment}`)) ?? {};
  return callUnhindered(run, engine, environment, (ports) => reconcile(ports)({ detail } as Parameters<ReturnType<typeof reconcile>>[0]));
}

/** The event of an end arrives twice. */
function onceMore(world: World): Action[] {
  return all<Execution>(world, 'execution')
    .filter(([name, { status }]) => status === 'failed' && !of.ended(world).some(({ execution }) => execution === name))
    .map(([name]) =>
      trouble(`the safety net is told of ${name} once more`, async (run, engine) => void (await rescued(run, engine, { execution: name, status: 'ABORTED' }))),
    );
}
