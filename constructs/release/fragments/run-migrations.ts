import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { MigrateInOutageInput, RunContractInput, SlotTaskInput } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { GuardedStep, type GuardedStepProps } from './guarded-step';
import { callTask } from './hub-task';
import { jsonata, type Payload } from './jsonata';

export interface RunMigrationsProps {
  readonly environment: string;
  readonly calls: HandlerFunction;
  readonly payload: Payload<SlotTaskInput> | Payload<RunContractInput> | Payload<MigrateInOutageInput>;
  /** What is done to the shared state, and what it is then: `Migrate`, `migrated`; and when, for example `in the outage`. */
  readonly words: { readonly does: string; readonly done: string; readonly when?: string };
  /** How often they are followed, each time for a quarter of an hour. */
  readonly mostRuns: number;
  /** @default - there is no other way to go */
  readonly instead?: GuardedStepProps['instead'];
  readonly otherwise: sfn.IChainable;
}

/** Runs what a release brings for the shared state. As the deployer does: one that takes long is followed by several runs, which `$runs` counts. */
export function runMigrations(scope: Construct, id: string, props: RunMigrationsProps): GuardedStep {
  const { environment, calls, payload, words, mostRuns, instead, otherwise } = props;
  const subject = `the shared state of ${environment}`;
  const when = words.when === undefined ? '' : ` ${words.when}`;
  return new GuardedStep(scope, id, {
    task: callTask(scope, `${id}Task`, { stateName: `${words.does} ${subject}${when}`, calls, payload, assign: { runs: jsonata('$runs + 1') } }),
    question: `Is ${subject} ${words.done}${when}?`,
    instead,
    again: `$states.input.outcome = 'migrating' and $runs < ${mostRuns}`,
    goesOn: "$states.input.outcome = 'migrated'",
    subject,
    expected: `${words.done} within ${mostRuns} quarters of an hour`,
    otherwise,
  });
}
