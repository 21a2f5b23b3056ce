import { setTimeout as wait } from 'node:timers/promises';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type AssumeRoleCommandOutput, STSClient } from '@aws-sdk/client-sts';
import { type EnvironmentPlan, type HubPolicy, hubPolicyName, tryPolicyName } from '../../lambda/contract';
import type { Aws } from '../aws';
import type { PersonRole } from '../permissions/assembly/deployed';
import { Problem } from '../problem';

/** Somebody, or some pipeline, with an IAM role of their own and nothing else. */
export interface Person {
  /** The role's name, for example `ServiceManagement`. */
  readonly name: string;
  /** Environment of a process that is started as them. */
  readonly env: NodeJS.ProcessEnv;
  /** What they may do. */
  readonly role: PersonRole;
}

/** Everybody who has a part in the story. */
export interface People {
  /** Submits releases; may neither decide nor deploy. */
  readonly pipeline: Person;
  /** One of each party that the firebreak asks, by the party's name. */
  readonly parties: ReadonlyMap<string, Person>;
  /** One of the party that the go/no-go asks. */
  readonly changeAuthority: Person;
  readonly releaseManager: Person;
  /** Looks at what is in production's shadow, before users do. */
  readonly tester: Person;
  /** Sees what goes on, and may do nothing. */
  readonly serviceDesk: Person;
}

/** @returns everybody, each once */
export function everybody({ pipeline, parties, changeAuthority, releaseManager, tester, serviceDesk }: People): Person[] {
  return [...new Set([pipeline, ...parties.values(), changeAuthority, releaseManager, tester, serviceDesk])];
}

/**
 * Makes the roles that the plan names, and a tester's, as a platform team would: each is trusted by its account and has managed policies of the
 * hub's and the front door's attached, and no other right.
 */
export async function engage(aws: Aws, path: string, production: EnvironmentPlan): Promise<People> {
  const { firebreak, goNoGo } = production;
  if (firebreak === undefined || goNoGo === undefined)
    throw new Problem(`${production.environment} has no firebreak or no go/no-go: there is no story to tell.`);
  const hire = (role: string, policy: HubPolicy, statements?: object[]) => engageOne(aws, role, { policies: [hubPolicyName(path, policy)], statements });
  const parties = new Map<string, Person>();
  for (const party of firebreak.parties) parties.set(party.name, await hire(roleName(party.members), 'decide'));
  return {
    pipeline: await hire(`${path}Pipeline`, 'submit', [publishing(aws)]),
    parties,
    changeAuthority: await hire(roleName(goNoGo.party.members), 'decide'),
    releaseManager: await hire(firebreak.releaseManagers.length === 0 ? 'ReleaseManager' : roleName(firebreak.releaseManagers), 'manage'),
    tester: await engageOne(aws, 'Tester', { policies: [hubPolicyName(path, 'read'), tryPolicyName(path, production.environment)] }),
    serviceDesk: await hire('ServiceDesk', 'read'),
  };
}

/** What the CDK needs to publish files, and all that a pipeline needs of the bootstrap stack. */
const publishing = ({ account }: Aws) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::${account}:role/cdk-*-file-publishing-role-*` });

/** For whoever finds such a role in an account. */
const MADE_BY = { Key: 'path-to-live:made-by', Value: 'rehearsal' };

/** IAM takes its time to know a new role, https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency. */
const ROLE_KNOWN_WITHIN_MS = 60_000;

async function assumed(sts: STSClient, RoleArn: string): Promise<AssumeRoleCommandOutput> {
  for (const begun = Date.now(); ; await wait(2000)) {
    try {
      return await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'rehearsal' }));
    } catch (error) {
      if (Date.now() - begun > ROLE_KNOWN_WITHIN_MS) throw error;
    }
  }
}

/** What somebody may do. */
interface Rights {
  /** Names of managed policies. */
  readonly policies: readonly string[];
  /** Of a policy of their own. */
  readonly statements?: readonly object[];
}

async function engageOne({ account, client, env }: Aws, role: string, { policies, statements = [] }: Rights): Promise<Person> {
  const iam = new IAMClient(client);
  const policyArns = policies.map((policy) => `arn:aws:iam::${account}:policy/${policy}`);
  const trust = document({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument: trust, Tags: [MADE_BY] }));
  for (const PolicyArn of policyArns) await iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn }));
  if (statements.length > 0) await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: 'more', PolicyDocument: document(...statements) }));
  const session = await assumed(new STSClient(client), Role?.Arn ?? '');
  const { AccessKeyId, SecretAccessKey, SessionToken } = session.Credentials ?? {};
  return {
    name: role,
    // A profile would come before keys.
    env: { ...env, AWS_PROFILE: undefined, AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey, AWS_SESSION_TOKEN: SessionToken },
    role: { arn: Role?.Arn ?? '', managedPolicyArns: policyArns, ...(statements.length > 0 && { inline: { Statement: statements } }) },
  };
}

function document(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** The first role among a party's members: its name is all a path in front of it leaves. */
function roleName(members: readonly string[]): string {
  const name = members
    .find((member) => member.includes(':role/'))
    ?.split('/')
    .at(-1);
  if (name === undefined) throw new Problem(`None of ${JSON.stringify(members)} is an IAM role, so nobody can act for them here.`);
  return name;
}
