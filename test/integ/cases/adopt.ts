import { join } from 'node:path';
import { DescribeRulesCommand, ElasticLoadBalancingV2Client, type Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Traffic } from '../../../rehearsal/traffic/traffic';
import type { Context, Integ } from '../integ';

/** The example that a team copies, deployed as it is: only the identifiers are another team's. */
const EXAMPLE = 'node --import tsx examples/existing-alb/existing-alb.ts';
const TITLE = 'adopting a listener that serves users';
const REQUESTS_PER_SECOND = 20;
/** Of the listener's quota, https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_RULES = 100;

/**
 * From a team's own service to a release and back, with its users and those of another team on the same listener being served all the time: not
 * one request fails, and in the end the listener's rules are what they were.
 */
export async function adopt(integ: Integ): Promise<void> {
  const team = await integ.deploy('adopt-team', ['AdoptTeam']);
  if ('failure' in team) return integ.judge(`${TITLE}: the team's own service is there`, false, team.failure);
  const given: Context = { bakeSeconds: '1', ...team.outputs.AdoptTeam };
  const traffic = Traffic.start(
    [
      { environment: 'team', url: given.url ?? '', paths: ['/pay', '/pay/health'], requestsPerSecond: REQUESTS_PER_SECOND },
      { environment: 'other', url: given.url ?? '', paths: ['/other'], requestsPerSecond: REQUESTS_PER_SECOND },
    ],
    join(integ.state, 'adopt.jsonl'),
    integ.emulator.env,
  );
  try {
    await new Adopting(integ, given, traffic).run();
  } finally {
    await traffic.stop();
  }
}

class Adopting {
  private readonly elb: ElasticLoadBalancingV2Client;
  private readonly context: readonly string[];
  private readonly figures: string[] = [];
  private counted = 0;

  constructor(
    private readonly integ: Integ,
    private readonly given: Context,
    private readonly traffic: Traffic,
  ) {
    this.elb = new ElasticLoadBalancingV2Client(integ.emulator.client);
    this.context = Object.entries(given).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
  }

  async run(): Promise<void> {
    const before = await this.rules();
    const taken = await this.deploy('--context', 'rulePriority=30');
    this.judge(
      'a priority of the other team is refused, and whose it is',
      taken.status !== 0 && /priority 40 .* is taken by another rule/s.test(taken.said),
      taken.said,
    );
    await this.integ.cdk(['destroy', 'Pay/Production', '--force', '--app', EXAMPLE, ...this.context]);
    await this.judgeRules('what was refused has left no rule', before);
    this.users('refused', 'Service');

    const adopted = await this.deploy();
    this.judge('the example is deployed', adopted.status === 0, adopted.said);
    const live = (await this.rules()).find(({ Priority }) => Priority === '210');
    this.judge('the live rule forwards to what served', JSON.stringify(live?.Actions).includes(this.given.serving ?? '?'), JSON.stringify(live));
    this.users('adopted', 'Service');

    const first = await this.ptl('release', '1.0.0', '--until', 'live');
    this.judge('1.0.0 goes live by canary', first.status === 0, first.said);
    this.users('released', 'Service', '1.0.0');
    const back = await this.ptl('roll-back', 'Production', '--reason', 'to see that it can');
    this.judge('1.0.0 is rolled back to what served', back.status === 0 && /what served before/.test(back.said), back.said);
    this.users('rolled back', '1.0.0', 'Service');
    const second = await this.ptl('release', '1.0.1', '--until', 'live');
    this.judge('1.0.1 goes live', second.status === 0, second.said);
    this.users('released again', 'Service', '1.0.1');
    const used = (await this.rules()).length - before.length;
    this.figures.push(`rules: ${used} of the ${MOST_RULES} that a load balancer has belong to the path, ${before.length} to others`);

    const removed = await this.integ.cdk(['destroy', 'Pay/Production', '--force', '--app', EXAMPLE, ...this.context]);
    const left = (await this.rules()).find(({ Priority }) => Priority === '210');
    this.judge('the live rule is gone with the front door', left === undefined, removed.said.slice(-2000));
    this.users('removed', 'Service');
    console.log(this.figures.map((figure) => `        ${figure}`).join('\n'));
  }

  private deploy(...more: string[]) {
    return this.integ.cdk([
      'deploy',
      '--all',
      '--app',
      EXAMPLE,
      '--output',
      join(this.integ.state, 'adopt.out'),
      '--require-approval',
      'never',
      ...this.context,
      ...more,
    ]);
  }

  private ptl(...args: string[]) {
    const told = args[0] === 'release' ? ['--app', EXAMPLE, ...this.context] : [];
    return this.integ.ptl(...args, '--path', 'Pay', ...told);
  }

  private judge(what: string, good: boolean, evidence = ''): void {
    this.integ.judge(`${TITLE}: ${what}`, good, evidence);
  }

  private async judgeRules(what: string, before: readonly Rule[]): Promise<void> {
    const now = await this.rules();
    this.judge(what, JSON.stringify(now) === JSON.stringify(before), JSON.stringify(now));
  }

  /** What users saw since the last time, by the clients' own log. */
  private users(step: string, ...versions: readonly string[]): void {
    const seen = this.traffic.responses().slice(this.counted);
    this.counted += seen.length;
    const failed = seen.filter(({ status }) => status !== 200);
    this.figures.push(`${step}: ${seen.length} requests, ${failed.length} failed`);
    this.judge(`${step}: no request failed`, seen.length > 0 && failed.length === 0, JSON.stringify(failed.slice(0, 3)));
    const others = seen.filter(({ environment, version }) => environment === 'other' && version !== 'OtherTeam');
    this.judge(`${step}: the other team's users got the other team`, others.length === 0, JSON.stringify(others.slice(0, 3)));
    const missing = versions.filter((version) => !seen.some((each) => each.version === version));
    this.judge(`${step}: users got ${versions.join(' and ')}`, missing.length === 0, `nobody got ${missing.join(' and ')}`);
  }

  /** Without the default one, in order. */
  private async rules(): Promise<Rule[]> {
    const { Rules = [] } = await this.elb.send(new DescribeRulesCommand({ ListenerArn: this.given.listener }));
    return Rules.filter(({ IsDefault }) => !IsDefault).sort((one, other) => Number(one.Priority) - Number(other.Priority));
  }
}
