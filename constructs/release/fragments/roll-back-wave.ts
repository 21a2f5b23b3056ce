import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { RollBackWaveInput } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { orSafetyNet } from './ending';
import { callBesideWriter } from './hub-task';
import { jsonata, type Payload, taskInput } from './jsonata';

/** Variables that are set where a release fails in a wave, or in front of it. */
export const FAILED_IN = {
  /** The wave. */
  environment: 'environment',
  /** `stopped` or `rolledBack`; the latter as soon as one wave has gone back. */
  outcome: 'outcome',
} as const;

export interface RollBackWaveProps {
  readonly environment: string;
  /** The one writer of live rules. */
  readonly calls: HandlerFunction;
  /** Where it leads when that cannot be carried out. */
  readonly safetyNet: sfn.IChainable;
}

/**
 * Takes back a wave in which the release went live, because it failed in a later one. One in which it did not, or that cannot go back, is answered just so:
 * the next one is looked at all the same.
 */
export function rollBackWave(scope: Construct, id: string, { environment, calls, safetyNet }: RollBackWaveProps): sfn.TaskStateBase {
  const payload: Payload<RollBackWaveInput> = { ...taskInput(environment), failedIn: jsonata(`$${FAILED_IN.environment}`), failure: jsonata('$failure') };
  const isBack = "$states.result.Payload.outcome = 'rolledBack'";
  const task = callBesideWriter(scope, id, {
    stateName: `Roll back ${environment}, an earlier wave`,
    calls,
    payload,
    assign: { [FAILED_IN.outcome]: jsonata(`${isBack} ? 'rolledBack' : $${FAILED_IN.outcome}`) },
  });
  return orSafetyNet(task, safetyNet);
}

/** What a release's failure in a wave, or in front of it, leaves for those before it. */
export function failedIn(environment: string): Record<string, string> {
  // In a Catch the input is not an answer, but what the state was entered with: of a release that goes on.
  return {
    [FAILED_IN.environment]: environment,
    [FAILED_IN.outcome]: jsonata("$states.input.outcome = 'rolledBack' ? 'rolledBack' : 'stopped'"),
  };
}
