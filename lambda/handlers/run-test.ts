import type { RunTestInput, VerdictOutput } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import { knownRelease } from '../domain/commands/known';
import { failedBeside } from '../domain/health/failed-beside';
import { raisedByTests } from '../domain/health/raised-by-tests';
import { answered, worst } from '../domain/health/verdict';
import { outOfTime } from '../domain/outage/outage';
import type { Ports } from '../domain/ports';
import { planOf } from '../domain/release/release';
import { mayGoOn } from '../domain/steps/recheck';
import { step } from '../domain/steps/step';
import { runOn, tested, testOf } from '../domain/steps/testing';
import { alarms, frontDoors, ledger, task, tests } from './wiring';

/** Tests that run side by side write the same release; each gets its turn. */
const TURNS = 40;

/**
 * Runs one test of an environment against the shadow, and keeps the verdict as evidence. Then reads the slot's alarms, which were quiet when it was
 * deployed: what the tests have raised stops the release before anybody is asked. Tests run side by side; the last one to end sees them all.
 *
 * Beside a bake it ends that when it does not pass.
 */
export function runTest(ports: Ports) {
  return async (input: RunTestInput): Promise<VerdictOutput> => {
    const { environment, colour, test } = input;
    const { percent } = input;
    const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(environment)]);
    const before = state.outage ? step.testInOutage(environment) : step.test(environment);
    const at = percent === undefined ? before : step.testAgain(environment, percent);
    const asked = testOf(release, input);
    const failure = mayGoOn(at, input, release, state) ?? outOfTime(at, input, state, ports.clock.now(), asked.timeoutSeconds);
    if (failure) return { verdict: 'failed', failure };
    const plan = planOf(release, environment);
    const reading = await runOn(ports, plan, input, asked);
    // Beside a bake the alarms have the bake to end.
    const alarm = percent === undefined ? await raisedByTests(ports, plan, input, state.slots[colour]) : undefined;
    await decideAgain(ports.clock, async () => ports.ledger.commit(tested(input, await knownRelease(ports, input.release), reading, ports.clock.now())), TURNS);
    const { verdict, expected, actual } = reading;
    if (percent !== undefined && verdict !== 'passed') await failedBeside(ports, input, reading);
    const { actual: raised = 'none' } = alarm ?? {};
    ports.log.info('test finished', { release: input.release, environment, slot: colour, test, percent, verdict, expected, actual, alarms: raised });
    return answered(at, worst(alarm ? [reading, alarm] : [reading]) ?? reading);
  };
}

export const handler = task(runTest, { ledger, alarms, frontDoors, tests });
