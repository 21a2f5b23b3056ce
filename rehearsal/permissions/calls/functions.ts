import type { Assembly } from '../assembly/assembly';
import { type Attempt, derived, requestOf, roleCaller, serviceCaller } from './attempt';

interface FunctionProperties {
  readonly Role: string;
  readonly LoggingConfig?: { readonly LogGroup?: string };
  readonly TracingConfig?: { readonly Mode?: string };
}

/**
 * What Lambda does as a function's role, whatever its code does: writes its log, sends its traces, hands on an event that was given up.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
export function functionAttempts(assembly: Assembly): Attempt[] {
  const functions = assembly.resources('AWS::Lambda::Function');
  const ofFunctions = functions.flatMap(({ id, stack, properties }) => {
    const { Role, LoggingConfig, TracingConfig } = properties as unknown as FunctionProperties;
    const as = (action: string, arn: string) => requestOf(roleCaller(Role), action, arn);
    const group = `arn:aws:logs:${stack.region}:${stack.account}:log-group:${LoggingConfig?.LogGroup ?? `/aws/lambda/${id}`}`;
    const stream = `${group}:log-stream:2026/11/26/[$LATEST]0123456789abcdef`;
    return [
      derived(`${id} runs`, requestOf(serviceCaller('lambda.amazonaws.com'), 'sts:AssumeRole', Role, {}, stack.account)),
      derived(`${id} writes its log`, as('logs:CreateLogStream', stream)),
      derived(`${id} writes its log`, as('logs:PutLogEvents', stream)),
      ...(TracingConfig?.Mode === 'Active'
        ? ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => derived(`${id} sends its traces`, as(action, '*')))
        : []),
    ];
  });
  const givenUp = assembly.resources('AWS::Lambda::EventInvokeConfig').flatMap(({ properties }) => {
    const { FunctionName, DestinationConfig } = properties as { FunctionName: string; DestinationConfig?: { OnFailure?: { Destination?: string } } };
    const queue = DestinationConfig?.OnFailure?.Destination;
    const role = functions.find(({ id }) => id === FunctionName)?.properties.Role as string;
    return queue?.includes(':sqs:') ? [derived(`${FunctionName} gives an event up`, requestOf(roleCaller(role), 'sqs:SendMessage', queue))] : [];
  });
  return [...ofFunctions, ...givenUp];
}
