import type { EnvironmentPlan, HiddenUrl, RunTestInput, TestPlan } from '../../contract';
import { eventOf } from '../audit';
import { Conflict, Retry } from '../errors';
import { ofProbe, ofTeamsFunction, type Reading } from '../health/verdict';
import type { Change, Release } from '../model';
import type { Ports } from '../ports';
import { planOf, withEvidence } from '../release/release';

/** @throws Conflict when the release's plan has no such test in this environment, or at this step */
export function testOf(release: Release, { environment, test, percent }: RunTestInput): TestPlan {
  const plan = planOf(release, environment);
  const tests = percent === undefined ? plan.tests : (plan.steps.find((step) => step.percent === percent)?.tests ?? []);
  const found = tests.find((each) => each.name === test);
  if (found) return found;
  throw new Conflict(
    `${environment}${percent === undefined ? '' : ` at ${percent} percent`} has no test ${JSON.stringify(test)} for release ${release.version}; its tests are ${tests.map((each) => each.name).join(', ')}`,
  );
}

/** Runs one test against a slot. A test that cannot be run is an error of the test; a service that is busy is tried again. @throws Retry */
export async function runOn(ports: Ports, plan: EnvironmentPlan, input: RunTestInput, test: TestPlan): Promise<Reading> {
  const subject = `test ${test.name}`;
  try {
    if (test.kind === 'http') return { subject, logs: probeLogs(plan), ...ofProbe(test, await ports.tests.probe(plan, { ...test, colour: input.colour })) };
    const slot = await testUrlOf(ports, plan, input.colour);
    const request = { release: input.release, environment: input.environment, colour: input.colour, slot };
    return { subject, ...ofTeamsFunction(await ports.tests.invoke(plan, test.functionArn, request, test.timeoutSeconds), test.functionArn, 'test') };
  } catch (error) {
    if (error instanceof Retry) throw error;
    const logs = test.kind === 'http' ? probeLogs(plan) : test.functionArn;
    return { verdict: 'error', subject, expected: 'the test runs', actual: `it could not be run: ${(error as Error).message}`, logs };
  }
}

/** How the environment's own functions reach a slot. @throws Conflict when its front door does not say */
export async function testUrlOf({ frontDoors }: Pick<Ports, 'frontDoors'>, plan: EnvironmentPlan, colour: string): Promise<HiddenUrl> {
  const found = (await frontDoors.read(plan)).testUrls[colour];
  if (found) return found;
  throw new Conflict(`the front door of ${plan.environment} has no test URL for ${colour}; deploy the platform again`);
}

/** Where the probe function of an environment logs. */
export function probeLogs(plan: EnvironmentPlan): string {
  return `/aws/lambda/${plan.probeFunction} in ${plan.account}, ${plan.region}`;
}

/** The verdict as the evidence an acceptance is bound to. Once traffic moves nobody's acceptance changes by it: what does not pass takes the release back. */
export function tested(input: RunTestInput, release: Release, reading: Reading, at: string): Change {
  const { environment, test, colour, percent } = input;
  const { verdict, expected, actual, logs } = reading;
  return {
    put: percent === undefined ? [withEvidence(release, { test, environment, verdict, at })] : [],
    audit: [eventOf(input, at, 'TestFinished', { test, colour, ...(percent !== undefined && { percent }), verdict, expected, actual, logs })],
  };
}
