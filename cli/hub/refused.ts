import { HUB_POLICIES, type HubPolicy, hubPolicyName } from '../../lambda/contract';
import { UserError } from '../user-error';

/** What IAM refused, before the hub had a say. */
export interface Refused {
  /** For example `POST /releases/1.4.2/decisions`. */
  readonly asked: string;
  /** ARN of whoever asked, where AWS told. */
  readonly who: string | undefined;
  /** Id of the path to live, where it is known. */
  readonly path: string | undefined;
  /** What came back, for example `403 {"message":"Forbidden"}`. */
  readonly answer: string;
}

/** Who has the right as a rule: more often it is their part than a policy that is missing. */
const ASK: Readonly<Record<HubPolicy, string | undefined>> = {
  read: undefined,
  submit: 'leave it to the pipeline that releases this service',
  decide: 'ask a member of the party that is asked, ptl status names it',
  manage: 'ask a release manager',
  retire: 'leave it to who owns the path',
};

/** Who was refused what, who to ask, and which managed policy allows it. What came back is its cause. */
export function notAllowed({ asked, who = 'whoever your credentials are of', path = '<path>', answer }: Refused): UserError {
  const policy = policyFor(asked);
  const [means, fix] =
    policy === undefined
      ? ['', `use a ptl of the hub's version: no policy that this one knows allows it`]
      : [` (to ${HUB_POLICIES[policy].means})`, `${usually(policy)}${attach(policy, who, path)}`];
  return new UserError('AccessDenied', `IAM does not let ${who} ask the hub for ${asked}${means}: ${fix}`, { cause: new Error(`the API answered ${answer}`) });
}

function usually(policy: HubPolicy): string {
  return ASK[policy] === undefined ? '' : `${ASK[policy]}; if it is your part, `;
}

function attach(policy: HubPolicy, who: string, path: string): string {
  return `attach the hub's managed policy ${hubPolicyName(path, policy)} to ${subject(who)}, or use credentials that have it; where it is attached, these may have expired, or be kept back by a boundary or a session policy`;
}

/** The hub's address is kept from who has none of its policies. */
export function notAllowedToRead(parameter: string, region: string, path: string, cause: Error): UserError {
  return new UserError(
    'AccessDenied',
    `you are not allowed to read where the hub is, the parameter ${parameter} in ${region}: attach one of the hub's managed policies, at least ${hubPolicyName(path, 'read')}, or use credentials that have one. AWS said: ${cause.message}`,
    { cause },
  );
}

/** The policy whose routes hold a request. */
function policyFor(asked: string): HubPolicy | undefined {
  const policies = Object.keys(HUB_POLICIES) as HubPolicy[];
  return policies.find((policy) => HUB_POLICIES[policy].routes.some((route) => new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`).test(asked)));
}

/** What a policy is attached to: a session is of a role. */
function subject(who: string): string {
  const [, role] = /:assumed-role\/([^/]+)\//.exec(who) ?? [];
  if (role !== undefined) return `the role ${role}`;
  return who.includes(':user/') ? 'that user' : 'their role';
}
