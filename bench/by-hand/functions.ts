import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ACCOUNT, PLACES, parameter, REGION, role } from './environments';

/** Name of the handler -> what it is for, as whom it acts, how long it may run. */
const FUNCTIONS = {
  'move-traffic': ['The one writer of live rules: shifts, and rolls back', 'traffic', 60],
  enter: ['Lets a release into an environment: lock, order, every file still there', 'observer', 60],
  deploy: ["Deploys a release to a slot that serves nobody, and follows the slot's stack", 'deployer', 900],
  migrate: ['Runs what a release brings for the shared state of an environment, once there', 'migrator', 900],
  'run-test': ['Runs one test of an environment against a slot and records the verdict', 'observer', 900],
  'open-gate': ['Opens a firebreak or a go/no-go', 'own', 30],
  'start-bake': ['Begins to watch a step of the traffic', 'observer', 120],
  'read-gates': ['Reads the health gates of a slot', 'observer', 300],
  accept: ['Makes a release the live one of its environment', 'traffic', 60],
  stop: ['Ends a release in an environment where it has moved nobody', 'own', 60],
  finish: ['Records how a release ended', 'own', 60],
  retire: ['Removes the slots of an environment that is taken out, or ends that with a ticket', 'deployer', 900],
  'alarm-raised': ['Ends the bake of the slot whose alarm fires', 'own', 60],
  reconcile: ['Brings an environment back to its last accepted release when a workflow died', 'own', 240],
  doctor: ['Looks for what is not as the ledger says, and raises a ticket for what stays so', 'observer', 240],
  sweep: ['Delivers the answers and events that a crash left in the outbox', 'own', 55],
  api: ['Answers the API of the path to live', 'observer', 30],
  submit: ['Takes submissions from pipelines that do not call the API', 'observer', 60],
} as const;

type Name = keyof typeof FUNCTIONS;
export type Functions = Readonly<Record<Name, lambda.Function>>;

/** A function with a log and tracing, from its bundle. */
export function makeFunction(scope: Construct, id: string, handler: string, runsAs: iam.Role, props: Partial<lambda.FunctionProps>): lambda.Function {
  const logGroup = new logs.LogGroup(scope, `${id}Log`, { retention: logs.RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
  logGroup.grantWrite(runsAs);
  return new lambda.Function(scope, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(join(__dirname, '..', '..', 'dist', 'lambda', handler)),
    memorySize: 256,
    role: runsAs,
    logGroup,
    tracing: lambda.Tracing.ACTIVE,
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    ...props,
  });
}

/** The hub's functions and their rights. */
export function makeFunctions(stack: Construct, service: string, table: dynamodb.Table, bus: events.EventBus): Functions {
  const scope = new Construct(stack, 'Functions');
  const assumedBy = new iam.ServicePrincipal('lambda.amazonaws.com');
  const shared = Object.fromEntries(
    ['deployer', 'migrator', 'traffic', 'observer'].map((name) => [name, new iam.Role(scope, name, { roleName: `${service}-hub-${name}`, assumedBy })]),
  );
  const machine = (name: string) => `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${service}-${name}`;
  const made = {} as Record<Name, lambda.Function>;
  for (const [name, [description, owner, seconds]] of Object.entries(FUNCTIONS) as [Name, (typeof FUNCTIONS)[Name]][]) {
    const runsAs = shared[owner] ?? new iam.Role(scope, `${name}Role`, { assumedBy });
    made[name] = makeFunction(scope, name, name, runsAs, {
      description,
      timeout: Duration.seconds(seconds),
      functionName: name === 'alarm-raised' ? `${service}-hub-alarm-raised` : undefined,
      environment: {
        PATH_TO_LIVE: service,
        LEDGER_TABLE: table.tableName,
        EVENT_BUS: bus.eventBusName,
        ...((name === 'api' || name === 'doctor' || name === 'submit' || name === 'alarm-raised') && { PLAN_PREFIX: `/path-to-live/${service}/plan/` }),
        ...(['api', 'doctor', 'submit', 'sweep', 'reconcile'].includes(name) && {
          PATH_MACHINE: machine('path'),
          TRAFFIC_FUNCTION: made['move-traffic'].functionName,
        }),
        ...(name === 'api' && { RETIRE_MACHINE: machine('retire'), ENVIRONMENT_MACHINES: machine('') }),
        ...((name === 'api' || name === 'doctor') && { SLOTS_FUNCTION: made.retire.functionName }),
      },
    });
    const machines = ['path', ...PLACES.map((place) => place.name)].map(machine);
    allow(runsAs, ['events:PutEvents'], bus.eventBusArn);
    allow(runsAs, ['states:SendTaskSuccess', 'states:SendTaskFailure'], ...machines);
    allow(runsAs, ['dynamodb:Query'], table.tableArn, `${table.tableArn}/index/list-index`);
    allow(runsAs, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], table.tableArn);
  }
  allow(shared.deployer, ['sts:AssumeRole'], ...PLACES.flatMap(({ name }) => [role(`${service}-${name}-deploy`), role(`${service}-${name}-observer`)]));
  allow(shared.migrator, ['sts:AssumeRole'], ...PLACES.map(({ name }) => role(`${service}-${name}-migrate`)));
  allow(shared.traffic, ['sts:AssumeRole'], ...PLACES.flatMap(({ name }) => [role(`${service}-${name}-operator`), role(`${service}-${name}-observer`)]));
  allow(shared.observer, ['sts:AssumeRole'], ...PLACES.map(({ name }) => role(`${service}-${name}-observer`)));
  for (const runsAs of [made.api.role, made['alarm-raised'].role]) allow(runsAs, ['ssm:GetParametersByPath'], parameter(`/path-to-live/${service}/plan`));
  for (const runsAs of [made.api.role, made.reconcile.role]) allow(runsAs, ['lambda:InvokeFunction'], made['move-traffic'].functionArn);
  allow(made.api.role, ['lambda:InvokeFunction'], made.retire.functionArn);
  const executions = ['path', ...PLACES.map(({ name }) => name), 'retire'].map((name) => `arn:aws:states:${REGION}:${ACCOUNT}:execution:${service}-${name}:*`);
  allow(made.api.role, ['states:DescribeExecution'], ...executions);
  allow(made.api.role, ['states:StartExecution'], ...['path', 'retire', ...PLACES.map(({ name }) => name)].map(machine));
  for (const { name } of PLACES) {
    made['alarm-raised'].addPermission(`${name}Alarms`, {
      principal: new iam.ServicePrincipal('sns.amazonaws.com'),
      sourceArn: `arn:aws:sns:${REGION}:${ACCOUNT}:${service}-${name}-alarms`,
    });
  }
  return made;
}

function allow(to: iam.IRole | undefined, actions: string[], ...resources: string[]): void {
  to?.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources }));
}
