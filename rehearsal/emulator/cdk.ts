import type { Aws } from '../aws';
import { Problem } from '../problem';
import { lastLines, run } from './run';

/**
 * Runs the CDK's own CLI against an AWS.
 *
 * @param folder where it is run: the app is the one of that folder's `cdk.json`, if there is one
 * @throws Problem with what it said
 */
export async function cdk(folder: string, { env }: Pick<Aws, 'env'>, ...args: readonly string[]): Promise<void> {
  const { status, said } = await run(process.execPath, [require.resolve('aws-cdk/bin/cdk'), ...args, '--no-notices'], { cwd: folder, env });
  if (status !== 0) throw new Problem(`cdk ${args.join(' ')} failed:\n${lastLines(said, 40)}`);
}
