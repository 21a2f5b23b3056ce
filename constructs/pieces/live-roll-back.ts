import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { RollBackRequest } from '../../lambda/contract';
import type { HandlerFunction } from '../private/handler-function';
import { WorkflowMachine } from '../private/workflow-machine';
import { callBesideWriter } from '../release/fragments/hub-task';
import { EXECUTION, jsonata, type Payload } from '../release/fragments/jsonata';

export interface LiveRollBackProps {
  readonly stateMachineName: string;
  readonly environment: string;
  /** The one writer. */
  readonly calls: HandlerFunction;
}

/** Takes what is live back to what was live before, in one call: `states:StartExecution` with `{ "reason": "…" }`. Who asked is recorded as the execution. */
export class LiveRollBack extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, { stateMachineName, environment, calls }: LiveRollBackProps) {
    super(scope, id);
    const payload: Payload<RollBackRequest> = { environment, who: jsonata(EXECUTION), reason: jsonata('$states.input.reason') };
    const fail = (failId: string, stateName: string, error: string, cause: string) => sfn.Fail.jsonata(this, failId, { stateName, error, cause });
    const unheard = fail(
      'Unheard',
      `${environment} may not be rolled back`,
      jsonata('$states.input.Error'),
      jsonata("$string($states.input.Cause) & '; ask again'"),
    );
    const answered = sfn.Choice.jsonata(this, 'Answer', { stateName: `Is ${environment} rolled back?` })
      .when(
        sfn.Condition.jsonata(jsonata("$states.input.outcome = 'rolledBack'")),
        sfn.Succeed.jsonata(this, 'Done', { stateName: `${environment} serves what was live before` }),
      )
      .otherwise(
        fail(
          'Refused',
          `${environment} stays as it is`,
          'CannotRollBack',
          jsonata("'expected ' & $states.input.failure.expected & ', found ' & $states.input.failure.actual"),
        ),
      );
    const task = callBesideWriter(this, 'Task', { stateName: `Roll back what is live in ${environment}`, calls, payload })
      .addCatch(unheard)
      .next(answered);
    const definition = sfn.Choice.jsonata(this, 'Reason', { stateName: 'Is it said why?' })
      .when(sfn.Condition.jsonata(jsonata("$type($states.input.reason) = 'string' and $length($trim($states.input.reason)) > 0")), task)
      .otherwise(
        fail('NoReason', 'A reason is needed', 'NoReason', 'start it with { "reason": "…" }: say in a sentence why, for those who read it afterwards'),
      );
    this.stateMachine = new WorkflowMachine(this, 'Workflow', {
      stateMachineName,
      comment: `Rolls back what is live in ${environment}`,
      definition,
      timeout: Duration.minutes(15),
      calls: [calls],
    }).stateMachine;
  }
}
