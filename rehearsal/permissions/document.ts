import type { ManagedPolicy, Role, Statement } from '../../permissions';
import type { Assembly } from './assembly/assembly';
import { BOOTSTRAP } from './assembly/deployed';

/** Environments have the same roles; one is shown. */
const SHOWN = 'Production';

/**
 * Who may do what, as a list in Markdown: every role that an assembly makes and every policy for people, statement by statement, with account and
 * region as words so that it is the same wherever it was synthesized.
 */
export function documentOf(assembly: Assembly): string {
  const roles = [...assembly.roles.values()].filter(({ stackName }) => !stackName.startsWith(BOOTSTRAP));
  const of = (isIt: (stackName: string) => boolean) => roles.filter(({ stackName }) => isIt(stackName)).sort((a, b) => (titleOf(a) < titleOf(b) ? -1 : 1));
  const policies = [...assembly.managedPolicies.values()].filter(({ stackName }) => stackName.endsWith('-Hub'));
  const slot = of((name) => name.endsWith(`-${SHOWN}-Blue`));
  return [
    '## People and pipelines',
    '',
    'Managed policies of the hub, to be attached to roles of a team’s own.',
    '',
    ...policies.flatMap((policy) => entry(policy, [])),
    '## The hub',
    '',
    ...of((name) => name.endsWith('-Hub')).flatMap((role) => entry(role, role.trust)),
    `## An environment: ${SHOWN}`,
    '',
    ...of((name) => name.endsWith(`-${SHOWN}`)).flatMap((role) => entry(role, role.trust)),
    `## A slot: blue in ${SHOWN}`,
    '',
    ...slot.flatMap((role) => [
      ...entry(role, role.trust),
      ...(role.boundary ? ['And never more than the boundary allows:', '', ...role.boundary.flatMap(line), ''] : []),
    ]),
  ]
    .join('\n')
    .trimEnd();
}

function entry(holder: Role | ManagedPolicy, trust: readonly Statement[]): string[] {
  const who = trust.map(principalsOf).join('; ');
  return [`### ${titleOf(holder)}`, '', ...(who === '' ? [] : [`Assumed by ${who}.`, '']), ...holder.statements.flatMap(line), ''];
}

/** The fixed name, or the construct's where CloudFormation makes one up. */
function titleOf({ name, logicalId }: Pick<Role, 'name' | 'logicalId'>): string {
  return /-[0-9A-FX]{12,}$|[0-9A-F]{12,}$/.test(name) ? logicalId.replace(/[0-9A-F]{8}$/, '') : name;
}

function principalsOf({ principals = {}, conditions }: Statement): string {
  const named = conditions.ArnEquals?.['aws:PrincipalArn'];
  const who = named ?? Object.values(principals).flat();
  return who.map((each) => `\`${short(each)}\``).join(', ');
}

function line({ effect, actions, notActions, resources, conditions }: Statement): string[] {
  const does = notActions.length > 0 ? [`everything but ${notActions.join(', ')}`] : actions;
  const when = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `\`${key}\` ${operator} ${values.map(short).join(', ')}`),
  );
  const on = [...new Set(resources.map(short))].map((resource) => `\`${resource}\``).join(', ');
  return [`- ${effect === 'Deny' ? '**never** ' : ''}${does.join(', ')} on ${on}${when.length > 0 ? `, where ${when.join(' and ')}` : ''}`];
}

/** ARNs without what is the same in all of them, and without what CloudFormation makes up. */
function short(text: string): string {
  return text
    .replace(/^arn:aws:iam::\d{12}:(?=role\/)/, '')
    .replace(/^arn:aws:([\w-]*):[\w-]*:(\d{12})?:/, '$1:')
    .replace(/\d{12}/g, '<account>')
    .replace(/\b[a-z]{2}-(?:[a-z]+-)+\d\b/g, '<region>')
    .replace(/([0-9A-F]{8})?-?(XXXXXXXXXXXX|[0-9A-F]{12,13})\b/g, '');
}
