import type { Call } from '../../figures/calls';
import type { Assembly } from '../assembly/assembly';
import { type Attempt, type Caller, derived, requestOf } from './attempt';
import { parametersRead } from './parameters-read';

/**
 * What else IAM decides when somebody makes or deletes a stack: whether they may hand over the role, read the template, and read the
 * parameters that the template takes from Parameter Store. The emulator asks none of it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
 */
export function handedOn(call: Call, caller: Caller, assembly: Assembly): Attempt[] {
  const { action, resource, parameters = {} } = call;
  const { StackName, RoleARN, TemplateURL } = parameters;
  const of = `${action} of ${StackName}`;
  const passed = RoleARN && [requestOf(caller, 'iam:PassRole', RoleARN, { 'iam:PassedToService': 'cloudformation.amazonaws.com' })];
  const template = TemplateURL && [requestOf(caller, 's3:GetObject', objectArn(TemplateURL), {}, resource.split(':')[4])];
  const stack = TemplateURL && assembly.stacks.find(({ stackName }) => stackName === StackName);
  const read = stack && parametersRead(stack).map((arn) => requestOf(caller, 'ssm:GetParameters', arn));
  return [...(passed || []), ...(template || []), ...(read || [])].map((request) => derived(of, request)).concat(tagged(call, caller));
}

/**
 * A rule that is made with tags: they are asked for by an action of their own, on the rule.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html
 */
function tagged({ action, resource, parameters = {} }: Call, caller: Caller): Attempt[] {
  if (action !== 'elasticloadbalancing:CreateRule' || parameters.TagKeys === undefined) return [];
  const rule = `${resource.replace(':listener/', ':listener-rule/')}/0123456789abcdef`;
  const context = { 'aws:TagKeys': parameters.TagKeys, 'elasticloadbalancing:CreateAction': 'CreateRule' };
  return [derived(`${action} with tags`, requestOf(caller, 'elasticloadbalancing:AddTags', rule, context))];
}

/** `https://s3.<region>.amazonaws.com/<bucket>/<key>` */
function objectArn(url: string): string {
  return `arn:aws:s3:::${decodeURIComponent(new URL(url).pathname.slice(1))}`;
}
