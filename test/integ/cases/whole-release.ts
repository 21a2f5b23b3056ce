import { REGION } from '../../../rehearsal/emulator/environment';
import type { Integ, Ran } from '../integ';
import { withRights } from '../role-env';

/**
 * A path to live of two environments: a first deployment that fails, a migration that does, then a release that goes live once people have said what too few
 * requests mean, and holds on to what it uses; and out again.
 */
export async function wholeRelease(integ: Integ): Promise<void> {
  const app = 'whole-release';
  const title = 'a whole release';
  const platform = await integ.deploy(app, ['--all'], { phase: 'platform' });
  if ('failure' in platform) return integ.judge(`${title}: the platform is deployed`, false, platform.failure);
  const release = (version: string, ...more: string[]) => integ.ptl('release', version, '--app', integ.app(app), '--path', 'Integ', '--until', 'live', ...more);
  const first = await release('0.9.0', '--context', 'broken=true');
  integ.judge(`${title}: a first deployment that fails stops the release with exit code 2, and says why`, stoppedAtItsStack(first), first.said);
  const half = await release('0.9.5', '--context', 'migration=failing');
  integ.judge(`${title}: a migration that fails half way stops the release with exit code 2, and says where`, stoppedAtItsMigration(half), half.said);
  const url = platform.outputs['Integ-Live']?.Url ?? '';
  const asked = await release('1.0.0');
  await judgeAsked(integ, title, asked);
  const released = await whileUsed(url, async () => {
    await accept(integ, title);
    return release('1.0.0');
  });
  integ.judge(`${title}: the slot whose first deployment failed takes the next one, which goes live with exit code 0`, released.status === 0, released.said);
  integ.judge(`${title}: the migration goes on under its name, mended`, /"half-way" finished .*begins anew: true/.test(asked.said), asked.said);
  const table = platform.outputs['Integ-Hub']?.LedgerTable ?? '';
  // Not '**': that would deploy the slots by hand, which they refuse.
  const taken = await integ.deploy(app, ['Integ/Live-Shared'], { phase: 'platform', without: 'true' });
  const refusal = 'failure' in taken ? taken.failure : 'it was deployed';
  const words = /Export Integ-Live-Shared:TableName cannot be deleted as it is in use by Integ-Live-Blue/;
  integ.judge(`${title}: what a live slot uses of the shared state cannot be taken out of it`, words.test(refusal), refusal);
  await integ.assertions(title, app, 3, { phase: 'released', table, url, version: '1.0.0' }, ['IntegWholeRelease', 'WholeReleaseTest/**']);
  await retired(integ, title);
}

/** Nobody uses it while it bakes: it keeps its share, and waits for people. */
async function judgeAsked(integ: Integ, title: string, asked: Ran): Promise<void> {
  const status = await integ.ptl('status', '--path', 'Integ');
  const isAsked =
    asked.status === 4 && /waits at the question about Live, inconclusive at 50 percent, watched.* inconclusive .*requests/.test(flat(status.said));
  integ.judge(
    `${title}: that too few use it is inconclusive, and people are asked, who see what was, with exit code 4`,
    isAsked,
    `${asked.said}\n${status.said}`,
  );
  const story = await integ.ptl('status', '1.0.0', '--path', 'Integ');
  integ.judge(`${title}: a test has run beside its first bake`, /health at half/.test(story.said), story.said);
}

function flat(said: string): string {
  return said.replace(/\s+/g, ' ');
}

async function accept(integ: Integ, title: string): Promise<void> {
  const owner = await withRights(integ, 'IntegOwner', 'Integ-decide');
  const { status, said } = await integ.ptlAs(owner, 'accept', 'Live', '--reason', 'orders look right', '--path', 'Integ', '--region', REGION);
  integ.judge(`${title}: they accept, and are told what it was that they have`, status === 0 && /inconclusive .*requests/.test(flat(said)), said);
}

/** While a few users ask for it, one request after the other. */
async function whileUsed<T>(url: string, meanwhile: () => Promise<T>): Promise<T> {
  let isOver = false;
  const users = Array.from({ length: 4 }, async () => {
    while (!isOver) await (await fetch(url)).text();
  });
  try {
    return await meanwhile();
  } finally {
    isOver = true;
    await Promise.all(users);
  }
}

/** On load balancers of the path's own nothing served before: that users get 503 has to be said, environment by environment. */
async function retired(integ: Integ, title: string): Promise<void> {
  const retire = (...environments: string[]) =>
    integ.ptl('retire', '--path', 'Integ', '--yes', '--reason', 'to see that it can', ...environments.flatMap((name) => ['--users-get-503', name]));
  const refused = await retire('Test');
  integ.judge(
    `${title}: is not retired while users would get 503 and nobody has said so`,
    refused.status === 1 && /live in Live, and nothing/.test(refused.said),
    refused.said,
  );
  const done = await retire('Test', 'Live');
  const inOrder = /Test: its slots are removed.*Live: its slots are removed.*is retired/s.test(done.said);
  integ.judge(`${title}: is retired, environment after environment, where that is said`, done.status === 0 && inOrder, done.said);
}

/** Not just any stop: the ticket names the deployment, and the resource that failed in it. */
function stoppedAtItsStack({ status, said }: { readonly status: number; readonly said: string }): boolean {
  return status === 2 && /deployment of the slot stack/.test(said) && /there-is-no-such-function|Broken/.test(said);
}

/** The ticket names the migration, what it said, and where its log is; no slot got traffic. */
function stoppedAtItsMigration({ status, said }: { readonly status: number; readonly said: string }): boolean {
  return status === 2 && /migration half-way/.test(said) && /locked after half/.test(said) && said.includes('/path-to-live/Integ/Test/migrations');
}
