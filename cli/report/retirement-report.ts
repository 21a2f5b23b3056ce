import { ORIGINAL, ORIGINAL_503, type PublishedFile, type RetiredEnvironmentView, type RetirementView } from '../../lambda/contract';
import type { Removed } from '../hub/published-files';
import { SERVED_BEFORE } from './held';
import { hanging, table } from './table';

/** What taking the path out would do, environment by environment. */
export function retirementReport(view: RetirementView, columns: number, removesFiles = false): string[] {
  const { files, releases } = view;
  return [
    `Retiring the path to live ${view.path} would, in this order,`,
    ...hanging('  1. ', 'let no release in any more, and give the users of every environment what served them before any release;', columns),
    ...hanging('  2. ', 'remove the stacks of the slots;', columns),
    ...(removesFiles
      ? hanging(
          '  3. ',
          `remove ${files.length} published files of ${releases} releases from ${bucketsOf(files)}, with your own rights. ${SAME_CONTENT}`,
          columns,
        )
      : []),
    ...hanging(
      removesFiles ? '  4. ' : '  3. ',
      'leave the rest to you: front doors, shared state and hub are stacks of your app, and the ledger stays.',
      columns,
    ),
    '',
    ...table(['ENVIRONMENT', 'LIVE', 'USERS GET', 'STACKS TO REMOVE'], view.environments.map(row), columns),
  ];
}

function row({ environment, live, goesTo, slots, state }: RetiredEnvironmentView): string[] {
  return [
    state === 'retired' ? `${environment} (retired)` : environment,
    live === undefined ? '-' : live === ORIGINAL ? SERVED_BEFORE : live,
    goesTo === ORIGINAL_503 ? '503' : goesTo.replace(/^.*:targetgroup\//, 'targetgroup/'),
    state === 'retired' ? 'none' : slots.map(({ stackName, version }) => (version === undefined ? stackName : `${stackName} (${version})`)).join(', '),
  ];
}

/** What is left of the path, and by which commands it goes. */
export function leftovers({ path, environments }: RetirementView, columns: number): string[] {
  return [
    ...hanging('', 'What is left, for you to remove. Look at your service first: until then the live rules forward to what served before.', columns),
    ...environments.map(({ environment }) => `  $ npx cdk destroy ${path}/${environment}`),
    `  $ npx cdk destroy ${path}/Hub`,
    ...hanging('  ', `Shared state, if you have any, goes by "npx cdk destroy ${path}/<environment>-Shared". The ledger's table stays.`, columns - 2),
    '',
  ];
}

/** What published files are left for, and what removes them. */
export function filesStay({ environments, files, releases }: RetirementView, columns: number): string[] {
  const accounts = [...new Set(environments.map(({ account, region }) => `aws://${account}/${region}`))];
  return [
    ...hanging('', `${files.length} published files of ${releases} releases stay in ${bucketsOf(files)}.`, columns),
    ...hanging(
      '  ',
      'A file is known by the hash of its content, so a stack of another app, or a release of another path that waits, may use the same one, and the hub cannot see that. What no stack uses any more is removed by the CDK; give releases that wait elsewhere the time to be deployed:',
      columns - 2,
    ),
    ...accounts.map((account) => `  $ npx cdk gc ${account} --unstable=gc --rollback-buffer-days 30 --created-buffer-days 30`),
    ...hanging('  ', 'What these releases published, and nothing else, is removed by this command with --remove-files.', columns - 2),
    '  List them with: ptl retire --json',
  ];
}

const SAME_CONTENT =
  'Files are named by the hash of their content: another app, or a release of another path that waits, may have published the same one, and would miss it until it is published again. A bucket with versions, as the CDK makes it, keeps what is removed for a while.';
const MOST_LEFT_SHOWN = 10;

/** What became of published files. */
export function filesRemoved(files: readonly Removed[], { releases }: RetirementView, columns: number): string[] {
  const left = files.flatMap((each) => (each.outcome === 'left' ? [each] : []));
  const of = (outcome: Removed['outcome']) => files.filter((each) => each.outcome === outcome);
  const gone = of('gone').length > 0 ? ` ${of('gone').length} were not there any more.` : '';
  const more = left.length - MOST_LEFT_SHOWN;
  return [
    ...hanging(
      '',
      `${of('removed').length} published files of ${releases} releases were removed from ${bucketsOf(of('removed').map(({ file }) => file))}.${gone}`,
      columns,
    ),
    ...hanging('  ', SAME_CONTENT, columns - 2),
    ...(left.length > 0 ? ['', `${left.length} are left:`] : []),
    ...left.slice(0, MOST_LEFT_SHOWN).flatMap(({ file, why }) => hanging('  - ', `${file.bucket}/${file.key}: ${why}`, columns)),
    ...(more > 0 ? [`  and ${more} more, see --json`] : []),
    '',
    ...hanging('', 'Container images of slots, if there were any, stay in their repositories: the hub knows none of them.', columns),
  ];
}

function bucketsOf(files: readonly PublishedFile[]): string {
  return [...new Set(files.map(({ bucket }) => bucket))].sort().join(', ') || 'no bucket';
}
