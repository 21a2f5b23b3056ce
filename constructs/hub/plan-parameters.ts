import { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { EnvironmentPlan } from '../../lambda/contract';
import { PathToLiveError } from '../private/errors';
import { PathNames } from '../private/names';

export interface PlanParametersProps {
  readonly plans: readonly EnvironmentPlan[];
}

/** Bytes a parameter's value may have, by tier, https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html. */
const STANDARD_BYTES = 4_096;
const ADVANCED_BYTES = 8_192;
/** What a value that is only known at deployment may add: a pseudo parameter such as the partition, or an ARN. */
const PSEUDO_BYTES = 16;
const ARN_BYTES = 200;

/** What was synthesized, where the hub's functions find it: one SSM parameter an environment. Submitting a release copies all of them. */
export class PlanParameters extends Construct {
  constructor(scope: Construct, id: string, { plans }: PlanParametersProps) {
    super(scope, id);
    for (const plan of plans) this.parameter(plan);
  }

  private parameter(plan: EnvironmentPlan): void {
    const stringValue = Stack.of(this).toJsonString(plan);
    const bytes = bytesOf(Stack.of(this).resolve(stringValue));
    if (bytes > ADVANCED_BYTES) {
      throw new PathToLiveError(
        'PlanTooLarge',
        `${this.node.path}/${plan.environment}`,
        `the plan of the environment has ${bytes} bytes, at most ${ADVANCED_BYTES} fit into an SSM parameter; name fewer tests, steps, parties or ` +
          'members of parties (a role instead of its users)',
      );
    }
    new ssm.StringParameter(this, plan.environment, {
      parameterName: new PathNames(plan.path).environment(plan.environment).planParameter,
      description: `How releases go through ${plan.environment}`,
      stringValue,
      tier: bytes > STANDARD_BYTES ? ssm.ParameterTier.ADVANCED : ssm.ParameterTier.STANDARD,
    });
  }
}

function bytesOf(resolved: unknown): number {
  if (typeof resolved === 'string') return Buffer.byteLength(resolved);
  const { 'Fn::Join': join, Ref: ref } = resolved as { 'Fn::Join'?: [string, unknown[]]; Ref?: string };
  if (join !== undefined) return join[1].reduce<number>((sum, part) => sum + bytesOf(part), 0);
  return ref?.startsWith('AWS::') ? PSEUDO_BYTES : ARN_BYTES;
}
