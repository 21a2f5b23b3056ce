import { parseArgs } from 'node:util';
import { Problem } from '../problem';

export const HELP = `npm run verify:aws -- --account <account> --region <region> [--yes] [--keep]

Takes the rehearsal's three releases through a real AWS account: bootstraps it where it is not, deploys the example's platform (a hub and
three environments), makes seven IAM roles, sends traffic, and removes everything again. It was written and tried on a local AWS; nobody has run
it on a real one yet.

  --account <account>  the account the credentials must be of, 12 digits; use one that is for trying things out
  --region <region>    for example eu-west-2
  --yes                do it; without this it says what it would do and cost, and stops
  --keep               leave everything there afterwards; it goes on costing
  --help               this text

Credentials are found as by any AWS tool (AWS_PROFILE, environment variables, single sign-on), and must be an administrator's.

Exit codes: 0 every promise was kept · 1 one was broken, something failed, or it was not confirmed`;

export interface VerifyOptions {
  readonly account: string;
  readonly region: string;
  readonly yes: boolean;
  readonly keep: boolean;
}

/** @throws Problem on arguments that are missing or wrong; undefined when only help is asked for */
export function readOptions(args: readonly string[]): VerifyOptions | undefined {
  const { account = '', region = '', yes = false, keep = false, help = false } = parsed(args);
  if (help) return undefined;
  if (!/^\d{12}$/.test(account))
    throw new Problem(`--account is ${JSON.stringify(account)}; name the account to use, 12 digits, for example --account 111111111111.`);
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw new Problem(`--region is ${JSON.stringify(region)}; name the region to use, for example --region eu-west-2.`);
  return { account, region, yes, keep };
}

function parsed(args: readonly string[]) {
  const options = {
    account: { type: 'string' },
    region: { type: 'string' },
    yes: { type: 'boolean' },
    keep: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new Problem(`${(error as Error).message.split('. ')[0]}. The options are --account, --region, --yes, --keep and --help.`);
  }
}
