import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';

export const EXECUTION = '{% $states.context.Execution.Id %}';
export const RELEASE = '{% $states.context.Execution.Input.release %}';
/** The token a state waits on, and which try of the state it is of. */
export const TOKEN = {
  token: '{% $states.context.Task.Token %}',
  enteredAt: '{% $states.context.State.EnteredTime %}',
  retries: '{% $states.context.State.RetryCount %}',
};

const CAUGHT =
  "{% ($cause := $exists($states.errorOutput.Cause) ? $string($states.errorOutput.Cause) : 'no cause given'; " +
  `$said := $contains($cause, '"errorMessage":') ? $substringAfter($substringAfter($cause, '"errorMessage":'), '"') : $cause; ` +
  `$alone := $substringBefore($substringBefore($replace($said, '", "', '","'), '","trace"'), '","errorType"'); ` +
  `$states.errorOutput.Error & ': ' & $substring($replace($alone, '\\\\"', '"'), 0, 1000)) %}`;

/** The failure that a Catch keeps for the ticket. */
export function caught(step: string, subject: string, expected: string) {
  return { failure: { step, subject, expected, actual: CAUGHT, logs: EXECUTION } };
}

/** The failure that an answer carries, or is. */
export function answered(step: string, subject: string, expected: string, answer = '$states.input') {
  const made = `{"step": ${JSON.stringify(step)}, "subject": ${JSON.stringify(subject)}, "expected": ${JSON.stringify(expected)}, `;
  const actual = `"actual": $substring($string($answer), 0, 1000), "logs": $states.context.Execution.Id}`;
  return { failure: `{% ($answer := ${answer}; $exists($answer.failure) ? $answer.failure : ${made}${actual}) %}` };
}

export interface CallProps {
  readonly calls: lambda.Function;
  readonly payload: Record<string, unknown>;
  readonly seconds: number;
  readonly waits?: boolean;
  readonly outputs?: string | object;
  readonly assign?: Record<string, unknown>;
}

/** A state that calls a function; with `waits`, until its token is answered. */
export function call(scope: Construct, id: string, stateName: string, props: CallProps): tasks.LambdaInvoke {
  const task = tasks.LambdaInvoke.jsonata(scope, id, {
    stateName,
    lambdaFunction: props.calls.currentVersion,
    payload: sfn.TaskInput.fromObject(props.payload),
    integrationPattern: props.waits ? sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN : sfn.IntegrationPattern.REQUEST_RESPONSE,
    taskTimeout: sfn.Timeout.duration(Duration.seconds(props.seconds)),
    outputs: props.outputs ?? (props.waits ? '{% $states.result %}' : '{% $states.result.Payload %}'),
    assign: props.assign,
    retryOnServiceExceptions: false,
  });
  task.addRetry({
    errors: [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
      'Lambda.ClientExecutionTimeoutException',
      'Retry',
    ],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxAttempts: 6,
    jitterStrategy: sfn.JitterType.FULL,
  });
  return task;
}

export interface QuestionProps {
  readonly yes: string;
  /** When the task is called once more. */
  readonly again?: string;
  readonly subject: string;
  readonly expected: string;
  readonly otherwise: sfn.IChainable;
  readonly onError?: sfn.IChainable;
  readonly answer?: string;
  readonly assign?: Record<string, unknown>;
}

/** The question about a task's answer, as the state after it; an answer that is not yes, and an error, lead elsewhere. */
export function ask(scope: Construct, id: string, stateName: string, task: sfn.TaskStateBase | sfn.Parallel, props: QuestionProps): sfn.Choice {
  const { subject, expected, otherwise, assign } = props;
  const choice = sfn.Choice.jsonata(scope, id, { stateName });
  if (props.again !== undefined) choice.when(sfn.Condition.jsonata(`{% ${props.again} %}`), task);
  choice.when(sfn.Condition.jsonata(`{% $not(${props.yes}) %}`), otherwise, {
    assign: { ...answered(task.stateId, subject, expected, props.answer), ...assign },
  });
  task.addCatch(props.onError ?? otherwise, { assign: { ...caught(task.stateId, subject, expected), ...assign } });
  task.next(choice);
  return choice;
}

/** The state machine, its log and its role. */
export function makeMachine(
  scope: Construct,
  name: string,
  comment: string,
  definition: sfn.IChainable,
  seconds: number,
  calls: lambda.Function[],
  more: iam.PolicyStatement[] = [],
) {
  const logGroupName = `/aws/vendedlogs/states/${name}`;
  const own = new Construct(scope, 'Workflow');
  const destination = new logs.LogGroup(own, 'Log', { logGroupName, retention: logs.RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
  const statements = [
    new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: calls.map((called) => `${called.functionArn}:*`) }),
    new iam.PolicyStatement({
      actions: [
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
      ],
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
      resources: ['*'],
    }),
    ...more,
  ];
  const role = new iam.Role(own, 'Role', {
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
    inlinePolicies: { Workflow: new iam.PolicyDocument({ statements }) },
  });
  return new sfn.StateMachine(own, 'Machine', {
    stateMachineName: name,
    comment,
    definitionBody: sfn.DefinitionBody.fromChainable(definition),
    queryLanguage: sfn.QueryLanguage.JSONATA,
    timeout: Duration.seconds(seconds),
    tracingEnabled: true,
    logs: { destination, level: sfn.LogLevel.ALL, includeExecutionData: false },
    role: role.withoutPolicyUpdates(),
  });
}
