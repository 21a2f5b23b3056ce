import type { Assembly, Resource } from '../assembly/assembly';
import { type Attempt, derived, requestOf, roleCaller, serviceCaller } from './attempt';

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Arguments?: { readonly FunctionName?: string; readonly StateMachineArn?: string };
  readonly States?: Readonly<Record<string, State>>;
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
  readonly Branches?: readonly { readonly States: Readonly<Record<string, State>> }[];
}

/** The rule by which Step Functions hears that a child has ended, https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html. */
const CHILD_RULE = 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule';

/** What state machines do as their own role: call what their states name, write their log, send their traces. The emulator asks none of it. */
export function machineAttempts(assembly: Assembly): Attempt[] {
  return assembly.resources('AWS::StepFunctions::StateMachine').flatMap((machine) => {
    const role = String(machine.properties.RoleArn);
    const name = machine.id.split(':').at(-1);
    // What the service says of itself, and trust may ask for, https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html.
    const itself = { 'aws:SourceArn': machine.id, 'aws:SourceAccount': machine.stack.account };
    const { States } = JSON.parse(String(machine.properties.DefinitionString)) as { States: Readonly<Record<string, State>> };
    return [
      derived(`${name} runs`, requestOf(serviceCaller('states.amazonaws.com'), 'sts:AssumeRole', role, itself, machine.stack.account)),
      ...allStates(States).flatMap(([state, what]) => callsOf(machine, what).map(([action, arn]) => derived(`${name}: ${state}`, as(role, action, arn)))),
      ...(machine.properties.LoggingConfiguration ? LOGGING.map((action) => derived(`${name} writes its log`, as(role, action, '*'))) : []),
      ...(machine.properties.TracingConfiguration ? TRACING.map((action) => derived(`${name} sends its traces`, as(role, action, '*'))) : []),
    ];
  });
}

const as = (role: string, action: string, arn: string) => requestOf(roleCaller(role), action, arn);

function allStates(states: Readonly<Record<string, State>>): [string, State][] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...[state.States, state.ItemProcessor?.States, ...(state.Branches ?? []).map(({ States }) => States)].flatMap((inner) => (inner ? allStates(inner) : [])),
  ]);
}

/** Actions and resources of one state. @throws Error on a service integration that is not known here */
function callsOf({ stack, id }: Resource, { Type, Resource = '', Arguments = {} }: State): [string, string][] {
  if (Type !== 'Task') return [];
  const integration = Resource.replace(/^arn:[\w-]+:states:::/, '').replace(/\.(waitForTaskToken|sync(:2)?)$/, '');
  if (integration === 'lambda:invoke') return [['lambda:InvokeFunction', Arguments.FunctionName ?? '']];
  if (integration === 'states:startExecution') {
    const child = Arguments.StateMachineArn ?? '';
    const executions = `${child.replace(':stateMachine:', ':execution:')}:*`;
    const rule = `arn:aws:events:${stack.region}:${stack.account}:${CHILD_RULE}`;
    return [
      ['states:StartExecution', child],
      ...(Resource.includes('.sync')
        ? ([
            ['states:DescribeExecution', executions],
            ['states:StopExecution', executions],
            ['events:PutTargets', rule],
            ['events:PutRule', rule],
            ['events:DescribeRule', rule],
          ] as [string, string][])
        : []),
    ];
  }
  throw new Error(`${id} has a task ${JSON.stringify(Resource)}, whose permissions are not known here; teach permissions/calls/machines.ts`);
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy */
const LOGGING = [
  'CreateLogDelivery',
  'GetLogDelivery',
  'UpdateLogDelivery',
  'DeleteLogDelivery',
  'ListLogDeliveries',
  'PutResourcePolicy',
  'DescribeResourcePolicies',
  'DescribeLogGroups',
].map((action) => `logs:${action}`);

/** https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html */
const TRACING = ['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'].map((action) => `xray:${action}`);
