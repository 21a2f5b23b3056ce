import { DeleteRolePolicyCommand, IAMClient, ListRolePoliciesCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { ACCOUNT } from '../../rehearsal/emulator/environment';
import type { Integ } from './integ';

/** What somebody does to a role who goes past the stack that it is of. */
export class RoleByHand {
  readonly arn: string;
  private readonly client: IAMClient;

  constructor(
    integ: Integ,
    private readonly name: string,
  ) {
    this.arn = `arn:aws:iam::${ACCOUNT}:role/${name}`;
    this.client = new IAMClient(integ.emulator.client);
  }

  async trustNobody(): Promise<void> {
    const Condition = { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/nobody` } };
    const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Condition }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await this.client.send(new UpdateAssumeRolePolicyCommand({ RoleName: this.name, PolicyDocument }));
  }

  async takeItsPolicy(): Promise<void> {
    const { PolicyNames = [] } = await this.client.send(new ListRolePoliciesCommand({ RoleName: this.name }));
    for (const PolicyName of PolicyNames) await this.client.send(new DeleteRolePolicyCommand({ RoleName: this.name, PolicyName }));
  }
}
