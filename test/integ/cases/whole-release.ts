import type { Integ } from '../integ';

/** A path to live of two environments: a first deployment that fails, then a release that goes live. */
export async function wholeRelease(integ: Integ): Promise<void> {
  const app = 'whole-release';
  const title = 'a whole release';
  const platform = await integ.deploy(app, ['--all'], { phase: 'platform' });
  if ('failure' in platform) return integ.judge(`${title}: the platform is deployed`, false, platform.failure);
  const release = (version: string, ...more: string[]) => integ.ptl('release', version, '--app', integ.app(app), '--path', 'Integ', '--until', 'live', ...more);
  const first = await release('0.9.0', '--context', 'broken=true');
  integ.judge(`${title}: a first deployment that fails stops the release with exit code 2, and says why`, stoppedAtItsStack(first), first.said);
  const released = await release('1.0.0');
  integ.judge(`${title}: the slot whose first deployment failed takes the next one, which goes live with exit code 0`, released.status === 0, released.said);
  const [table, url] = [platform.outputs['Integ-Hub']?.LedgerTable ?? '', platform.outputs['Integ-Live']?.Url ?? ''];
  // Not '**': that would deploy the slots by hand, which they refuse.
  await integ.assertions(title, app, 3, { phase: 'released', table, url, version: '1.0.0' }, ['IntegWholeRelease', 'WholeReleaseTest/**']);
}

/** Not just any stop: the ticket names the deployment, and the resource that failed in it. */
function stoppedAtItsStack({ status, said }: { readonly status: number; readonly said: string }): boolean {
  return status === 2 && /deployment of the slot stack/.test(said) && /there-is-no-such-function|Broken/.test(said);
}
