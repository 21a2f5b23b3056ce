import { resourcesOf } from '../../../permissions';
import { machinesOf } from '../machines/machines';
import type { ReviewedPath, ReviewedStack } from '../read/reviewed-path';
import { apiRoutes } from './routes';

/** What an architect asks "who can" about. */
export type AbilityKind =
  | 'switch'
  | 'addRule'
  | 'deploy'
  | 'migrate'
  | 'submit'
  | 'decide'
  | 'manage'
  | 'retire'
  | 'answer'
  | 'keys'
  | 'ledgerRead'
  | 'ledgerWrite'
  | 'roles';

/** Kind -> the question's own words. */
export const ABILITIES: Readonly<Record<AbilityKind, string>> = {
  switch: 'switch traffic: change, move or remove the live rule, or its listener',
  addRule: 'add a rule to the listener, which may come before the live rule',
  deploy: 'deploy a slot, or replace the code in it',
  migrate: 'run a migration, which changes the shared state',
  submit: 'submit a release, or start one',
  decide: 'accept and refuse',
  manage: 'resume, abort and roll back through the API',
  retire: 'take the whole path out again',
  answer: 'answer a state machine that waits, as the hub does when people have decided',
  keys: 'read the keys of hidden URLs, from their secrets or from the listener rules that hold them',
  ledgerRead: 'read the ledger',
  ledgerWrite: 'write the ledger',
  roles: 'change roles and policies',
};

/** One request that would be the ability. */
export interface Probe {
  readonly kind: AbilityKind;
  /** Undefined: it is about the path as a whole. */
  readonly environment?: string;
  readonly action: string;
  /** ARN, or `*` for an action that knows no resources. */
  readonly resource: string;
  /** Account it is about; with `*`, only who is in it can do it there. */
  readonly account?: string;
}

/** Every request that is tried in everybody's name. */
export function probesOf(reviewed: ReviewedPath): Probe[] {
  return [
    ...reviewed.stacks.filter(({ kind }) => kind === 'frontDoor').flatMap((stack) => frontDoorProbes(stack, reviewed)),
    ...reviewed.stacks.filter(({ kind }) => kind === 'slot').flatMap((stack) => slotProbes(stack, reviewed)),
    ...hubProbes(reviewed),
    ...roleProbes(reviewed),
  ];
}

const LOAD_BALANCING = (action: string) => `elasticloadbalancing:${action}`;

function frontDoorProbes(stack: ReviewedStack, { values }: ReviewedPath): Probe[] {
  const { environment } = stack;
  const probe = (kind: AbilityKind, resource: string, ...actions: string[]) => actions.map((action): Probe => ({ kind, environment, action, resource }));
  const rules = resourcesOf([stack], 'Custom::LiveRule').flatMap(({ logicalId }) => {
    const listener = String(values.properties(stack, logicalId).ListenerArn);
    return [
      ...probe(
        'switch',
        values.text(stack, { 'Fn::GetAtt': [logicalId, 'RuleArn'] }),
        ...['ModifyRule', 'DeleteRule', 'SetRulePriorities'].map(LOAD_BALANCING),
      ),
      ...probe('switch', listener, ...['ModifyListener', 'DeleteListener'].map(LOAD_BALANCING)),
      ...probe('addRule', listener, LOAD_BALANCING('CreateRule')),
    ];
  });
  const secrets = resourcesOf([stack], 'AWS::SecretsManager::Secret').flatMap(({ logicalId }) =>
    probe('keys', values.arn(stack, logicalId), 'secretsmanager:GetSecretValue'),
  );
  return [...rules, ...secrets, ...probe('keys', '*', LOAD_BALANCING('DescribeRules')).map((one) => ({ ...one, account: stack.account }))];
}

/** What a slot brings to run a migration -> the action that does. */
const RUNS_A_MIGRATION = {
  'AWS::Lambda::Function': 'lambda:InvokeFunction',
  'AWS::ECS::TaskDefinition': 'ecs:RunTask',
  'AWS::CodeBuild::Project': 'codebuild:StartBuild',
} as const;

function slotProbes(stack: ReviewedStack, { values }: ReviewedPath): Probe[] {
  const { environment } = stack;
  const arn = values.text(stack, { Ref: 'AWS::StackId' });
  const changes = ['CreateChangeSet', 'ExecuteChangeSet', 'CreateStack', 'UpdateStack', 'DeleteStack'].map((action) => `cloudformation:${action}`);
  const code = resourcesOf([stack], 'AWS::Lambda::Function').map(({ logicalId }) => ({
    action: 'lambda:UpdateFunctionCode',
    resource: values.arn(stack, logicalId),
  }));
  const services = resourcesOf([stack], 'AWS::ECS::Service').map(({ logicalId }) => ({ action: 'ecs:UpdateService', resource: values.arn(stack, logicalId) }));
  const migrations = Object.entries(RUNS_A_MIGRATION).flatMap(([type, action]) =>
    resourcesOf([stack], type)
      .filter(({ logicalId }) => /\/Slot\/Migrations\//.test(stack.pathOf(logicalId)))
      .map(({ logicalId }): Probe => ({ kind: 'migrate', environment, action, resource: values.arn(stack, logicalId) })),
  );
  const deploying = [...changes.map((action) => ({ action, resource: arn })), ...code, ...services];
  return [...deploying.map((probe): Probe => ({ kind: 'deploy', environment, ...probe })), ...migrations];
}

function hubProbes(reviewed: ReviewedPath): Probe[] {
  const { stacks, values } = reviewed;
  const hub = stacks.filter(({ kind }) => kind === 'hub');
  const routes = apiRoutes(reviewed).map(({ method, path, arn }): Probe => ({ kind: routeKind(method, path), action: 'execute-api:Invoke', resource: arn }));
  const machines = machinesOf(reviewed);
  const tables = resourcesOf(hub, 'AWS::DynamoDB::Table').flatMap(({ stack, logicalId }) => {
    const probe = (kind: AbilityKind, ...actions: string[]) =>
      actions.map((action): Probe => ({ kind, action: `dynamodb:${action}`, resource: values.arn(stack, logicalId) }));
    return [...probe('ledgerRead', 'GetItem', 'Query', 'Scan'), ...probe('ledgerWrite', 'PutItem', 'UpdateItem', 'DeleteItem')];
  });
  return [
    ...routes.filter(({ kind }) => kind !== 'ledgerRead'),
    ...routes.filter(({ kind }) => kind === 'ledgerRead').slice(0, 1),
    ...machines.map(
      ({ name, arn, environment }): Probe => ({
        kind: name === `${reviewed.path}-retire` ? 'retire' : 'submit',
        environment,
        action: 'states:StartExecution',
        resource: arn,
      }),
    ),
    ...machines.map(({ arn, environment }): Probe => ({ kind: 'answer', environment, action: 'states:SendTaskSuccess', resource: arn })),
    ...tables,
  ];
}

/** Looking through the API is reading the ledger; what is not known is taken for managing. */
function routeKind(method: string, path: string): AbilityKind {
  if (method === 'GET') return 'ledgerRead';
  if (path === '/releases') return 'submit';
  if (path === '/retirement') return 'retire';
  return path.endsWith('/decisions') ? 'decide' : 'manage';
}

function roleProbes({ stacks, values }: ReviewedPath): Probe[] {
  const changes = ['CreateRole', 'PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy', 'DeleteRolePermissionsBoundary'].map(
    (action) => `iam:${action}`,
  );
  const onRoles = resourcesOf(stacks, 'AWS::IAM::Role').flatMap(({ stack, logicalId }) =>
    changes.map((action): Probe => ({ kind: 'roles', environment: (stack as ReviewedStack).environment, action, resource: values.arn(stack, logicalId) })),
  );
  const onPolicies = resourcesOf(stacks, 'AWS::IAM::ManagedPolicy').map(
    ({ stack, logicalId }): Probe => ({
      kind: 'roles',
      environment: (stack as ReviewedStack).environment,
      action: 'iam:CreatePolicyVersion',
      resource: values.arn(stack, logicalId),
    }),
  );
  return [...onRoles, ...onPolicies];
}
