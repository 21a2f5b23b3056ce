import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Aws } from '../aws';
import { Problem } from '../problem';

/** Credentials that cannot be had in this time are not to be had. */
const CREDENTIALS_TIMEOUT_MS = 20_000;

/**
 * The account that the credentials at hand are of.
 *
 * @throws Problem when there are none, or they are of another account
 */
export async function realAws({ account, region }: Pick<Aws, 'account' | 'region'>, own: NodeJS.ProcessEnv): Promise<Aws & { readonly caller: string }> {
  const client = { region };
  const { Account, Arn = '' } = await identity(new STSClient(client));
  if (Account !== account) {
    throw new Problem(
      `The credentials at hand are of account ${Account} (${Arn}), and --account names ${account}. Nothing was done. Choose others, for example with AWS_PROFILE.`,
    );
  }
  const env = { ...own, AWS_REGION: region, AWS_DEFAULT_REGION: region, CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'false' };
  return { account, region, env, client, caller: Arn };
}

async function identity(sts: STSClient) {
  try {
    return await sts.send(new GetCallerIdentityCommand({}), { abortSignal: AbortSignal.timeout(CREDENTIALS_TIMEOUT_MS) });
  } catch (error) {
    throw new Problem(
      `There are no AWS credentials that work here (${(error as Error).message}). Nothing was done. Sign in first, for example aws sso login --profile <profile>, ` +
        'set AWS_PROFILE to it, and run this again. Without an account, npm run rehearse does the same on a local AWS.',
    );
  }
}
