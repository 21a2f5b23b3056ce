import type { StackTemplate } from '../../../permissions';
import { run } from '../../emulator/run';

/** What `cdk bootstrap` deploys, as the CDK's own CLI shows it: the roles that publish and deploy are in it. */
export async function bootstrapTemplate(): Promise<StackTemplate['template']> {
  const { stdout, said } = await run(process.execPath, [require.resolve('aws-cdk/bin/cdk'), 'bootstrap', '--show-template', '--json', '--no-notices'], {
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  if (!stdout.startsWith('{')) throw new Error(`cdk bootstrap --show-template showed no template:\n${said}`);
  return JSON.parse(stdout) as StackTemplate['template'];
}
