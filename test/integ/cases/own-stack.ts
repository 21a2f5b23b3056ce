import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { REGION } from '../../../rehearsal/emulator/environment';
import type { Integ } from '../integ';

const APP = 'own-stack';
const TITLE = 'a stack of a team’s own';

/** A stack that a team has already, nested in the slots' stacks: released twice, and rolled back. */
export async function ownStack(integ: Integ): Promise<void> {
  const platform = await integ.deploy(APP, ['--all']);
  if ('failure' in platform) return integ.judge(`${TITLE}: the platform is deployed`, false, platform.failure);
  const url = platform.outputs['OwnStack-Live']?.Url ?? '';
  const release = (version: string) => integ.ptl('release', version, '--app', integ.app(APP), '--path', 'OwnStack', '--until', 'live');

  for (const [version, slot] of [
    ['1.0.0', 'Blue'],
    ['1.1.0', 'Green'],
  ] as const) {
    const { status, said } = await release(version);
    integ.judge(`${TITLE}: ${version} goes live`, status === 0 && (await served(url)) === version, said);
    const nested = await nestedIn(integ, `OwnStack-Live-${slot}`);
    integ.judge(`${TITLE}: it is nested in the stack of the ${slot.toLowerCase()} slot`, nested.length === 1, JSON.stringify(nested));
  }

  const back = await integ.ptl('roll-back', 'Live', '--reason', 'wrong totals', '--path', 'OwnStack', '--region', REGION);
  integ.judge(`${TITLE}: and 1.0.0 serves again when that is rolled back`, back.status === 0 && (await served(url)) === '1.0.0', back.said);
}

async function served(url: string): Promise<string | undefined> {
  const answer = await fetch(url);
  return ((await answer.json()) as { version?: string }).version;
}

async function nestedIn({ emulator }: Integ, stack: string): Promise<string[]> {
  const { Stacks = [] } = await new CloudFormationClient(emulator.client).send(new DescribeStacksCommand({}));
  return Stacks.filter(({ StackName = '', StackStatus = '' }) => StackName.startsWith(`${stack}-`) && /^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus)).map(
    ({ StackName = '' }) => StackName,
  );
}
