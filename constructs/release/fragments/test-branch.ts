import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { RunTestInput, TestPlan } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { assignCaught } from './failure';
import { callTask, sentence } from './hub-task';
import { type Payload, slotInput } from './jsonata';

/** What the run-test function may need beyond the test itself: to start, to read where the slot is, to record the verdict. */
export const AROUND_A_TEST = Duration.minutes(1);

export interface TestBranchProps {
  readonly environment: string;
  readonly test: TestPlan;
  /** Among the tests beside it, from 0. */
  readonly order: number;
  /** Runs one test against the slot `$colour`. */
  readonly calls: HandlerFunction;
  /**
   * The step beside whose bake it runs.
   *
   * @default - none: the slot is the shadow
   */
  readonly percent?: number;
  /**
   * When it runs, where that is not before everything else; part of the states' names.
   *
   * @default - before anybody is asked
   */
  readonly when?: 'in the outage';
}

/** One test, as a branch among others: it hands on a verdict, whatever happens. */
export function testBranch(scope: Construct, { environment, test, order, calls, percent, when }: TestBranchProps): sfn.IChainable {
  const where = percent !== undefined ? `${environment} at ${percent} percent` : when !== undefined ? `${environment} ${when}` : environment;
  const payload: Payload<RunTestInput> = { ...slotInput(environment), test: test.name, ...(percent !== undefined && { percent }) };
  const timeout = Duration.seconds(test.timeoutSeconds).plus(AROUND_A_TEST);
  const step = percent === undefined ? `Test the shadow of ${where}` : `Bake and test ${where}`;
  const noVerdict = sfn.Pass.jsonata(scope, `NoVerdict${order}`, { stateName: sentence(scope, `No verdict from ${test.name} in ${where}`) });
  return callTask(scope, `Run${order}`, { stateName: `Run ${test.name} in ${where}`, calls, payload, timeout }).addCatch(noVerdict, {
    outputs: { verdict: 'error', ...assignCaught({ step, subject: test.name, expected: 'a verdict' }) },
  });
}
