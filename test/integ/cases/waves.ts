import type { ReleaseView, StatusView, TicketView } from '../../../lambda/contract';
import type { Integ, Outputs } from '../integ';

const APP = 'waves';
const TITLE = 'waves';
const ENVIRONMENTS = ['London', 'Dublin'] as const;

/** A release that fails in the second of two waves is live in none, the second one back first; one that went through both is taken out of both by their name. */
export async function waves(integ: Integ): Promise<void> {
  const platform = await integ.deploy(APP, ['--all']);
  if ('failure' in platform) return integ.judge(`${TITLE}: the platform is deployed`, false, platform.failure);
  const ptl = (...args: string[]) => integ.ptl(...args, '--path', 'Waves');
  const release = (version: string, ...more: string[]) => ptl('release', version, '--app', integ.app(APP), '--until', 'live', ...more);
  const first = await release('1.0.0');
  await judgeLive(integ, platform.outputs, '1.0.0 goes live in one after the other', '1.0.0', first.said);

  const bad = await release('1.1.0', '--context', 'bad=true');
  integ.judge(`${TITLE}: 1.1.0, which is unhealthy in the second one, is rolled back, with exit code 3`, bad.status === 3, bad.said);
  const { audit, now } = JSON.parse((await ptl('status', '1.1.0', '--json')).stdout) as ReleaseView;
  const back = audit.flatMap(({ what, environment }) => (what === 'ReleaseRolledBack' ? [environment] : []));
  integ.judge(`${TITLE}: it goes back in both, newest first`, back.join() === 'Dublin,London', JSON.stringify(audit));
  integ.judge(
    `${TITLE}: where it failed, and what else went back, is said in a sentence`,
    now === 'rolled back in Dublin, and in London, a wave before it',
    now,
  );
  await judgeLive(integ, platform.outputs, 'users have the version before in both', '1.0.0', bad.said);
  const tickets = JSON.parse((await ptl('tickets', '--json')).stdout) as TicketView[];
  const [ticket, ...more] = tickets;
  const isOne = more.length === 0 && ticket?.environment === 'Dublin' && /London was rolled back to 1\.0\.0$/.test(ticket.actual);
  integ.judge(`${TITLE}: it is one ticket, of the wave that failed, and says so`, isOne, JSON.stringify(tickets));

  const mended = await release('1.2.0');
  await judgeLive(integ, platform.outputs, '1.2.0 goes live in both', '1.2.0', mended.said);
  const all = await ptl('roll-back', 'Production', '--reason', 'to see that it can');
  integ.judge(`${TITLE}: all are rolled back by the name they have together`, all.status === 0 && /Dublin.*London/s.test(all.said), all.said);
  await judgeLive(integ, platform.outputs, 'users have the version before in both once more', '1.0.0', all.said);
}

/** By the ledger, and by what users get. */
async function judgeLive(integ: Integ, outputs: Outputs, what: string, version: string, said: string): Promise<void> {
  const status = JSON.parse((await integ.ptl('status', '--path', 'Waves', '--json')).stdout) as StatusView;
  const live = status.environments.map((each) => `${each.environment} ${each.live?.version}`);
  const users = await Promise.all(ENVIRONMENTS.map(async (name) => `${name} ${await answeredBy(outputs[`Waves-${name}`]?.Url ?? '')}`));
  const wanted = ENVIRONMENTS.map((name) => `${name} ${version}`).join();
  integ.judge(`${TITLE}: ${what}`, live.join() === wanted && users.join() === wanted, `${live.join()} / ${users.join()}\n${said}`);
}

async function answeredBy(url: string): Promise<string> {
  const { version } = (await (await fetch(url)).json()) as { readonly version: string };
  return version;
}
