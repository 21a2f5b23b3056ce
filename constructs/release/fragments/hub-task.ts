import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IVersion } from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { ERRORS } from '../../../lambda/contract';
import { PathToLiveError } from '../../private/errors';
import type { HandlerFunction } from '../../private/handler-function';
import { jsonata } from './jsonata';

export interface HubTaskProps {
  /** The state's name: a sentence of at most 80 characters. */
  readonly stateName: string;
  readonly calls: HandlerFunction;
  /** Keys and values of the contract's input type, see `Payload`. */
  readonly payload: object;
  /**
   * How long the state may take, as a literal.
   *
   * @default - what the function may take, and half a minute
   */
  readonly timeout?: Duration;
  /**
   * What the state hands on.
   *
   * @default - the function's answer, or what the token was answered with
   */
  readonly outputs?: string | object;
  /**
   * Variables kept for later states.
   *
   * @default - none
   */
  readonly assign?: Record<string, unknown>;
}

/** A function was busy or away, or the dependency it reports as busy; tried again for about two minutes. */
export const TRANSIENT: sfn.RetryProps = {
  errors: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'Lambda.ClientExecutionTimeoutException',
    ERRORS.retry,
  ],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 6,
  jitterStrategy: sfn.JitterType.FULL,
};

/**
 * A writer of the live rule died: its lease keeps everybody out until it runs out, which is told as busy. Without jitter, so that the tries last for
 * longer than a lease whatever the luck; and counted by themselves, so that those in between that die, too, do not use them up.
 */
export const WRITER_IN_THE_WAY: sfn.RetryProps = {
  errors: [ERRORS.retry],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxDelay: Duration.seconds(30),
  maxAttempts: 8,
  jitterStrategy: sfn.JitterType.NONE,
};

/** A state that calls a function of the hub and takes its answer. */
export function callTask(scope: Construct, id: string, props: HubTaskProps): tasks.LambdaInvoke {
  return hubTask(scope, id, { outputs: jsonata('$states.result.Payload'), ...props }, sfn.IntegrationPattern.REQUEST_RESPONSE);
}

/** The same of a function that writes the live rule, or cannot go on while somebody else may be writing it. */
export function callBesideWriter(scope: Construct, id: string, props: HubTaskProps): tasks.LambdaInvoke {
  const outputs = jsonata('$states.result.Payload');
  return hubTask(scope, id, { outputs, ...props }, sfn.IntegrationPattern.REQUEST_RESPONSE, [WRITER_IN_THE_WAY, TRANSIENT]);
}

/** A state that hands its task token to a function of the hub and waits until somebody answers it. The payload holds the token. */
export function waitTask(scope: Construct, id: string, props: HubTaskProps & { readonly timeout: Duration }): tasks.LambdaInvoke {
  return hubTask(scope, id, { outputs: jsonata('$states.result'), ...props }, sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN);
}

function hubTask(
  scope: Construct,
  id: string,
  props: HubTaskProps,
  integrationPattern: sfn.IntegrationPattern,
  retries: readonly sfn.RetryProps[] = [TRANSIENT],
): tasks.LambdaInvoke {
  const ownLimit = props.calls.function.timeout ?? Duration.minutes(1);
  const task = new EveryVersion(scope, id, {
    queryLanguage: sfn.QueryLanguage.JSONATA,
    stateName: sentence(scope, props.stateName),
    lambdaFunction: props.calls.published,
    payload: sfn.TaskInput.fromObject({ ...props.payload }),
    integrationPattern,
    taskTimeout: sfn.Timeout.duration(props.timeout ?? ownLimit.plus(Duration.seconds(30))),
    outputs: props.outputs,
    assign: props.assign,
    retryOnServiceExceptions: false,
  });
  for (const retry of retries) task.addRetry(retry);
  return task;
}

/**
 * In a machine whose role takes its rights from its states, every version of the function may be called: an execution in flight calls the version it started
 * with, however often the hub is deployed meanwhile.
 */
class EveryVersion extends tasks.LambdaInvoke {
  constructor(scope: Construct, id: string, props: tasks.LambdaInvokeProps & { readonly lambdaFunction: IVersion }) {
    super(scope, id, props);
    this.taskPolicies?.push(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [`${props.lambdaFunction.lambda.functionArn}:*`] }));
  }
}

/** Step Functions takes state names of at most 80 characters, https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html. */
export function sentence(scope: Construct, name: string): string {
  if (name.length > 80) {
    throw new PathToLiveError(
      'StateName',
      scope.node.path,
      `the state name ${JSON.stringify(name)} has ${name.length} characters, 80 are allowed; shorten the name of the environment or of the test in it`,
    );
  }
  return name;
}
