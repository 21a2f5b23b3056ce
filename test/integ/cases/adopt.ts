import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateRuleCommand, DeleteRuleCommand, DescribeRulesCommand, ElasticLoadBalancingV2Client, type Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { RetirementView } from '../../../lambda/contract';
import { ACCOUNT, REGION } from '../../../rehearsal/emulator/environment';
import { Traffic } from '../../../rehearsal/traffic/traffic';
import { compiled } from '../compiled';
import { stopRunning } from '../executions';
import { hubOf } from '../hub';
import type { Context, Integ } from '../integ';
import { Messy, SAFETY_NET } from '../messy';

/** The example that a team copies, deployed as it is: only the identifiers are another team's. */
const EXAMPLE = `node ${compiled('examples/existing-alb/existing-alb.ts')}`;
const TITLE = 'adopting a listener that serves users';
const REQUESTS_PER_SECOND = 20;
/** Of the listener's quota, https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_RULES = 100;

/**
 * From a team's own two services, by two rules, to a release and back, with their users and those of another team on the same listener being served all the time: not
 * one request fails, and in the end the listener's rules are what they were.
 */
export async function adopt(integ: Integ): Promise<void> {
  const team = await integ.deploy('adopt-team', ['AdoptTeam']);
  if ('failure' in team) return integ.judge(`${TITLE}: the team's own service is there`, false, team.failure);
  const given: Context = { bakeSeconds: '1', ...team.outputs.AdoptTeam };
  const traffic = Traffic.start(
    [
      { environment: 'team', url: given.url ?? '', paths: ['/pay', '/pay/health'], requestsPerSecond: REQUESTS_PER_SECOND },
      { environment: 'partners', url: given.url ?? '', paths: ['/partners'], requestsPerSecond: REQUESTS_PER_SECOND },
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
  private readonly cloudFormation: CloudFormationClient;
  private readonly context: readonly string[];
  private readonly figures: string[] = [];
  private counted = 0;

  constructor(
    private readonly integ: Integ,
    private readonly given: Context,
    private readonly traffic: Traffic,
  ) {
    this.elb = new ElasticLoadBalancingV2Client(integ.emulator.client);
    this.cloudFormation = new CloudFormationClient(integ.emulator.client);
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
    await this.destroy('Pay/Production');
    await this.judgeRules('what was refused has left no rule', before);
    this.users('refused', 'Service');

    const adopted = await this.deploy();
    this.judge('the example is deployed', adopted.status === 0, adopted.said);
    await this.judgeServing('each live rule forwards to what served by it');
    this.users('adopted', 'Service', 'Partners');

    const first = await this.ptl('release', '1.0.0', '--until', 'live');
    this.judge('1.0.0 goes live by canary', first.status === 0, first.said);
    this.users('released', 'Service', 'Partners', '1.0.0');
    this.judge('both rules have 1.0.0 alone', new Set(await this.held()).size === 1, (await this.held()).join());
    const back = await this.ptl('roll-back', 'Production', '--reason', 'to see that it can');
    this.judge('1.0.0 is rolled back to what served', back.status === 0 && /what served before/.test(back.said), back.said);
    await this.judgeServing('each rule goes back to what served by it');
    this.users('rolled back', '1.0.0', 'Service', 'Partners');
    const second = await this.ptl('release', '1.0.1', '--until', 'live');
    this.judge('1.0.1 goes live', second.status === 0, second.said);
    this.users('released again', 'Service', '1.0.1');
    const used = (await this.rules()).length - before.length;
    this.figures.push(`rules: ${used} of the ${MOST_RULES} that a load balancer has belong to the path, ${before.length} to others`);

    await this.retire(before);
    console.log(this.figures.map((figure) => `        ${figure}`).join('\n'));
  }

  /** Half of it first, because somebody uses what is to be removed; then all of it. */
  private async retire(before: readonly Rule[]): Promise<void> {
    const said = await this.ptl('retire');
    this.judge('what retiring would do is said first', said.status === 0 && /Pay-Production-Blue.*Nothing was changed/s.test(said.said), said.said);
    const inTheWay = await this.ruleTo(await this.targetGroupOf('green'));
    const half = await this.ptl('retire', '--reason', 'to see that it can', '--yes');
    this.judge('a slot that somebody uses stops the retiring, with exit code 2', half.status === 2, half.said);
    const tickets = await this.ptl('tickets');
    this.judge('a ticket says which stack, and why', /Pay-Production-Green/.test(tickets.said) && /in use/.test(tickets.said), tickets.said);
    this.users('retired half', '1.0.1', 'Service');
    await this.elb.send(new DeleteRuleCommand({ RuleArn: inTheWay }));
    const listed = (JSON.parse((await this.ptl('retire', '--json')).stdout) as RetirementView).files;
    const published = await this.published();
    await this.diesRetiring();
    const whole = await this.ptl('retire', '--reason', 'go on', '--yes', '--remove-files');
    this.judge('asked for again, it goes on to its end, by a new machine', whole.status === 0 && /is retired/.test(whole.said), whole.said);
    const gone = published.filter((key) => !listed.some((file) => file.key === key));
    const left = await this.published();
    this.judge(
      `${listed.length} files that its releases published are removed, and the ${gone.length} of the team, the front door and the hub are not`,
      listed.length > 0 && published.length === listed.length + gone.length && gone.length > 0 && left.join() === gone.join(),
      `${left.join()}\n${whole.said}`,
    );
    const stacks = await this.stacks();
    this.judge(
      'the slots are gone, front door and hub are there',
      /Pay-Hub,Pay-Production$/.test(stacks.join()) && !/Blue|Green/.test(stacks.join()),
      stacks.join(),
    );
    const rules = (await this.rules()).filter(({ RuleArn }) => !before.some((rule) => rule.RuleArn === RuleArn));
    this.judge('all that is left on the listener are the live rules', rules.length === 2, JSON.stringify(rules));
    await this.judgeServing('each live rule forwards to what served by it, again');
    this.users('retired', 'Service', 'Partners');

    const destroyed = await this.destroy('Pay/Production');
    await this.judgeRules('with the front door the live rules go, and the rules are what they were', before, destroyed.said);
    this.users('front door removed', 'Service');
    const hub = await this.destroy('Pay/Hub');
    this.judge('the hub is removed', hub.status === 0 && !(await this.stacks()).join().includes('Pay-'), hub.said);
    const tables = (await new DynamoDBClient(this.integ.emulator.client).send(new ListTablesCommand({}))).TableNames ?? [];
    this.judge(
      'the ledger stays',
      tables.some((name) => name.startsWith('Pay-Hub')),
      tables.join(),
    );
    this.users('hub removed', 'Service');
  }

  /** Its machine is stopped by hand, and the safety net does not hear of it. */
  private async diesRetiring(): Promise<void> {
    const began = Date.now();
    const messy = new Messy(this.integ, { title: TITLE, path: 'Pay', url: `${this.given.url}/pay` });
    await messy.whileOff(SAFETY_NET, async () => {
      await (await hubOf(this.integ, 'Pay')).retire({ reason: 'to see that it can' });
      const stopped = await stopRunning(this.integ, 'Pay-retire');
      this.judge('the machine that retires it is stopped by hand', stopped === 1, String(stopped));
      const status = await messy.status();
      this.judge('ptl status says that it is retiring', /^Production .* retiring$/m.test(status), status);
      await messy.finds('deadRetirement', 'ABORTED');
    });
    this.figures.push(`a dead retirement: made and found within ${Math.round((Date.now() - began) / 1000)} s`);
  }

  /** Keys in the bucket that everything of the account is published to. */
  private async published(): Promise<string[]> {
    const { Contents = [] } = await new S3Client(this.integ.emulator.client).send(
      new ListObjectsV2Command({ Bucket: `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}` }),
    );
    return Contents.map(({ Key = '' }) => Key).sort();
  }

  private destroy(stack: string) {
    return this.integ.cdk(['destroy', stack, '--force', '--exclusively', '--app', EXAMPLE, ...this.context]);
  }

  private async stacks(): Promise<string[]> {
    const { Stacks = [] } = await this.cloudFormation.send(new DescribeStacksCommand({}));
    return Stacks.map(({ StackName = '' }) => StackName)
      .filter((name) => name.startsWith('Pay-'))
      .sort();
  }

  private async targetGroupOf(colour: string): Promise<string> {
    const StackName = `Pay-Production-${colour.charAt(0).toUpperCase()}${colour.slice(1)}`;
    const { Stacks } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'TargetGroupArn')?.OutputValue ?? '';
  }

  /** @returns the ARN of a rule of somebody's that forwards there */
  private async ruleTo(TargetGroupArn: string): Promise<string> {
    const Conditions = [{ Field: 'path-pattern', Values: ['/somebody'] }];
    const Actions = [{ Type: 'forward' as const, TargetGroupArn }];
    const { Rules } = await this.elb.send(new CreateRuleCommand({ ListenerArn: this.given.listener, Priority: 500, Conditions, Actions }));
    return Rules?.[0]?.RuleArn ?? '';
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

  /** What the two live rules do, the first one first. */
  private async held(): Promise<string[]> {
    const rules = await this.rules();
    return ['210', '211'].map((priority) => JSON.stringify(rules.find(({ Priority }) => Priority === priority)?.Actions));
  }

  private async judgeServing(what: string): Promise<void> {
    const held = await this.held();
    const isServing = (actions: string | undefined, group: string | undefined) => actions?.includes(group ?? '?') === true;
    this.judge(what, isServing(held[0], this.given.serving) && isServing(held[1], this.given.partners), held.join());
  }

  private async judgeRules(what: string, before: readonly Rule[], said = ''): Promise<void> {
    const now = await this.rules();
    this.judge(what, JSON.stringify(now) === JSON.stringify(before), `${JSON.stringify(now)}\n${said}`);
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
