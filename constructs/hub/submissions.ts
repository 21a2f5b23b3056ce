import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { EVENT_SOURCE, SUBMIT_EVENT, type SubmitInput } from '../../lambda/contract';
import { acknowledgeWildcards } from '../private/acknowledge';
import { PathNames } from '../private/names';
import { WorkflowMachine } from '../private/workflow-machine';
import { callTask } from '../release/fragments/hub-task';
import { EXECUTION, jsonata, type Payload } from '../release/fragments/jsonata';
import type { PathFunctions } from './hub-functions';

export interface SubmissionsProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly functions: Pick<PathFunctions, 'submit'>;
  /** The hub's bus. */
  readonly bus: events.IEventBus;
  /** Managed policy of pipelines: it is allowed these ways of submitting too. */
  readonly submitPolicy: iam.ManagedPolicy;
}

/**
 * Ways to submit a release without `ptl`: starting a state machine (`states:StartExecution`, from a machine of the team's own for example), or an
 * event on the hub's bus. Both take what `ptl bundle` prints. Neither waits for the release: its events tell how it goes on.
 *
 * ```
 *   an event SubmitRelease ──┐
 *   states:StartExecution ───┴─> submit the release ──> submitted
 *                                       └──refused──> the submission is refused, with the reason as cause and as event
 * ```
 *
 * Who submitted is recorded as the execution: who started that, or sent the event, is in CloudTrail.
 */
export class Submissions extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, { path, functions, bus, submitPolicy }: SubmissionsProps) {
    super(scope, id);
    this.stateMachine = new WorkflowMachine(this, 'Workflow', {
      stateMachineName: new PathNames(path).submitMachine,
      comment: `Takes submissions of releases to the path to live of ${path}`,
      definition: this.story(functions),
      timeout: Duration.minutes(15),
      calls: [functions.submit],
    }).stateMachine;
    new events.Rule(this, 'Event', {
      eventBus: bus,
      description: `An event ${SUBMIT_EVENT} submits a release to the path to live of ${path}`,
      eventPattern: { source: events.Match.anythingBut(EVENT_SOURCE), detailType: [SUBMIT_EVENT] },
      targets: [new targets.SfnStateMachine(this.stateMachine, { input: events.RuleTargetInput.fromEventPath('$.detail') })],
    });
    this.allow(submitPolicy, bus);
  }

  private story({ submit }: Pick<PathFunctions, 'submit'>): sfn.IChainable {
    const payload: Payload<SubmitInput> = { execution: jsonata(EXECUTION), body: jsonata('$states.input') };
    const submitted = sfn.Succeed.jsonata(this, 'Submitted', { stateName: 'The release is submitted' });
    const refused = sfn.Fail.jsonata(this, 'Refused', {
      stateName: 'The submission is refused',
      error: jsonata('$states.input.code'),
      cause: jsonata('$states.input.message'),
    });
    const unheard = sfn.Fail.jsonata(this, 'Unheard', {
      stateName: 'The hub could not take the submission',
      error: jsonata('$states.input.Error'),
      cause: jsonata("($exists($states.input.Cause) ? $states.input.Cause : 'no cause given') & '; submit it again'"),
    });
    const question = sfn.Choice.jsonata(this, 'Question', { stateName: 'Is the release submitted?' })
      .when(sfn.Condition.jsonata(jsonata("$states.input.outcome = 'submitted'")), submitted)
      .otherwise(refused);
    return callTask(this, 'Submit', { stateName: 'Submit the release', calls: submit, payload }).addCatch(unheard).next(question);
  }

  private allow(policy: iam.ManagedPolicy, bus: events.IEventBus): void {
    const { stateMachineArn, stateMachineName } = this.stateMachine;
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    policy.addStatements(
      new iam.PolicyStatement({ sid: 'SubmitByStateMachine', actions: ['states:StartExecution'], resources: [stateMachineArn] }),
      new iam.PolicyStatement({ sid: 'LookWhatBecameOfIt', actions: ['states:DescribeExecution'], resources: [executions] }),
      new iam.PolicyStatement({
        sid: 'SubmitByEvent',
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        // Events of the path itself are for the path: nobody else may tell that a release went live.
        conditions: { StringEquals: { 'events:detail-type': SUBMIT_EVENT }, StringNotEquals: { 'events:source': EVENT_SOURCE } },
      }),
    );
    acknowledgeWildcards(policy, 'the executions of one state machine: their names are made when they are started', executions);
  }
}
