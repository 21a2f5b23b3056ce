import { join } from 'node:path';
import type { AuditView, ReleaseView, StatusView, TicketView } from '../../../lambda/contract';
import { loadBalancerWrites, readCalls } from '../../../rehearsal/figures/calls';
import type { Response } from '../../../rehearsal/traffic/response';
import { Traffic } from '../../../rehearsal/traffic/traffic';
import { stopRunning, until } from '../executions';
import { hubOf } from '../hub';
import type { Integ, Outputs, Ran } from '../integ';
import { type KeptUsers, keptUsers } from '../kept-users';
import { Messy } from '../messy';
import { DUBLIN, LONDON, PRODUCTION_ACCOUNT } from '../places';
import { withoutPath } from '../without-path';
import { withoutTargets } from '../without-targets';

const APP = 'waves';
const TITLE = 'waves';
const ENVIRONMENTS = ['London', 'Dublin'] as const;
/** How many keep their cookies: no divisor of what they ask for in turn. */
const USERS = 11;
/** Of the first step in Dublin: an alarm that is heard ends it long before. */
const BAKE_MS = 8_000;

/**
 * Two waves in two regions of another account than the hub's, under load: one release goes live in one after the other and is taken out of both by their name, of the
 * second one when that has something to go back to again; of the next one the path's machine dies; the last one answers errors in the second wave, whose alarm is heard
 * by the hub within its bake, and is live in none, the second wave back first. Half of the users keep their cookies: they stay with a version while it shares traffic,
 * and no longer.
 */
export async function waves(integ: Integ): Promise<void> {
  const ready = await integ.bootstrapElsewhere(PRODUCTION_ACCOUNT, [LONDON.region, DUBLIN.region]);
  integ.judge(`${TITLE}: two regions of another account are bootstrapped`, ready.status === 0, ready.said);
  const platform = await integ.deploy(APP, ['--all']);
  if ('failure' in platform) return integ.judge(`${TITLE}: the platform is deployed`, false, platform.failure);
  const { outputs } = platform;
  const messy = new Messy(integ, { title: TITLE, path: 'Waves', environment: 'London', url: urlOf(outputs, 'London') });
  const ptl = (...args: string[]) => integ.ptl(...args, '--path', 'Waves');
  const released = (version: string, until: string, ...more: string[]) => ptl('release', version, '--app', integ.app(APP), '--until', until, ...more);
  const release = (version: string, ...more: string[]) => released(version, 'live', ...more);
  const spans: Span[] = [];
  const timed = async (version: string, ...more: string[]) => {
    const begun = Date.now();
    const ran = await release(version, ...more);
    spans.push({ version, begun, ended: Date.now() });
    return ran;
  };
  const first = await release('1.0.0');
  await judgeLive(integ, outputs, '1.0.0 goes live in one after the other', '1.0.0', first.said);
  if (first.status !== 0) return;

  const streams = ENVIRONMENTS.flatMap((environment) => {
    const stream = { environment, url: urlOf(outputs, environment), paths: ['/', '/health'], requestsPerSecond: 10 };
    return [stream, { ...stream, users: USERS }];
  });
  const traffic = Traffic.start(streams, join(integ.state, 'waves-traffic.jsonl'), integ.emulator.env);
  try {
    const good = await timed('1.1.0');
    await judgeLive(integ, outputs, '1.1.0 goes live in both', '1.1.0', good.said);
    judgeOrder(integ, traffic.responses(), '1.0.0', '1.1.0');
    await oneStays(integ, messy, ptl);
    await judgeLive(integ, outputs, 'users have the version before in both', '1.0.0');
    // Before the bad one: the next release in its slot waits until its alarm is silent.
    await pathDies(integ, outputs, messy, () => released('1.1.1', 'submitted'));

    const bad = await timed('1.2.0', '--context', 'bad=true');
    integ.judge(`${TITLE}: 1.2.0, which answers errors in the second one, is rolled back, with exit code 3`, bad.status === 3, bad.said);
    await judgeLive(integ, outputs, 'users have the version before in both once more', '1.0.0', bad.said);
    const since = spans.at(-1)?.begun ?? 0;
    const responses = traffic.responses().filter(({ sent }) => sent > since);
    judgeOrder(integ, responses, '1.0.0', '1.2.0');
  } finally {
    await traffic.stop();
  }
  const { audit, now } = JSON.parse((await ptl('status', '1.2.0', '--json')).stdout) as ReleaseView;
  judgeAudit(integ, audit);
  integ.judge(
    `${TITLE}: where it failed, and what else went back, is said in a sentence`,
    now === 'rolled back in Dublin, and in London, a wave before it',
    now,
  );
  judgeUsers(integ, traffic.responses());
  for (const span of spans) judgeKept(integ, traffic.responses(), span);
  const tickets = JSON.parse((await ptl('tickets', '--json')).stdout) as TicketView[];
  const [ticket, ...more] = tickets.filter(({ releases }) => releases.includes('1.2.0'));
  const isOne = more.length === 0 && ticket?.environment === 'Dublin' && /London was rolled back to 1\.0\.0$/.test(ticket.actual);
  integ.judge(`${TITLE}: it is one ticket, of the wave that failed, and says so`, isOne, JSON.stringify(tickets));
}

/** By their name all go back; where one has nothing healthy to go back to, the others do all the same, and that one when it has. */
async function oneStays(integ: Integ, messy: Messy, ptl: (...args: string[]) => Promise<Ran>): Promise<void> {
  await withoutTargets(integ, 'Waves-Dublin-Blue', DUBLIN, async () => {
    const all = await ptl('roll-back', 'Production', '--reason', 'wrong prices');
    const flat = all.said.replace(/\s+/g, ' ');
    const isNamed =
      all.status === 1 && /Dublin stays: .*at least one healthy.*rolled London back; live: 1\.0\.0/.test(flat) && /Dublin could not be/.test(flat);
    integ.judge(
      `${TITLE}: all are rolled back by the name they have together, but for one that has nothing healthy to go back to, and is named`,
      isNamed,
      all.said,
    );
    const status = await messy.status();
    const isShown = /^London +1\.0\.0.*^Dublin +1\.1\.0.*^ *Production: London, then Dublin/ms.test(status);
    integ.judge(`${TITLE}: ptl status has different versions in environments that it names as waves`, isShown, status);
  });
  const back = await ptl('roll-back', 'Dublin', '--reason', 'healthy again');
  integ.judge(`${TITLE}: it goes back when it has a healthy target again`, back.status === 0, back.said);
}

/** The path's machine, and with it that of the second wave, is stopped by hand in its bake; the safety net hears of the latter only. */
async function pathDies(integ: Integ, outputs: Outputs, messy: Messy, submits: () => Promise<Ran>): Promise<void> {
  const began = Date.now();
  const hub = await hubOf(integ, 'Waves');
  await withoutPath(integ, 'Waves', async () => {
    const submitted = await submits();
    const reached = await until(
      () => answeredBy(urlOf(outputs, 'Dublin')),
      (version) => version === '1.1.1',
    );
    integ.judge(`${TITLE}: 1.1.1 has come through London, and reaches users in Dublin`, reached === '1.1.1', submitted.said);
    const stopped = await stopRunning(integ, 'Waves-path');
    integ.judge(`${TITLE}: the path's machine is stopped by hand`, stopped === 1, String(stopped));
    const left = await until(
      () => hub.status(),
      ({ environments, releases }) => releases.length === 0 && environments.every(({ lockedBy }) => lockedBy === undefined),
    );
    const live = left.environments.map((each) => `${each.environment} ${each.live?.version}`).join();
    integ.judge(
      `${TITLE}: it is left in London, with nothing under way`,
      live === 'London 1.1.1,Dublin 1.0.0' && left.releases.length === 0,
      JSON.stringify(left),
    );
    await messy.finds('wavesLeft', 'live in London');
    await messy.recovers('path machine died, INC0042', 'rolled release 1.1.1 back in London');
  });
  await judgeLive(integ, outputs, 'it is recovered', '1.0.0');
  const tickets = (await messy.tickets()).filter(({ releases }) => releases.includes('1.1.1'));
  const isTold = tickets.length === 1 && tickets[0]?.environment === 'Dublin' && /London was rolled back to 1\.0\.0$/.test(tickets[0].actual);
  integ.judge(`${TITLE}: the ticket of the wave that failed says what became of the other one`, isTold, JSON.stringify(tickets));
  console.log(`        waves that were left: made and put right within ${Math.round((Date.now() - began) / 1000)} s`);
}

/** When a release was under way. */
interface Span {
  readonly version: string;
  readonly begun: number;
  readonly ended: number;
}

/** By the ledger, and by what users get. */
async function judgeLive(integ: Integ, outputs: Outputs, what: string, version: string, said = ''): Promise<void> {
  const status = JSON.parse((await integ.ptl('status', '--path', 'Waves', '--json')).stdout) as StatusView;
  const live = status.environments.map((each) => `${each.environment} ${each.live?.version}`);
  const users = await Promise.all(ENVIRONMENTS.map(async (name) => `${name} ${await answeredBy(urlOf(outputs, name))}`));
  const wanted = ENVIRONMENTS.map((name) => `${name} ${version}`).join();
  integ.judge(`${TITLE}: ${what}`, live.join() === wanted && users.join() === wanted, `${live.join()} / ${users.join()}\n${said}`);
}

/** No user of the second wave gets the next version before every user of the first one has. */
function judgeOrder(integ: Integ, responses: readonly Response[], before: string, next: string): void {
  const of = (environment: string, version: string) => responses.filter((each) => each.environment === environment && each.version === version);
  const reached = Math.min(...of('Dublin', next).map(({ answered }) => answered));
  const left = of('London', before).filter(({ sent }) => sent < reached);
  const last = Math.max(...left.map(({ sent }) => sent));
  const has = of('London', next).some(({ sent }) => sent > last && sent < reached);
  const title = `${TITLE}: ${next} reaches users in Dublin ${Math.round((reached - last) / 100) / 10} s after London has nothing else`;
  integ.judge(title, reached < Number.POSITIVE_INFINITY && has, `first in Dublin: ${reached}; last of ${before} in London: ${last}`);
}

function judgeAudit(integ: Integ, audit: readonly AuditView[]): void {
  const back = audit.flatMap(({ what, environment }) => (what === 'ReleaseRolledBack' ? [environment] : []));
  integ.judge(`${TITLE}: it goes back in both, newest first`, back.join() === 'Dublin,London', JSON.stringify(audit));
  const at = (wanted: string) => Date.parse(audit.find(({ what, environment }) => what === wanted && environment === 'Dublin')?.at ?? '');
  const took = at('AlarmRaised') - at('TrafficShifted');
  integ.judge(`${TITLE}: an alarm of another region and account ends the bake, ${took / 1000} s after the shift`, took < BAKE_MS, JSON.stringify(audit));
}

/** Users get errors from the bad version, where it is bad, and from nothing else; in the first wave it serves for longer. */
function judgeUsers(integ: Integ, responses: readonly Response[]): void {
  const failed = responses.filter(({ status }) => status !== 200);
  const others = failed.filter(({ version, environment }) => version !== '1.2.0' || environment !== 'Dublin');
  integ.judge(
    `${TITLE}: of ${responses.length} requests 0 failed but ${failed.length} that the bad version answered`,
    failed.length > 0 && others.length === 0,
    JSON.stringify(others.slice(0, 5)),
  );
  const [london, dublin] = ENVIRONMENTS.map((environment) =>
    Math.max(...responses.filter((each) => each.environment === environment && each.version === '1.2.0').map(({ sent }) => sent)),
  ) as [number, number];
  integ.judge(`${TITLE}: users in London lose it ${london - dublin} ms after those in Dublin`, london > dublin, `${london} ${dublin}`);
}

/** In Dublin: who keeps cookies stays with a version while it shares traffic, and leaves the one that lost its weight with the call that took it, the last step or the roll back. */
function judgeKept(integ: Integ, responses: readonly Response[], { version, begun, ended }: Span): void {
  const writes = loadBalancerWrites(readCalls(integ.emulator.calls), begun, ended).filter(({ resource }) => resource.includes(DUBLIN.region));
  const [from = 0, to = 0] = writes.filter(({ action }) => action === 'elasticloadbalancing:ModifyRule').map(({ at }) => at);
  const shared = { environment: 'Dublin', from, to };
  const [left = '', stayed = ''] = version === '1.2.0' ? [version, '1.0.0'] : ['1.0.0', version];
  // The version before is rolled back to later on, the bad one never comes again.
  const until = left === version ? undefined : ended;
  const [lost, kept] = [left, stayed].map((each) => keptUsers(responses, { ...shared, version: each }, until)) as [KeptUsers, KeptUsers];
  const wandered = [...lost.wandered, ...kept.wandered];
  integ.judge(
    `${TITLE}: ${version} in Dublin: of users with cookies ${lost.kept} stay with ${left} and ${kept.kept} with ${stayed} as long as they share traffic`,
    lost.kept > 0 && wandered.length === 0 && to > from,
    JSON.stringify([from, to, wandered.slice(0, 5)]),
  );
  integ.judge(
    `${TITLE}: ${version} in Dublin: none of them gets ${left} after that: its last answer comes ${Math.round(lost.lastMs)} ms after the weights`,
    lost.afterwards.length === 0,
    JSON.stringify(lost.afterwards.slice(0, 5)),
  );
}

function urlOf(outputs: Outputs, environment: (typeof ENVIRONMENTS)[number]): string {
  return outputs[`Waves-${environment}`]?.Url ?? '';
}

async function answeredBy(url: string): Promise<string | null> {
  return (await fetch(url)).headers.get('x-service-version');
}
