import { resourcesOf } from '../../../permissions';
import { machinesOf } from '../machines/machines';
import { stackNamed } from '../reach/actors';
import { nameIn } from '../read/functions';
import type { ReviewedPath } from '../read/reviewed-path';
import type { Endpoints } from './endpoints';

/** How much there is of something, and how much there may be. */
export interface Count {
  readonly of: string;
  readonly what: string;
  readonly count: number;
  readonly limit: number;
  /** Where the limit is from. */
  readonly source: string;
}

const CLOUDFORMATION = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html';
const LOAD_BALANCING = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html';
const STEP_FUNCTIONS = 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html';
const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';

/** Sizes and numbers beside the limits of AWS that a growing path would meet first. */
export function countsOf(reviewed: ReviewedPath, { rules }: Pick<Endpoints, 'rules'>): Count[] {
  const { stacks, plans } = reviewed;
  const perStack = stacks.flatMap(({ stackName, template, bytes }) => [
    { of: stackName, what: 'resources', count: Object.keys(template.Resources ?? {}).length, limit: 500, source: CLOUDFORMATION },
    { of: stackName, what: 'bytes of template', count: bytes, limit: 1_000_000, source: CLOUDFORMATION },
  ]);
  const perEnvironment = plans.map(({ environment }) => ({
    of: environment,
    what: 'rules of the load balancer',
    count: rules.filter((rule) => rule.environment === environment).length,
    limit: 100,
    source: LOAD_BALANCING,
  }));
  const perMachine = machinesOf(reviewed).map(({ name, definition }) => ({
    of: name,
    what: 'bytes of definition',
    count: Buffer.byteLength(JSON.stringify(definition)),
    limit: 1_048_576,
    source: STEP_FUNCTIONS,
  }));
  return [...perStack, ...perEnvironment, ...perMachine, ...largestPolicies(reviewed)];
}

/** Inline policies of a role together, and a managed policy alone: IAM counts characters without white space. */
function largestPolicies({ stacks, values }: ReviewedPath): Count[] {
  const inline = new Map<string, number>();
  for (const { stack, logicalId } of resourcesOf(stacks, 'AWS::IAM::Policy')) {
    const { PolicyDocument, Roles = [] } = values.properties(stack, logicalId) as { PolicyDocument?: unknown; Roles?: string[] };
    for (const role of Roles) inline.set(role, (inline.get(role) ?? 0) + JSON.stringify(PolicyDocument).length);
  }
  const [role] = [...inline.entries()].sort(([, one], [, other]) => other - one);
  const [managed] = resourcesOf(stacks, 'AWS::IAM::ManagedPolicy')
    .map(({ stack, logicalId }) => ({
      of: `${stack.stackName}/${nameIn(stackNamed(stacks, stack.stackName), logicalId)}`,
      count: JSON.stringify(values.properties(stack, logicalId).PolicyDocument).length,
    }))
    .sort((one, other) => other.count - one.count);
  return [
    ...(role === undefined ? [] : [{ of: role[0], what: 'characters of inline policies', count: role[1], limit: 10_240, source: IAM }]),
    ...(managed === undefined ? [] : [{ ...managed, what: 'characters of a managed policy', limit: 6_144, source: IAM }]),
  ];
}
