import { type EnvironmentPlan, SLOT_METADATA, type SlotMetadata } from '../../../lambda/contract';
import type { Context, StackTemplate } from '../../../permissions';
import type { Assembly, Resource } from '../assembly/assembly';
import { type Attempt, derived, requestOf, roleCaller, serviceCaller } from './attempt';
import { parameterArn, parametersRead } from './parameters-read';
import { type Reached, roleArn, roles, tagsOf, under } from './reached';
import { reachedOfCompute } from './reached-of-compute';
import { HANDLERS } from './resource-handlers';

/**
 * What CloudFormation does as an environment's execution role when it makes, changes and removes its slots: the calls that the resource types'
 * handlers make, and reading the values that the templates take from parameters and secrets. The emulator asks none of it.
 */
export function slotAttempts(assembly: Assembly): Attempt[] {
  const plans = plansOf(assembly);
  return assembly.stacks.flatMap((slot) => {
    const of = slot.template.Metadata?.[SLOT_METADATA] as SlotMetadata | undefined;
    const role = plans.find(({ path, environment }) => path === of?.path && environment === of.environment)?.roles.execution;
    if (role === undefined) return [];
    const resources = assembly.resources().filter(({ stack }) => stack === slot);
    const assumed = requestOf(serviceCaller('cloudformation.amazonaws.com'), 'sts:AssumeRole', role, {}, slot.account);
    return [
      derived(`CloudFormation deploys ${slot.stackName}`, assumed),
      ...read(slot, role, assembly),
      ...resources.flatMap((resource) => handled(resource, role, resources)),
    ];
  });
}

/** What was synthesized, where the hub's functions find it. */
export function plansOf(assembly: Assembly): EnvironmentPlan[] {
  return assembly
    .resources('AWS::SSM::Parameter')
    .filter(({ properties }) => /^\/path-to-live\/[^/]+\/plan\//.test(String(properties.Name)))
    .map(({ properties }) => JSON.parse(String(properties.Value)) as EnvironmentPlan);
}

/** @throws Error on a type whose permissions are not in the table */
function handled(resource: Resource, role: string, all: readonly Resource[]): Attempt[] {
  const actions = HANDLERS[resource.type];
  const where = `${resource.stack.stackName}/${resource.logicalId}`;
  if (actions === undefined)
    throw new Error(`${where} is a ${resource.type}, whose handlers' permissions are not in permissions/calls/resource-handlers.ts; add them`);
  return actions
    .filter(({ only }) => only === undefined || only.some((property) => resource.properties[property] !== undefined))
    .flatMap(({ action }) =>
      reachedBy(action, resource, all).map(([arn, context]) =>
        derived(`CloudFormation: ${resource.type} ${where}`, requestOf(roleCaller(role), action, arn, context, resource.stack.account)),
      ),
    );
}

/** Resources a handler's action is asked for, with what the request says beside them. */
function reachedBy(action: string, resource: Resource, all: readonly Resource[]): Reached[] {
  const compute = reachedOfCompute(action, resource, all);
  if (compute !== undefined) return compute;
  const { id, properties, type } = resource;
  const { account, region } = resource.stack;
  const tags = tagsOf(properties);
  const regional = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
  switch (action) {
    case 'iam:PassRole':
      return [[String(properties.Role), { 'iam:PassedToService': 'lambda.amazonaws.com' }]];
    case 's3:GetObject': {
      const { S3Bucket, S3Key } = (properties.Code ?? {}) as Readonly<Record<string, string>>;
      return S3Bucket ? [[`arn:aws:s3:::${S3Bucket}/${S3Key}`, {}]] : [];
    }
    case 'elasticloadbalancing:CreateRule':
      return [[String(properties.ListenerArn), under('aws:RequestTag', tags)]];
    case 'elasticloadbalancing:CreateTargetGroup':
      return [[id, under('aws:RequestTag', tags)]];
    case 'elasticloadbalancing:AddTags':
      // Tags that come with the making of something are asked for by an action of their own.
      return [[id, { ...under('aws:RequestTag', tags), ...under('aws:ResourceTag', tags) }]];
  }
  switch (type) {
    case 'AWS::IAM::Role':
      return [[roleArn(resource), { ...bounded(resource), ...under('aws:RequestTag', tags) }]];
    case 'AWS::IAM::Policy':
      return roles(resource, all).map((role) => [roleArn(role), bounded(role)]);
    case 'AWS::Lambda::Function':
      return [[regional('lambda', `function:${id}`), under('aws:RequestTag', tags)]];
    case 'AWS::Lambda::Permission':
      return [[String(properties.FunctionName), { 'lambda:Principal': String(properties.Principal) }]];
    case 'AWS::Logs::LogGroup':
      return [[regional('logs', `log-group:${id}`), {}]];
    case 'AWS::CloudWatch::Alarm':
      return [[regional('cloudwatch', `alarm:${id}`), {}]];
    default:
      return [[id, under('aws:ResourceTag', tags)]];
  }
}

/** What the values in a template come from: CloudFormation reads them as the role it deploys as. */
function read(slot: StackTemplate, role: string, assembly: Assembly): Attempt[] {
  const template = JSON.stringify(slot.template);
  const named = (service: string) => [...template.matchAll(new RegExp(`\\{\\{resolve:${service}:([^}]+?)\\}\\}`, 'g'))].map(([, name = '']) => name);
  const because = `CloudFormation resolves ${slot.stackName}`;
  return [
    ...[...named('ssm').map((name) => parameterArn(slot, name)), ...parametersRead(slot)].map((arn) =>
      derived(because, requestOf(roleCaller(role), 'ssm:GetParameters', arn)),
    ),
    ...named('secretsmanager').map((name) => derived(because, requestOf(roleCaller(role), 'secretsmanager:GetSecretValue', secretArn(slot, name, assembly)))),
  ];
}

/** @param reference name of a secret, and what of it is read */
function secretArn({ account, region }: StackTemplate, reference: string, assembly: Assembly): string {
  const name = reference.split(':SecretString')[0];
  const secret = assembly.resources('AWS::SecretsManager::Secret').find(({ stack, properties }) => properties.Name === name && stack.account === account);
  // Secrets Manager ends every ARN in six characters of its own.
  return secret?.id ?? `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;
}

function bounded({ properties }: Resource): Context {
  return properties.PermissionsBoundary === undefined ? {} : { 'iam:PermissionsBoundary': String(properties.PermissionsBoundary) };
}
