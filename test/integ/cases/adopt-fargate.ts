import { join } from 'node:path';
import { Traffic } from '../../../rehearsal/traffic/traffic';
import { compiled } from '../compiled';
import type { Context, Integ } from '../integ';

/** The example that a team copies, deployed as it is: only the identifiers are another team's. */
const EXAMPLE = `node ${compiled('examples/existing-alb-fargate/existing-alb-fargate.ts')}`;
const TITLE = 'adopting a service on Fargate';

/** From a team's own load balancer and its own service on Fargate to a release by weight and back, under load: not one request fails. */
export async function adoptFargate(integ: Integ): Promise<void> {
  const team = await integ.deploy('adopt-fargate-team', ['AdoptFargateTeam']);
  if ('failure' in team) return integ.judge(`${TITLE}: the team's own service is there`, false, team.failure);
  const given: Context = { bakeSeconds: '1', image: `orders@sha256:${'1'.repeat(64)}`, ...team.outputs.AdoptFargateTeam };
  const context = Object.entries(given).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
  const log = join(integ.state, 'adopt-fargate.jsonl');
  const traffic = Traffic.start([{ environment: 'team', url: given.url ?? '', paths: ['/', '/health'], requestsPerSecond: 20 }], log, integ.emulator.env);
  let counted = 0;
  const users = (step: string, ...versions: readonly string[]) => {
    const seen = traffic.responses().slice(counted);
    counted += seen.length;
    const failed = seen.filter(({ status }) => status !== 200);
    integ.judge(`${TITLE}: ${step}: of ${seen.length} requests 0 failed`, seen.length > 0 && failed.length === 0, JSON.stringify(failed.slice(0, 3)));
    const missing = versions.filter((version) => !seen.some((each) => each.version === version));
    integ.judge(`${TITLE}: ${step}: users got ${versions.join(' and ')}`, missing.length === 0, `nobody got ${missing.join(' and ')}`);
  };
  try {
    const platform = await integ.deployApp(EXAMPLE, ['--all'], given);
    integ.judge(`${TITLE}: the example is deployed`, !('failure' in platform), 'failure' in platform ? platform.failure : '');
    users('adopted', 'Service');
    const release = await integ.ptl('release', '1.0.0', '--until', 'live', '--path', 'Basket', '--app', EXAMPLE, ...context);
    integ.judge(`${TITLE}: 1.0.0 goes live by canary, in a slot beside it`, release.status === 0, release.said);
    users('released', 'Service', '1.0.0');
    const back = await integ.ptl('roll-back', 'Production', '--reason', 'to see that it can', '--path', 'Basket');
    integ.judge(`${TITLE}: 1.0.0 is rolled back to the team's own service`, back.status === 0 && /what served before/.test(back.said), back.said);
    users('rolled back', '1.0.0', 'Service');
  } finally {
    await traffic.stop();
  }
}
