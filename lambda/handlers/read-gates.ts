import type { ReadGatesInput, Verdict, VerdictOutput } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import { knownRelease } from '../domain/commands/known';
import { bakeOf, shareOf, withBakeRead } from '../domain/health/bake';
import { notBaked, quiet, raisedMeanwhile, readGate } from '../domain/health/reading';
import { answered, type Reading, worst } from '../domain/health/verdict';
import type { EnvironmentState, Release } from '../domain/model';
import type { Ports } from '../domain/ports';
import { planOf } from '../domain/release/release';
import { mayGoOn } from '../domain/steps/recheck';
import { stepOf } from '../domain/steps/step';
import { ofEarlierWaves } from '../domain/waves/earlier-alarms';
import { alarms, frontDoors, health, ledger, metrics, task, tests } from './wiring';

/** Reads every health gate of the environment once more, after a bake that nobody ended. */
export function readGates(ports: Ports) {
  return async (input: ReadGatesInput): Promise<VerdictOutput> => {
    const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(input.environment)]);
    const at = stepOf(state).readGates(input.environment, input.percent);
    const failure = mayGoOn(at, input, release, state);
    if (failure) return { verdict: 'failed', failure };
    const reading = await readAll(ports, input, release, state);
    await endBaking(ports, input, planOf(release, input.environment).inconclusive ? reading.verdict : 'passed');
    const { verdict, subject, expected, actual } = reading;
    const { environment, colour } = input;
    ports.log.info('health gates read', {
      release: input.release,
      environment,
      slot: colour,
      percent: shareOf(state, input),
      verdict,
      subject,
      expected,
      actual,
    });
    return answered(at, reading);
  };
}

async function readAll(ports: Ports, input: ReadGatesInput, release: Release, state: EnvironmentState): Promise<Reading> {
  const plan = planOf(release, input.environment);
  const bake = bakeOf(state, input);
  const slot = state.slots[input.colour];
  const earlier = await ofEarlierWaves(ports, release);
  if (!bake || !slot)
    return worst([notBaked(plan, shareOf(state, input), input.execution), ...(await raisedMeanwhile(ports, plan, slot)), ...earlier]) as Reading;
  const { gates = [] } = plan.steps.find(({ percent }) => percent === input.percent) ?? {};
  const readings = await Promise.all([...plan.gates, ...gates].map((gate) => readGate(ports, gate, { plan, state, bake, slot })));
  return worst([...earlier, ...readings]) ?? quiet(shareOf(state, input), input.execution);
}

/** @param verdict of the last reading, where it may lead to a question; an answer that was lost is read once more */
async function endBaking(ports: Ports, input: ReadGatesInput, verdict: Verdict): Promise<void> {
  await decideAgain(ports.clock, async () => {
    const state = await ports.ledger.environment(input.environment);
    const bake = bakeOf(state, input);
    if (bake && (bake.readAt === undefined || (bake.verdict ?? 'passed') !== verdict))
      await ports.ledger.commit({ put: [withBakeRead({ ...state, bake }, ports.clock.now(), verdict)], audit: [] });
  });
}

export const handler = task(readGates, { ledger, alarms, health, metrics, tests, frontDoors });
