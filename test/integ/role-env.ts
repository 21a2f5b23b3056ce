import { AttachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT } from '../../rehearsal/emulator/environment';
import type { Integ } from './integ';

/** What a command is run with by somebody who has this role, once the role has one of the hub's policies. @param policy its name */
export async function withRights({ emulator: { client }, env }: Integ, role: string, policy: string): Promise<NodeJS.ProcessEnv> {
  await new IAMClient(client).send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${policy}` }));
  const assume = new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`, RoleSessionName: 'integ' });
  const { Credentials } = await new STSClient(client).send(assume);
  const { AccessKeyId: AWS_ACCESS_KEY_ID, SecretAccessKey: AWS_SECRET_ACCESS_KEY, SessionToken: AWS_SESSION_TOKEN } = Credentials ?? {};
  return { ...env, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN };
}
