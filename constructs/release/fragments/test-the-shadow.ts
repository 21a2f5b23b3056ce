import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { EnvironmentPlan, RunTestInput, TestPlan } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { assignCaught } from './failure';
import { GuardedStep } from './guarded-step';
import { callTask, sentence } from './hub-task';
import { jsonata, type Payload, taskInput } from './jsonata';

export interface TestTheShadowProps {
  readonly plan: EnvironmentPlan;
  /** Runs one test against the slot `$colour`. */
  readonly calls: HandlerFunction;
  /** Where a verdict leads that is not `passed`. */
  readonly otherwise: sfn.IChainable;
}

/** What the run-test function may need beyond the test itself: to start, to read where the slot is, to record the verdict. */
const AROUND_A_TEST = Duration.minutes(1);

/**
 * Every test of an environment at once, each in a branch of its own, so that one that breaks is a verdict among the others. Only when as many
 * verdicts are `passed` as there are tests the release goes on.
 */
export class TestTheShadow extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, { plan, calls, otherwise }: TestTheShadowProps) {
    super(scope, id);
    const { environment, tests } = plan;
    const all = sfn.Parallel.jsonata(this, 'Tests', { stateName: sentence(this, `Test the shadow of ${environment}`) });
    for (const [order, test] of tests.entries()) all.branch(this.branch(plan, test, order, calls));
    const judged = new GuardedStep(this, 'Verdicts', {
      task: all,
      question: `Did every test of ${environment} pass?`,
      goesOn: `$count($states.input[verdict = 'passed']) = ${tests.length}`,
      answer: "$states.input[$not(verdict = 'passed')][0]",
      subject: tests.map(({ name }) => name).join(', '),
      expected: 'every test passed',
      otherwise,
    });
    this.startState = judged.startState;
    this.endStates = judged.endStates;
  }

  private branch({ environment }: EnvironmentPlan, test: TestPlan, order: number, calls: HandlerFunction): sfn.IChainable {
    const stateName = `Run ${test.name} in ${environment}`;
    const payload: Payload<RunTestInput> = { ...taskInput(environment), colour: jsonata('$colour'), test: test.name };
    const timeout = Duration.seconds(test.timeoutSeconds).plus(AROUND_A_TEST);
    const expectation = { step: `Test the shadow of ${environment}`, subject: test.name, expected: 'a verdict' };
    const noVerdict = sfn.Pass.jsonata(this, `NoVerdict${order}`, { stateName: sentence(this, `No verdict from ${test.name} in ${environment}`) });
    return callTask(this, `Run${order}`, { stateName, calls, payload, timeout }).addCatch(noVerdict, {
      outputs: { verdict: 'error', ...assignCaught(expectation) },
    });
  }
}
