import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { EnvironmentPlan } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { GuardedStep } from './guarded-step';
import { sentence } from './hub-task';
import { testBranch } from './test-branch';

export interface TestTheShadowProps {
  readonly plan: EnvironmentPlan;
  /** Runs one test against the slot `$colour`. */
  readonly calls: HandlerFunction;
  /**
   * When they run, where that is not before everything else; part of the states' names.
   *
   * @default - before anybody is asked
   */
  readonly when?: 'in the outage';
  /** Where a verdict leads that is not `passed`. */
  readonly otherwise: sfn.IChainable;
}

/**
 * Every test of an environment at once, each in a branch of its own, so that one that breaks is a verdict among the others. Only when as many
 * verdicts are `passed` as there are tests the release goes on.
 */
export class TestTheShadow extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, { plan, calls, when, otherwise }: TestTheShadowProps) {
    super(scope, id);
    const { tests } = plan;
    const environment = when === undefined ? plan.environment : `${plan.environment} ${when}`;
    const all = sfn.Parallel.jsonata(this, 'Tests', { stateName: sentence(this, `Test the shadow of ${environment}`) });
    for (const [order, test] of tests.entries()) all.branch(testBranch(this, { environment: plan.environment, test, order, calls, when }));
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
}
