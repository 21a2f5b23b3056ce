import { ArnFormat, type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge';
import type { HandlerFunction } from './handler-function';

export interface WorkflowMachineProps {
  readonly stateMachineName: string;
  readonly comment: string;
  readonly definition: sfn.IChainable;
  /** Longest an execution can run; the literal sum of what its states may wait. */
  readonly timeout: Duration;
  /** Functions its states call. */
  readonly calls: readonly HandlerFunction[];
  /**
   * Machines its states start and wait for.
   *
   * @default - none
   */
  readonly starts?: readonly sfn.StateMachine[];
}

/**
 * A Standard state machine of the hub: JSONata, every transition logged, traced, and a role that may do what its states do.
 *
 * The log leaves inputs and outputs out: they hold task tokens, and who has a token can answer for the parties.
 */
export class WorkflowMachine extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: WorkflowMachineProps) {
    super(scope, id);
    const destination = new logs.LogGroup(this, 'Log', {
      // The prefix keeps the account's log resource policy short, https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html.
      logGroupName: `/aws/vendedlogs/states/${props.stateMachineName}`,
      retention: logs.RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stateMachine = new sfn.StateMachine(this, 'Machine', {
      stateMachineName: props.stateMachineName,
      comment: props.comment,
      definitionBody: sfn.DefinitionBody.fromChainable(props.definition),
      queryLanguage: sfn.QueryLanguage.JSONATA,
      timeout: props.timeout,
      tracingEnabled: true,
      logs: { destination, level: sfn.LogLevel.ALL, includeExecutionData: false },
      // The states' own statements name the version of today; an execution in flight calls the one it started with.
      role: this.role(props).withoutPolicyUpdates(),
    });
  }

  private role(props: WorkflowMachineProps): iam.Role {
    const statements = [calling(props.calls), LOGGING, TRACING, ...(props.starts ?? []).flatMap((machine) => starting(machine))];
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: { Workflow: new iam.PolicyDocument({ statements: statements.map((statement) => new iam.PolicyStatement(statement)) }) },
    });
    acknowledgeWildcards(
      role,
      'the versions of one function: an execution in flight calls the version it started with, however often the hub is deployed meanwhile',
      ...versionsOf(props.calls),
    );
    acknowledgeWildcards(role, 'the executions of one state machine: their names are made at run time', ...(props.starts ?? []).map(executionsOf));
    acknowledgeWildcards(role, 'the log delivery actions of CloudWatch Logs and the actions of X-Ray know no resources; no other action has this one', '*');
    return role;
  }
}

const versionsOf = (functions: readonly HandlerFunction[]) => functions.map((called) => `${called.function.functionArn}:*`);

const calling = (functions: readonly HandlerFunction[]) => ({ actions: ['lambda:InvokeFunction'], resources: versionsOf(functions) });

/** What starting a child and waiting for it takes, https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html. */
function starting(machine: sfn.StateMachine): iam.PolicyStatementProps[] {
  const rule = { service: 'events', resource: 'rule', resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule' };
  return [
    { actions: ['states:StartExecution'], resources: [machine.stateMachineArn] },
    { actions: ['states:DescribeExecution', 'states:StopExecution'], resources: [executionsOf(machine)] },
    { actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], resources: [Stack.of(machine).formatArn(rule)] },
  ];
}

function executionsOf(machine: sfn.StateMachine): string {
  return Stack.of(machine).formatArn({
    service: 'states',
    resource: 'execution',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    resourceName: `${machine.stateMachineName}:*`,
  });
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy */
const LOGGING: iam.PolicyStatementProps = {
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
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html */
const TRACING: iam.PolicyStatementProps = {
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
  resources: ['*'],
};
