import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type EnvironmentPlan, type HubPolicy, hubPolicyName, tryPolicyName } from '../../lambda/contract';
import type { Emulator } from '../emulator/emulator';
import { ACCOUNT } from '../emulator/environment';
import { Problem } from '../problem';

/** Somebody, or some pipeline, with an IAM role of their own and nothing else. */
export interface Person {
  /** The role's name, for example `ServiceManagement`. */
  readonly name: string;
  /** Environment of a process that is started as them. */
  readonly env: NodeJS.ProcessEnv;
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
}

/**
 * Makes the roles that the plan names, and a tester's, as a platform team would: each is trusted by its account and has managed policies of the
 * hub's and the front door's attached, and no other right.
 */
export async function engage(emulator: Emulator, path: string, production: EnvironmentPlan): Promise<People> {
  const { firebreak, goNoGo } = production;
  if (firebreak === undefined || goNoGo === undefined)
    throw new Problem(`${production.environment} has no firebreak or no go/no-go: there is no story to tell.`);
  const hire = (role: string, policy: HubPolicy, statements?: object[]) => engageOne(emulator, role, { policies: [hubPolicyName(path, policy)], statements });
  const parties = new Map<string, Person>();
  for (const party of firebreak.parties) parties.set(party.name, await hire(roleName(party.members), 'decide'));
  return {
    pipeline: await hire(`${path}Pipeline`, 'submit', [PUBLISHING]),
    parties,
    changeAuthority: await hire(roleName(goNoGo.party.members), 'decide'),
    releaseManager: await hire(firebreak.releaseManagers.length === 0 ? 'ReleaseManager' : roleName(firebreak.releaseManagers), 'manage'),
    tester: await engageOne(emulator, 'Tester', { policies: [hubPolicyName(path, 'read'), tryPolicyName(path, production.environment)] }),
  };
}

/** What the CDK needs to publish files, and all that a pipeline needs of the bootstrap stack. */
const PUBLISHING = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::${ACCOUNT}:role/cdk-*-file-publishing-role-*` };

/** What somebody may do. */
interface Rights {
  /** Names of managed policies. */
  readonly policies: readonly string[];
  /** Of a policy of their own. */
  readonly statements?: readonly object[];
}

async function engageOne({ client, env }: Emulator, role: string, { policies, statements = [] }: Rights): Promise<Person> {
  const iam = new IAMClient(client);
  const trust = document({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument: trust }));
  for (const policy of policies) {
    await iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${policy}` }));
  }
  if (statements.length > 0) await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: 'more', PolicyDocument: document(...statements) }));
  const session = await new STSClient(client).send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'rehearsal' }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = session.Credentials ?? {};
  return { name: role, env: { ...env, AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey, AWS_SESSION_TOKEN: SessionToken } };
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
