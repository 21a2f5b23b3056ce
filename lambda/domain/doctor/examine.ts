import type { DoctorView, EnvironmentPlan } from '../../contract';
import { knownEnvironment } from '../commands/known';
import type { Ports } from '../ports';
import { diagnose } from './diagnose';
import { type Finding, findingView } from './finding';
import { deadReleaseFinding, deadReleases, outboxFindings } from './hub-findings';
import { lookAt } from './look';
import { wavesLeft, wavesLeftFinding } from './waves-left';

/**
 * Compares ledger, weights, stacks, locks and trust in one environment, or in every one. Changes nothing.
 *
 * @throws Refused `UnknownEnvironment`
 */
export async function examine(ports: Ports, environment?: string): Promise<DoctorView> {
  const plans = await ports.plans.environments();
  const looked = environment === undefined ? plans : [knownEnvironment(plans, environment)];
  const findings = await findingsOf(ports, plans, looked);
  return { path: plans[0]?.path ?? '', environments: looked.map((plan) => plan.environment), findings: findings.map(findingView) };
}

async function findingsOf(ports: Ports, plans: readonly EnvironmentPlan[], looked: readonly EnvironmentPlan[]): Promise<Finding[]> {
  const [states, outbox, ...looks] = await Promise.all([
    Promise.all(plans.map((plan) => ports.ledger.environment(plan.environment))),
    outboxFindings(ports),
    ...looked.map((plan) => lookAt(ports, plan)),
  ]);
  const dead = (await deadReleases(ports, states)).map(deadReleaseFinding);
  const isLooked = (environment: string | undefined) => looked.some((plan) => plan.environment === environment);
  const left = (await wavesLeft(ports, states)).flatMap((each) => wavesLeftFinding(each, isLooked) ?? []);
  return [...looks.flatMap(diagnose), ...dead.filter(({ environment }) => isLooked(environment)), ...left, ...outbox];
}
