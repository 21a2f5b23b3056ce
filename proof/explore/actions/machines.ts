/** What the state machines do: task after task, in the order that their definitions say. */

import { evidenceDigest } from '../../../lambda/domain/gates/evidence-digest';
import type { Gate } from '../../../lambda/domain/model';
import type { Ports } from '../../../lambda/domain/ports';
import type { State } from '../../machines/definition';
import { functionOf, handlerOf } from '../../machines/functions';
import { waitsForToken } from '../../machines/moves';
import { type Engine, FAILURE } from '../engine/engine';
import { ENVIRONMENTS } from '../path';
import { PASSED } from '../world/essence';
import { alarmOf } from '../world/ports';
import type { Run } from '../world/run';
import { all, type Execution, keyOf, of, type World } from '../world/world';
import { type Action, called, change, free, trouble } from './action';
import { callUnhindered } from './freezes';
import { stillWaits } from './world-around';

const TRIED_AGAIN = 'Lambda.ServiceException';
const NOT_TRIED_AGAIN = 'Lambda.Unknown';

export function ofMachines(world: World, engine: Engine): Action[] {
  return all<Execution>(world, 'execution').flatMap(([name, execution]) => [
    ...(execution.status === 'running' ? ofRunning(world, name, execution, engine) : []),
    ...late(name, execution, engine),
  ]);
}

function ofRunning(world: World, name: string, execution: Execution, engine: Engine): Action[] {
  const kill = change(`${name} is stopped by hand`, false, (run) => engine.kill(run, name));
  if (execution.child !== undefined) return [kill];
  const here = execution.inner ?? execution.state;
  if (execution.token !== undefined) return [...timesOut(world, name, execution, engine), kill];
  const again = execution.failing === undefined ? '' : ', again';
  const step = (choice: Run['choice'] = {}) => stepOf(name, choice);
  const task = taskOf(engine.at(execution));
  return [
    free(`${name}: ${here}${again}`, step()),
    ...(execution.failing === undefined
      ? [change(`${name}: ${here}: it cannot be called`, false, (run) => engine.caught(run, name, NOT_TRIED_AGAIN))]
      : [change(`${name}: ${here}: it was tried often enough`, true, (run) => engine.caught(run, name, execution.failing ?? ''))]),
    ...(task === 'deploy' ? [trouble(`${name}: ${here}${again}, and the deployment fails`, step({ deployment: 'failed' }))] : []),
    ...(task === 'migrate' ? [trouble(`${name}: ${here}${again}, and that fails half way`, step({ migration: 'failed' }))] : []),
    ...(task === 'run-test' ? [trouble(`${name}: ${here}${again}, and the test fails`, step({ verdict: 'failed' }))] : []),
    ...(task === 'read-gates' ? [trouble(`${name}: ${here}${again}, and too little was seen to tell`, step({ verdict: 'inconclusive' }))] : []),
    kill,
  ];
}

/**
 * A bake in which nothing happens is as it should be; people who say nothing are not. But where they cannot say anything any more, because their time is
 * up or the evidence has changed, time is what ends it.
 */
function timesOut(world: World, name: string, execution: Execution, engine: Engine): Action[] {
  const gate = all<Gate>(world, 'gate').find(([, { token }]) => token === execution.token)?.[1];
  const release = of.release(world, execution.started.release);
  const isBake = taskOf(engine.at(execution)) === 'start-bake' && !asksPeople(execution.state);
  const isDue =
    gate?.expiresAt === PASSED ||
    (gate && release && gate.evidenceDigest !== evidenceDigest(release, gate.environment, gate.outage ? 'firebreak' : gate.gate)) === true;
  return [change(`${name}: ${execution.state}: the time is up`, isBake || isDue, (run) => engine.caught(run, name, 'States.Timeout'))];
}

function stepOf(name: string, choice: Run['choice']): Action['act'] {
  return async (run, engine) => {
    const found = run.get<Execution | undefined>(keyOf.execution(name));
    if (found?.status !== 'running' || found.child !== undefined || found.token !== undefined) return;
    const state = engine.at(found);
    const execution = waitsForToken(state) ? engine.withToken(run, name, found) : found;
    const payload = engine.payload(name, execution);
    run.choice = choice;
    const act = (ports: Ports) => handlerOf(taskOf(state))(ports)(payload);
    const environment = String(payload.environment);
    const { outage } = of.environment(run.world, environment);
    const givesBack = bringsBack(payload) || (outage !== undefined && !outage.over);
    const ended = givesBack ? await callUnhindered(run, engine, environment, act) : await called(run, engine, act);
    if (!('error' in ended) && taskOf(state) === 'start-bake') lookedAtAlarms(run, String(payload.environment));
    // Its token was answered meanwhile, or it was stopped: the machine does not listen any more.
    if (run.world.get(keyOf.execution(name)) !== execution) return;
    const after = run.after();
    if ('error' in ended) engine.failed(after, name, ended.error === 'Died' ? TRIED_AGAIN : ended.error);
    else if (!waitsForToken(state)) {
      if (choice.verdict === 'inconclusive') unclear(after, name, payload, ended.answer);
      engine.succeeded(after, name, { Payload: ended.answer });
    }
  };
}

/** A roll back, a stop, and what comes before them where users are out. */
const bringsBack = ({ failure, asks, outage }: Readonly<Record<string, unknown>>) =>
  (failure !== undefined && asks === undefined) || outage === 'stays' || outage === 'undoes';

/** Who lets a machine wait has looked at the alarms after that: nobody waits while one fires. */
function lookedAtAlarms(run: Run, environment: string): void {
  for (const each of of.waves(run.world) ? ENVIRONMENTS : [environment])
    for (const colour of of.alarms(run.world, each)) stillWaits(run, alarmOf(each, colour));
}

/** A state in which the function that starts bakes asks people. */
const asksPeople = (state: string) => /^(Pause|Ask about) /.test(state);

/** Too little was seen of the slot, and the machine was told something else than that it is bad. */
function unclear(run: Run, name: string, payload: Readonly<Record<string, unknown>>, answer: unknown): void {
  const { verdict } = answer as { readonly verdict: string };
  if (verdict === 'failed' || verdict === 'error') return;
  const environment = String(payload.environment);
  const memory = of.memory(run.world, environment);
  run.set(keyOf.memory(environment), { ...memory, unclear: [...new Set([...memory.unclear, `${name} ${payload.percent}`])] });
}

/** A call that was given up, or was made twice, arrives now. Nobody listens to its answer. */
function late(name: string, execution: Execution, engine: Engine): Action[] {
  const call = (state: string, choice: Run['choice']): Action['act'] => {
    return async (run) => {
      run.choice = choice;
      const definition = engine.named(execution, state);
      // What was inconclusive is gone by then, and is told in the same words everywhere.
      const input = asksPeople(state) ? { failure: FAILURE } : execution.input;
      const payload = engine.payload(name, { ...execution, input }, definition, `${name} ${state} 1`);
      await called(run, engine, (ports) => handlerOf(taskOf(definition))(ports)(payload));
    };
  };
  return execution.late.flatMap((state) => [
    trouble(`${name}: a late call of: ${state}`, call(state, {})),
    ...(taskOf(engine.named(execution, state)) === 'run-test'
      ? [trouble(`${name}: a late call of: ${state}, which fails`, call(state, { verdict: 'failed' }))]
      : []),
  ]);
}

const taskOf = ({ functionArn = '' }: State) => functionOf(functionArn);
