/** What a team has before it takes only the firebreak: what builds, what deploys, and roles for people. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';

const stack = new Stack(new App(), 'FirebreakTeam', { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION } });
for (const [name, value] of Object.entries({ account: stack.account, region: stack.region })) new CfnOutput(stack, name, { value });
const step = (id: string, code: string) => {
  const made = new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(code) });
  new CfnOutput(stack, id.toLowerCase(), { value: made.functionArn });
};
step('Build', 'exports.handler = async ({ input }) => ({ version: input.version, digest: input.digest });');
step('Deploy', 'exports.handler = async ({ version }) => ({ deployed: version });');
for (const roleName of ['ProductOwner', 'SecurityOfficer', 'ReleaseManager', 'Passenger']) {
  new Role(stack, roleName, { roleName, assumedBy: new AccountRootPrincipal() });
}
