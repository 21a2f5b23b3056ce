import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CONTRACT_VERSION, type EnvironmentPlan } from '../../lambda/contract';
import { PathNames } from '../private/names';

/** What it does not have. Step Functions' own checks take no empty texts. */
export const NONE = 'none';

/**
 * The plan of an environment of which a team takes one piece, in the stack's own account: what the piece does not need it does not have.
 *
 * @param given what it has
 */
export function ownPlan(scope: Construct, path: string, environment: string, given: Partial<EnvironmentPlan>): EnvironmentPlan {
  const { account, region } = Stack.of(scope);
  const { frontDoorParameter, probeFunction } = new PathNames(path).environment(environment);
  return {
    contract: CONTRACT_VERSION,
    path,
    environment,
    order: 0,
    account,
    region,
    roles: { deploy: NONE, operator: NONE, observer: NONE, execution: NONE },
    frontDoorParameter,
    probeFunction,
    slots: [],
    tests: [],
    steps: [],
    gates: [],
    ...given,
  };
}
