/** `npm run verify:aws`: the rehearsal's releases on a real account. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Aws } from '../aws';
import { begin, tell } from '../begin';
import { endEveryRun } from '../emulator/run';
import { Narrator } from '../narrator';
import { Problem } from '../problem';
import { deployPlatform } from '../scenarios/platform';
import type { World } from '../world';
import { cleanUp } from './clean-up';
import { intent } from './intent';
import { HELP, readOptions, type VerifyOptions } from './options';
import { realAws } from './real-aws';

/** Load balancers count once a minute and alarms look at whole minutes: a bake must see two of them. The ledger and the logs go with their stacks. */
const CONTEXT = ['bakeSeconds=300', 'removalPolicy=destroy'];
/** Enough for a tenth of it to raise an alarm within a minute. */
const RATE = { production: 10, elsewhere: 1 } as const;
/** Three stacks are deployed, and three bakes pass, before anybody is asked. */
const PATIENCE_SECONDS = 3600;

const root = join(__dirname, '..', '..');
const state = join(root, '.rehearsal', 'verify');
let world: World | undefined;

async function verify(options: VerifyOptions): Promise<boolean> {
  const aws = await realAws(options, process.env);
  const narrator = new Narrator((line) => console.log(line));
  narrator.show(intent(options, aws.caller));
  if (!options.yes) {
    narrator.show(['', 'Nothing was done. Add --yes to do it.']);
    return false;
  }
  await requireNoPath(aws);
  mkdirSync(state, { recursive: true });
  try {
    narrator.chapter('A platform');
    const platform = await deployPlatform({ root, state, aws, narrator, context: [...CONTEXT, `account=${aws.account}`, `region=${aws.region}`] });
    world = await begin({ root, state, aws, narrator, platform, rate: RATE, patienceSeconds: PATIENCE_SECONDS });
    await tell(world);
    const broken = world.promises.broken.length;
    narrator.show(['', ...world.promises.report(), '', broken === 0 ? '  Every promise was kept.' : `  ${broken} promises were BROKEN.`]);
    return broken === 0;
  } finally {
    await world?.traffic.stop();
    narrator.chapter(options.keep ? 'Everything stays, and goes on costing' : 'Everything is removed again');
    if (!options.keep) await cleanUp({ root, state, aws, people: world?.people, say: (line) => narrator.say(line) });
  }
}

/** What is there already must not be changed, and not be removed afterwards. */
async function requireNoPath({ client, account, region }: Aws): Promise<void> {
  const { Stacks = [] } = await new CloudFormationClient(client).send(new DescribeStacksCommand({}));
  const there = Stacks.filter(({ StackName = '', StackStatus }) => /^Payments-/.test(StackName) && StackStatus !== 'DELETE_COMPLETE').map(
    ({ StackName }) => StackName,
  );
  if (there.length > 0) {
    throw new Problem(
      `In ${account}, ${region}, there are stacks of this name already: ${there.join(', ')}. Nothing was done. Use another account or region, or remove them first.`,
    );
  }
}

function failed(error: unknown): void {
  console.error(error instanceof Problem ? `\n${error.message}` : error);
  process.exitCode = 1;
}

process.once('SIGINT', () => {
  console.error('\nStopped. What was made is still there: run this again with the same arguments to see its names, or delete the stacks Payments-*.');
  void endEveryRun();
  void world?.traffic.stop().finally(() => process.exit(130));
  if (world === undefined) process.exit(130);
});

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) console.log(HELP);
  else
    verify(options).then((kept) => {
      process.exitCode = kept ? 0 : 1;
    }, failed);
} catch (error) {
  failed(error);
}
