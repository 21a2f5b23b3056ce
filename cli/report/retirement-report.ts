import { ORIGINAL, ORIGINAL_503, type RetiredEnvironmentView, type RetirementView } from '../../lambda/contract';
import { SERVED_BEFORE } from './held';
import { hanging, table } from './table';

/** What taking the path out would do, environment by environment. */
export function retirementReport(view: RetirementView, columns: number): string[] {
  return [
    `Retiring the path to live ${view.path} would, in this order,`,
    ...hanging('  1. ', 'let no release in any more, and give the users of every environment what served them before any release;', columns),
    ...hanging('  2. ', 'remove the stacks of the slots;', columns),
    ...hanging('  3. ', 'leave the rest to you: front doors, shared state and hub are stacks of your app, and the ledger stays.', columns),
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

/** What is left, and by which commands it goes. */
export function leftovers({ path, environments, files, releases }: RetirementView, columns: number): string[] {
  const buckets = [...new Set(files.map(({ bucket }) => bucket))].sort();
  const accounts = [...new Set(environments.map(({ account, region }) => `aws://${account}/${region}`))];
  return [
    ...hanging('', 'What is left, for you to remove. Look at your service first: until then the live rules forward to what served before.', columns),
    ...environments.map(({ environment }) => `  $ npx cdk destroy ${path}/${environment}`),
    `  $ npx cdk destroy ${path}/Hub`,
    ...hanging('  ', `Shared state, if you have any, goes by "npx cdk destroy ${path}/<environment>-Shared". The ledger's table stays.`, columns - 2),
    '',
    ...hanging('', `${files.length} published files of ${releases} releases stay in ${buckets.join(', ') || 'no bucket'}.`, columns),
    ...hanging(
      '  ',
      'A file is known by the hash of its content, so a stack of another app, or a release of another path that waits, may use the same one, and the hub cannot see that. What no stack uses any more is removed by the CDK; give releases that wait elsewhere the time to be deployed:',
      columns - 2,
    ),
    ...accounts.map((account) => `  $ npx cdk gc ${account} --unstable=gc --rollback-buffer-days 30 --created-buffer-days 30`),
    '  List them with: ptl retire --json',
  ];
}
