import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DescribeRulesCommand, ElasticLoadBalancingV2Client, ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Traffic } from '../../../rehearsal/traffic/traffic';
import { compiled } from '../compiled';
import { Executions, until } from '../executions';
import type { Context, Integ } from '../integ';
import { SWITCH_EXCUSES } from '../pieces-excuses';
import { judgeRights } from '../rights';

/** The example that a team copies, deployed as it is: only the identifiers are another team's. */
const EXAMPLE = `node ${compiled('examples/only-the-switch/only-the-switch.ts')}`;
const TITLE = 'only the switch';
const REQUESTS_PER_SECOND = 20;
/** As long as users of both versions are seen in between. */
const BAKE_SECONDS = 2;

/** A team's own state machine shifts traffic, finds what somebody else has shifted, and goes back; users are served all the time. */
export async function onlyTheSwitch(integ: Integ): Promise<void> {
  const team = await integ.deploy('switch-team', ['SwitchTeam']);
  if ('failure' in team) return integ.judge(`${TITLE}: what the team has is there`, false, team.failure);
  const given: Context = { bakeSeconds: String(BAKE_SECONDS), ...team.outputs.SwitchTeam };
  const url = given.url ?? '';
  const traffic = Traffic.start(
    [{ environment: 'team', url, paths: ['/shop', '/shop/basket'], requestsPerSecond: REQUESTS_PER_SECOND }],
    join(integ.state, 'only-the-switch.jsonl'),
    integ.emulator.env,
  );
  try {
    const deployed = await integ.deployApp(EXAMPLE, ['--all'], given);
    if ('failure' in deployed) return integ.judge(`${TITLE}: the example is deployed`, false, deployed.failure);
    await new Switching(integ, given, traffic, deployed.outputs.ShopRelease ?? {}).run();
  } finally {
    await traffic.stop();
  }
}

class Switching {
  private readonly elb: ElasticLoadBalancingV2Client;
  private readonly releases: Executions;
  private readonly rollBacks: Executions;
  private counted = 0;

  constructor(
    private readonly integ: Integ,
    private readonly given: Context,
    private readonly traffic: Traffic,
    outputs: Context,
  ) {
    this.elb = new ElasticLoadBalancingV2Client(integ.emulator.client);
    this.releases = new Executions(integ, outputs.ReleaseMachine ?? '');
    this.rollBacks = new Executions(integ, outputs.RollBackMachine ?? '');
  }

  async run(): Promise<void> {
    await this.users('taken over', 'Serving');
    const first = await this.release('1.0.0');
    this.judge('1.0.0 is accepted', first.status === 'SUCCEEDED', first);
    await this.users('1.0.0 at 10, then 100 percent', 'Serving', '1.0.0');

    const again = await this.release('1.0.0');
    this.judge('1.0.0 once more is live already', again.status === 'SUCCEEDED', again);
    const other = await this.releases.run({ release: '1.0.0', digest: 'digest-of-something-else' });
    this.judge('another content under 1.0.0 is not let in', other.error === 'NotLetIn' && /never changes/.test(other.cause ?? ''), other);

    const second = await this.release('1.1.0');
    this.judge('1.1.0 is accepted', second.status === 'SUCCEEDED', second);
    await this.users('1.1.0 shares with 1.0.0', '1.0.0', '1.1.0');

    const back = await this.rollBacks.run({ reason: 'wrong prices' });
    this.judge('what is live is rolled back in one call', back.status === 'SUCCEEDED', back);
    await this.only('rolled back', '1.0.0');
    const twice = await this.rollBacks.run({ reason: 'once more' });
    this.judge('and not back to the bad version', twice.error === 'CannotRollBack' && /was rolled back/.test(twice.cause ?? ''), twice);
    const silent = await this.rollBacks.run({});
    this.judge('nor without a reason', silent.error === 'NoReason', silent);

    const broken = await this.release('9.0.0');
    this.judge('a deployment that fails leaves traffic alone', broken.error === 'RolledBack', broken);
    await this.only('9.0.0 did not start', '1.0.0');

    await this.somebodyElseShifts();
    await this.stopped();
    const { RuleArn = '' } = await this.liveRule();
    await judgeRights(this.integ, TITLE, { liveRules: { ShopRelease: RuleArn }, excuses: SWITCH_EXCUSES });
  }

  /** Behind the ledger's back, once 1.2.0 has its 10 percent. */
  private async somebodyElseShifts(): Promise<void> {
    const running = await this.releases.start(this.input('1.2.0'));
    await until(
      () => this.weights(),
      (weights) => Object.values(weights).includes(10),
    );
    const groups = Object.keys(await this.weights());
    const TargetGroups = groups.map((TargetGroupArn) => ({ TargetGroupArn, Weight: 50 }));
    const { RuleArn } = await this.liveRule();
    await this.elb.send(new ModifyRuleCommand({ RuleArn, Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] }));
    const ended = await this.releases.ended(running);
    this.judge(
      'traffic that somebody else moved is found, and goes back',
      ended.error === 'RolledBack' && /somebody else moved traffic/.test(ended.cause ?? ''),
      ended,
    );
    await this.only('after the mismatch', '1.0.0');
  }

  /** The safety net, under a machine that is not ours. */
  private async stopped(): Promise<void> {
    const running = await this.releases.start(this.input('1.3.0'));
    await until(
      () => this.weights(),
      (weights) => Object.values(weights).includes(10),
    );
    await this.releases.stop(running);
    const weights = await until(
      () => this.weights(),
      (seen) => Object.keys(seen).length === 1,
    );
    this.judge('an execution that is stopped has its traffic taken back', Object.keys(weights).length === 1, weights);
    await this.only('after the stop', '1.0.0');
    const next = await this.release('1.4.0');
    this.judge('and the environment is free for the next release', next.status === 'SUCCEEDED', next);
    await this.users('1.4.0', '1.4.0');
  }

  private release(version: string) {
    return this.releases.run(this.input(version));
  }

  private input(release: string) {
    return { release, digest: `digest-of-${release}` };
  }

  private judge(what: string, good: boolean, evidence: object = {}): void {
    this.integ.judge(`${TITLE}: ${what}`, good, JSON.stringify(evidence));
  }

  /** What users saw since the last time, by the clients' own log. */
  private async users(step: string, ...versions: readonly string[]): Promise<void> {
    await wait(1000);
    const seen = this.traffic.responses().slice(this.counted);
    this.counted += seen.length;
    const failed = seen.filter(({ status }) => status !== 200);
    this.judge(`${step}: of ${seen.length} requests none failed`, seen.length > 0 && failed.length === 0, failed.slice(0, 3));
    if (versions.length === 0) return;
    const missing = versions.filter((version) => !seen.some((each) => each.version === version));
    this.judge(`${step}: users got ${versions.join(' and ')}`, missing.length === 0, missing);
  }

  /** From now on they get this one, and no other. */
  private async only(step: string, version: string): Promise<void> {
    await this.users(step);
    await wait(1000);
    const seen = this.traffic.responses().slice(this.counted);
    this.counted += seen.length;
    const others = seen.filter((each) => each.version !== version);
    this.judge(`${step}: users get ${version} only`, seen.length > 0 && others.length === 0, others.slice(0, 3));
  }

  private async liveRule() {
    const { Rules = [] } = await this.elb.send(new DescribeRulesCommand({ ListenerArn: this.given.listener }));
    return Rules.find(({ Priority }) => Priority === '200') ?? {};
  }

  private async weights(): Promise<Readonly<Record<string, number>>> {
    const [action] = (await this.liveRule()).Actions ?? [];
    const groups = action?.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: action?.TargetGroupArn, Weight: 100 }];
    return Object.fromEntries(groups.map(({ TargetGroupArn, Weight }) => [TargetGroupArn ?? '', Weight ?? 0]));
  }
}
