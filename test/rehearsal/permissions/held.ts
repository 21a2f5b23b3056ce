import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { type HubPolicy, hubPolicyName, tryPolicyName } from '../../../lambda/contract';
import type { StackTemplate } from '../../../permissions';
import { Assembly } from '../../../rehearsal/permissions/assembly/assembly';
import { BOOTSTRAP, type PersonRole } from '../../../rehearsal/permissions/assembly/deployed';
import { readStacks } from '../../../rehearsal/permissions/assembly/read-stacks';
import { type Audit, type AuditOptions, audit } from '../../../rehearsal/permissions/audit';
import { readShapes } from '../../../rehearsal/permissions/of-the-rehearsal';
import { attemptsFrom } from '../../../rehearsal/permissions/shapes/show';
import { exampleIn, type Layout, type Place } from './layout-app';

type Template = StackTemplate['template'];
let bootstrap: Template | undefined;

/** The template of `cdk bootstrap`, as the pinned CLI has it: what its `--show-template` prints, without starting it. */
function bootstrapTemplate(): Template {
  const file = join(dirname(require.resolve('aws-cdk/package.json')), 'lib/api/bootstrap/bootstrap-template.yaml');
  bootstrap ??= parse(readFileSync(file, 'utf8')) as Template;
  return bootstrap;
}

/** The bootstrap stack of one account and region, trusting the account that publishes. */
function bootstrapped({ account, region }: Place, trusted: string): StackTemplate {
  const template = bootstrapTemplate();
  const given = { ...(account !== trusted && { TrustedAccounts: trusted, CloudFormationExecutionPolicies: 'arn:aws:iam::aws:policy/AdministratorAccess' }) };
  const Parameters = Object.fromEntries(
    Object.entries({ ...template.Parameters }).map(([name, parameter]) => [
      name,
      { ...parameter, Default: { FileAssetsBucketKmsKeyId: 'AWS_MANAGED_KEY', ...given }[name] ?? parameter.Default },
    ]),
  );
  return { stackName: `${BOOTSTRAP}-${account}-${region}`, account, region, template: { ...template, Parameters } };
}

/** Stacks of a layout, with the bootstrap stacks it is published by. */
export function stacksOf(layout: Layout): StackTemplate[] {
  const places = new Map(Object.values(layout).map((place: Place) => [`${place.account}/${place.region}`, place]));
  return [...readStacks(exampleIn(layout).synth().directory), ...[...places.values()].map((place) => bootstrapped(place, layout.hub.account))];
}

/** Everybody the rehearsal engages, in the hub's account. */
export function peopleIn({ hub, production }: Pick<Layout, 'hub' | 'production'>): PersonRole[] {
  const { account } = hub;
  const person = (name: string, policy: HubPolicy, more: object = {}) => ({
    arn: `arn:aws:iam::${account}:role/${name}`,
    managedPolicyArns: [`arn:aws:iam::${account}:policy/${hubPolicyName('Payments', policy)}`],
    ...more,
  });
  const publishing = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::*:role/cdk-*-file-publishing-role-*' }] };
  return [
    person('PaymentsPipeline', 'submit', { inline: publishing }),
    person('ServiceManagement', 'decide'),
    person('Product', 'decide'),
    person('ChangeAuthority', 'decide'),
    person('ReleaseManager', 'manage'),
    person('ServiceDesk', 'read'),
    ...testers(hub, production),
  ];
}

/** Managed policies are of one account: where production has its own, a tester has a role there too. */
function testers(hub: Place, production: Place): PersonRole[] {
  const arn = ({ account }: Place, kind: 'role' | 'policy', name: string) => `arn:aws:iam::${account}:${kind}/${name}`;
  const read = arn(hub, 'policy', hubPolicyName('Payments', 'read'));
  const keys = arn(production, 'policy', tryPolicyName('Payments', 'Production'));
  if (hub.account === production.account) return [{ arn: arn(hub, 'role', 'Tester'), managedPolicyArns: [read, keys] }];
  return [
    { arn: arn(hub, 'role', 'Tester'), managedPolicyArns: [read] },
    { arn: arn(production, 'role', 'Tester'), managedPolicyArns: [keys] },
  ];
}

/** Holds the calls that rehearsals recorded against stacks. */
export function hold(stacks: readonly StackTemplate[], layout: Layout, options: Partial<AuditOptions> = {}): Promise<Audit> {
  const assembly = new Assembly(stacks);
  const people = peopleIn(layout);
  const leftOut = stacks.map(({ stackName }) => stackName).filter((name) => name.startsWith(BOOTSTRAP));
  return audit({ assembly, people, recorded: attemptsFrom(readShapes(), assembly, people), leftOut, ...options });
}

/** What is wrong, in short. */
export function wrongs({ denied, unused, stale }: Audit) {
  return {
    denied: denied.map(({ attempt: { request }, verdict }) => `${request.caller.arn} ${request.action} ${request.resource}: ${verdict.why}`),
    unused: unused.map(({ policy, statement, kind, value }) => `${policy} #${statement} ${kind} ${value}`),
    stale: stale.map(({ policy, values }) => `${policy} ${values.join(' ')}`),
  };
}

export const FINE = { denied: [], unused: [], stale: [] };
