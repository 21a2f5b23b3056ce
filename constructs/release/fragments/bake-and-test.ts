import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { TestPlan, TrafficStep } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { GuardedStep } from './guarded-step';
import { sentence } from './hub-task';
import { jsonata } from './jsonata';
import { testBranch } from './test-branch';

export interface BakeAndTestProps {
  readonly environment: string;
  readonly step: TrafficStep;
  readonly tests: readonly TestPlan[];
  /** Makes the state that bakes, within a scope. */
  readonly bake: (scope: Construct) => sfn.TaskStateBase;
  readonly runTest: HandlerFunction;
  /** Where everything leads that is not healthy. */
  readonly rollBack: sfn.IChainable;
}

/**
 * A step's bake, and tests of the version that takes its traffic, beside each other: an alarm ends the tests as it ends the bake, and a test that does not
 * pass ends the bake, within seconds.
 *
 * ```
 *   ┌ bake ──nothing happened──> quiet ┐
 *   │   └──an alarm, a test, a person──┼──> (fails all of it) ──> roll back
 *   └ test, test, …  ──> a verdict ────┘
 *   └──all of it──> did every test pass? ──yes──> (next)
 * ```
 */
export class BakeAndTest extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, { environment, step: { percent, bakeSeconds }, tests, bake, runTest, rollBack }: BakeAndTestProps) {
    super(scope, id);
    const where = `${environment} at ${percent} percent`;
    const all = sfn.Parallel.jsonata(this, 'All', { stateName: sentence(this, `Bake and test ${where}`) });
    all.branch(this.baking(where, bake(this)));
    for (const [order, test] of tests.entries()) all.branch(testBranch(this, { environment, test, order, calls: runTest, percent }));
    const judged = new GuardedStep(this, 'Verdicts', {
      task: all,
      question: `Did every test of ${where} pass?`,
      goesOn: `$count($states.input[verdict = 'passed']) = ${tests.length}`,
      answer: "$states.input[$exists(verdict) and $not(verdict = 'passed')][0]",
      subject: 'the new version',
      expected: `no alarm for ${bakeSeconds} seconds, and every test passed: ${tests.map(({ name }) => name).join(', ')}`,
      otherwise: rollBack,
    });
    this.startState = judged.startState;
    this.endStates = judged.endStates;
  }

  /** Whatever ends a bake but its time fails the branch, and with it the others. */
  private baking(where: string, bake: sfn.TaskStateBase): sfn.IChainable {
    const quiet = sfn.Pass.jsonata(this, 'Quiet', { stateName: sentence(this, `Nothing ended the bake of ${where}`), outputs: {} });
    const ended = sfn.Fail.jsonata(this, 'Ended', {
      stateName: sentence(this, `Something ended the bake of ${where}`),
      error: jsonata('$states.input.Error'),
      cause: jsonata("$exists($states.input.Cause) ? $string($states.input.Cause) : 'no cause given'"),
    });
    return sfn.Chain.start(bake.addCatch(quiet, { errors: [sfn.Errors.TIMEOUT] }).addCatch(ended)).next(quiet);
  }
}
