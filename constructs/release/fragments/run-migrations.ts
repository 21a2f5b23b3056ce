import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { RunContractInput, SlotTaskInput } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { GuardedStep } from './guarded-step';
import { callTask } from './hub-task';
import { jsonata, type Payload } from './jsonata';

export interface RunMigrationsProps {
  readonly environment: string;
  readonly calls: HandlerFunction;
  readonly payload: Payload<SlotTaskInput> | Payload<RunContractInput>;
  /** What is done to the shared state, and what it is then: `Migrate`, `migrated`. */
  readonly words: { readonly does: string; readonly done: string };
  /** How often they are followed, each time for a quarter of an hour. */
  readonly mostRuns: number;
  readonly otherwise: sfn.IChainable;
}

/** Runs what a release brings for the shared state. As the deployer does: one that takes long is followed by several runs, which `$runs` counts. */
export function runMigrations(scope: Construct, id: string, { environment, calls, payload, words, mostRuns, otherwise }: RunMigrationsProps): GuardedStep {
  const subject = `the shared state of ${environment}`;
  return new GuardedStep(scope, id, {
    task: callTask(scope, `${id}Task`, { stateName: `${words.does} ${subject}`, calls, payload, assign: { runs: jsonata('$runs + 1') } }),
    question: `Is ${subject} ${words.done}?`,
    again: `$states.input.outcome = 'migrating' and $runs < ${mostRuns}`,
    goesOn: "$states.input.outcome = 'migrated'",
    subject,
    expected: `${words.done} within ${mostRuns} quarters of an hour`,
    otherwise,
  });
}
