import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ACCOUNT, REGION } from './environments';
import { call, EXECUTION, makeMachine } from './states';

/** The machine that takes submissions, the event that starts it, and what a pipeline is allowed of both. */
export function makeSubmissions(stack: Construct, service: string, submit: lambda.Function, bus: events.EventBus, policy: iam.ManagedPolicy): sfn.StateMachine {
  const scope = new Construct(stack, 'Submissions');
  const submitted = sfn.Succeed.jsonata(scope, 'Submitted', { stateName: 'The release is submitted' });
  const refused = sfn.Fail.jsonata(scope, 'Refused', {
    stateName: 'The submission is refused',
    error: '{% $states.input.code %}',
    cause: '{% $states.input.message %}',
  });
  const unheard = sfn.Fail.jsonata(scope, 'Unheard', {
    stateName: 'The hub could not take the submission',
    error: '{% $states.input.Error %}',
    cause: "{% ($exists($states.input.Cause) ? $states.input.Cause : 'no cause given') & '; submit it again' %}",
  });
  const question = sfn.Choice.jsonata(scope, 'Question', { stateName: 'Is the release submitted?' })
    .when(sfn.Condition.jsonata("{% $states.input.outcome = 'submitted' %}"), submitted)
    .otherwise(refused);
  const payload = { execution: EXECUTION, body: '{% $states.input %}' };
  const task = call(scope, 'Submit', 'Submit the release', { calls: submit, payload, seconds: 90 });
  const story = task.addCatch(unheard).next(question);
  const machine = makeMachine(scope, `${service}-submit`, `Takes submissions of releases to the path to live of ${service}`, story, 900, [submit]);
  new events.Rule(scope, 'Event', {
    eventBus: bus,
    description: `An event SubmitRelease submits a release to the path to live of ${service}`,
    eventPattern: { source: events.Match.anythingBut('path-to-live'), detailType: ['SubmitRelease'] },
    targets: [new targets.SfnStateMachine(machine, { input: events.RuleTargetInput.fromEventPath('$.detail') })],
  });
  const conditions = { StringEquals: { 'events:detail-type': 'SubmitRelease' }, StringNotEquals: { 'events:source': 'path-to-live' } };
  policy.addStatements(
    new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }),
    new iam.PolicyStatement({ actions: ['states:DescribeExecution'], resources: [`arn:aws:states:${REGION}:${ACCOUNT}:execution:${service}-submit:*`] }),
    new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn], conditions }),
  );
  return machine;
}
