import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, DescribeStackResourcesCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteRuleCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  RemoveTagsCommand,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { marshall } from '@aws-sdk/util-dynamodb';
import { SLOT_OUTPUTS } from '../../../lambda/contract';
import { ACCOUNT, REGION } from '../../../rehearsal/emulator/environment';
import { compiled } from '../compiled';
import { stopRunning, until } from '../executions';
import { hubOf } from '../hub';
import type { Context, Integ, Ran } from '../integ';
import { Messy, SAFETY_NET } from '../messy';

const EXAMPLE = `node ${compiled('examples/existing-alb/existing-alb.ts')}`;
const TITLE = 'messes';
const GREEN_STACK = 'Pay-Production-Green';
const BLUE_STACK = 'Pay-Production-Blue';

/** A stack whose creation fails: nobody answers for its only resource. */
const FAILING = {
  Resources: {
    Broken: {
      Type: 'AWS::CloudFormation::CustomResource',
      Properties: { ServiceToken: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:there-is-no-such-function` },
    },
  },
};

/**
 * Messes of docs/runbook.md, each made by hand, found by `ptl doctor` under the name the page has for it, and put right with the page's
 * commands and no others. In the end, and in between, everything is as the ledger says and users get the accepted version.
 */
export async function messes(integ: Integ): Promise<void> {
  const team = await integ.deploy('adopt-team', ['AdoptTeam']);
  if ('failure' in team) return integ.judge(`${TITLE}: the team's own service is there`, false, team.failure);
  await new Messes(integ, { bakeSeconds: '5', ...team.outputs.AdoptTeam }).run();
}

class Messes {
  private readonly elb: ElasticLoadBalancingV2Client;
  private readonly cloudFormation: CloudFormationClient;
  private readonly ledger: DynamoDBClient;
  private readonly context: readonly string[];
  private readonly messy: Messy;

  constructor(
    private readonly integ: Integ,
    private readonly given: Context,
  ) {
    const { client } = integ.emulator;
    this.elb = new ElasticLoadBalancingV2Client(client);
    this.cloudFormation = new CloudFormationClient(client);
    this.ledger = new DynamoDBClient(client);
    this.messy = new Messy(integ, { title: TITLE, path: 'Pay', url: `${given.url}/pay` });
    this.context = Object.entries(given).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
  }

  async run(): Promise<void> {
    const began = Date.now();
    const deployed = await this.cdk('deploy', '--all');
    this.judge('the example is deployed', deployed.status === 0, deployed.said);
    const released = await this.ptl('release', '1.0.0', '--until', 'live');
    this.judge('1.0.0 is live', released.status === 0, released.said);
    await this.messy.healthy('at first', '1.0.0');

    await this.stuckStack();
    await this.editedWeights();
    await this.editedTags();
    await this.lostHub();
    await this.deletedRule();
    await this.leftLock();
    await this.leftLease();
    await this.leftInTheOutbox();
    await this.leftRollBack();
    await this.badVersion();
    console.log(`        made and put right within ${Math.round((Date.now() - began) / 1000)} s`);
  }

  private async stuckStack(): Promise<void> {
    await this.cloudFormation.send(new CreateStackCommand({ StackName: GREEN_STACK, TemplateBody: JSON.stringify(FAILING) }));
    await until(
      () => this.stackStatus(),
      (status) => status === 'ROLLBACK_COMPLETE',
    );
    await this.messy.finds('stackFailed', 'ROLLBACK_COMPLETE');
    const doctor = await this.ptl('doctor', 'Production');
    this.judge('it says so with exit code 6', doctor.status === 6 && /^Production: stackFailed$/m.test(doctor.stdout), doctor.said);
    const recovered = await this.ptl('recover', 'Production', '--reason', 'stuck since last night');
    this.judge('a stack that is stuck begins to be removed', /began to remove the stack Pay-Production-Green/.test(recovered.said), recovered.said);
    await this.messy.healthy('without the stack', '1.0.0');
    this.judge('the stack is gone', (await this.stackStatus()) === undefined);
  }

  private async editedWeights(): Promise<void> {
    await this.forwardTo(this.given.serving ?? '');
    await this.messy.finds('weights', 'blue 100');
    await this.messy.recovers('rule edited by hand, INC0042', 'gave Production to blue 100');
    await this.messy.users('with its weights back', '1.0.0');
  }

  private async editedTags(): Promise<void> {
    const { RuleArn = '' } = await this.liveRule();
    await this.elb.send(new RemoveTagsCommand({ ResourceArns: [RuleArn], TagKeys: ['path-to-live:accepted-target'] }));
    await this.messy.finds('tags', 'none');
    await this.messy.recovers('tags were edited', 'wrote its tags');
    await this.messy.users('with its tags back', '1.0.0');
  }

  private async lostHub(): Promise<void> {
    await this.forwardTo(this.given.serving ?? '');
    const broken = await this.ptl('roll-back', 'Production', '--break-glass', '--listener-arn', this.given.listener ?? '');
    this.judge(
      'without the hub, traffic goes back to what the tags say',
      broken.status === 0 && /without the hub; its traffic is on 1\.0\.0/.test(broken.said),
      broken.said,
    );
    await this.messy.healthy('once the glass is broken', '1.0.0');
  }

  private async deletedRule(): Promise<void> {
    const { RuleArn } = await this.liveRule();
    await this.elb.send(new DeleteRuleCommand({ RuleArn }));
    await this.messy.users('whose live rule was deleted', 'Service');
    await this.messy.finds('ruleGone', 'live-rule-anew');
    const anew = await this.cdk('deploy', 'Pay/Production', '--exclusively', '--context', 'live-rule-anew=1');
    this.judge('the rule is made anew by a deployment', anew.status === 0 && (await this.liveRule()).RuleArn !== undefined, anew.said);
    await this.messy.recovers('live rule was deleted, INC0042', 'gave Production to blue 100');
    await this.messy.users('with its rule back', '1.0.0');
  }

  /** The machine is stopped in its first bake, and the safety net does not hear of it. */
  private async leftLock(): Promise<void> {
    await this.messy.whileOff(SAFETY_NET, async () => {
      const hub = await hubOf(this.integ, 'Pay');
      const submitted = await this.ptl('release', '1.0.1', '--until', 'submitted');
      this.judge('1.0.1 is submitted', submitted.status === 0, submitted.said);
      await until(
        () => this.liveRule(),
        ({ Actions }) => JSON.stringify(Actions).includes('"Weight":10'),
      );
      // Asked within the bake, however long a program takes to start.
      const busy = await hub.recover('Production', { reason: 'impatience' }).then(
        (done) => JSON.stringify(done),
        (error: Error) => error.message,
      );
      this.judge('nothing is recovered under a release whose machine runs', /its machine runs/.test(busy), busy);
      await stopRunning(this.integ, 'Pay-Production');
      // Told to a machine that is dead: what is left of that in the outbox would be there when that is looked at.
      const asked = await this.ptl('roll-back', 'Production', '--reason', 'errors at 10 percent');
      this.judge(
        'who rolls it back is told what to type where its machine has died',
        /its machine has died: type this again/.test(asked.said.replace(/\s+/g, ' ')),
        asked.said,
      );
      await this.messy.finds('deadLock', 'ABORTED');
      await this.messy.recovers('execution stopped by hand', 'took the traffic of release 1.0.1 back');
    });
    await this.messy.users('with its lock free', '1.0.0');
  }

  /** A writer took the lease and died: nobody may enter, for what it wrote is unknown. */
  private async leftLease(): Promise<void> {
    await this.ledger.send(
      new UpdateItemCommand({
        TableName: await this.table(),
        Key: marshall({ pk: 'ENV#Production', sk: 'STATE' }),
        UpdateExpression: 'SET #lease = :died',
        ExpressionAttributeNames: { '#lease': 'lease' },
        ExpressionAttributeValues: marshall({ ':died': { owner: 'died', fence: 1_000, expiresAt: '2026-01-01T00:00:00.000Z' } }),
      }),
    );
    await this.messy.finds('lease', 'give the lease back');
    await this.messy.recovers('writer died', 'gave Production to blue 100');
    await this.messy.users('with its lease given back', '1.0.0');
  }

  private async leftInTheOutbox(): Promise<void> {
    const TableName = await this.table();
    const event = { at: '2026-01-01T00:00:00.000Z', what: 'AlarmRaised', release: '1.0.0', environment: 'Production', who: 'a crash', detail: {} };
    await this.messy.whileOff('Delivers what a crash left in the outbox', async () => {
      const left = { pk: 'OUTBOX', sk: '2026-01-01T00:00:00.000Z#00-left', delivery: { to: 'bus', event } };
      await this.ledger.send(new PutItemCommand({ TableName, Item: marshall(left) }));
      await this.messy.finds('outbox', '1 is left');
      const looked = this.lookAfter();
      await this.deployedMeanwhile();
      await looked;
      const tickets = await this.ptl('tickets');
      this.judge('what stays raises a ticket', /the hub, drift[\s\S]*the outbox of the hub/.test(tickets.stdout), tickets.said);
      await this.messy.recovers('outbox stuck', 'delivered 1 of 1');
    });
    const ExpressionAttributeValues = marshall({ ':pk': 'OUTBOX' });
    const { Count } = await this.ledger.send(new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues }));
    this.judge('the outbox is empty', Count === 0, String(Count));
    await this.messy.healthy('with its outbox delivered, and its hub deployed meanwhile', '1.0.2');
  }

  private async table(): Promise<string | undefined> {
    const { Stacks } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: 'Pay-Hub' }));
    return Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'LedgerTable')?.OutputValue;
  }

  private async targetGroupOf(StackName: string): Promise<string> {
    const { Stacks } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === SLOT_OUTPUTS.targetGroupArn)?.OutputValue ?? '';
  }

  private async deployedMeanwhile(): Promise<void> {
    const submitted = await this.ptl('release', '1.0.2', '--until', 'submitted');
    this.judge('1.0.2 is submitted', submitted.status === 0, submitted.said);
    const deployed = await this.cdk('deploy', 'Pay/Hub', '--exclusively', '--context', 'bakeSeconds=1');
    this.judge('the hub is deployed in the middle of it, with other rules', deployed.status === 0, deployed.said);
    const followed = await this.ptl('release', '1.0.2', '--until', 'live');
    this.judge('the release goes on by its own, and is live', followed.status === 0, followed.said);
  }

  /** What the schedule does every hour: it looks twice, half a minute apart. */
  private async lookAfter(): Promise<void> {
    const { StackResources = [] } = await this.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: 'Pay-Hub' }));
    const found = StackResources.find(
      ({ LogicalResourceId, ResourceType }) => ResourceType === 'AWS::Lambda::Function' && /^FunctionsDoctor/.test(LogicalResourceId ?? ''),
    );
    const lambda = new LambdaClient(this.integ.emulator.client);
    const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: found?.PhysicalResourceId, Payload: Buffer.from('{}') }));
    this.judge('the hub looks by itself', FunctionError === undefined, Buffer.from(Payload ?? []).toString());
  }

  /** A writer announced the roll back of 1.0.2, gave users 1.0.0, and died before it had recorded that. */
  private async leftRollBack(): Promise<void> {
    await this.ledger.send(
      new UpdateItemCommand({
        TableName: await this.table(),
        Key: marshall({ pk: 'ENV#Production', sk: 'STATE' }),
        UpdateExpression: 'SET #lease = :died, goingBack = :asked',
        ExpressionAttributeNames: { '#lease': 'lease' },
        ExpressionAttributeValues: marshall({
          ':died': { owner: 'died', fence: 2_000, expiresAt: '2026-01-01T00:00:00.000Z' },
          ':asked': { by: 'arn:manager', reason: 'checkout errors', at: '2026-01-01T00:00:00.000Z' },
        }),
      }),
    );
    await this.forwardTo(await this.targetGroupOf(BLUE_STACK));
    await this.messy.users('whom a dead writer has moved', '1.0.0');
    await this.messy.finds('goingBack', 'arn:manager asked for it (checkout errors)');
    await this.messy.recovers('writer died', 'went on with the roll back of 1.0.2: gave Production to blue 100');
    await this.messy.users('once it is recorded that they were moved', '1.0.0');
    const released = await this.ptl('release', '1.0.3', '--until', 'live');
    this.judge('1.0.3 is live', released.status === 0, released.said);
  }

  private async badVersion(): Promise<void> {
    const frozen = await this.ptl('freeze', 'Production', '--reason', 'INC0042');
    this.judge('Production is frozen', frozen.status === 0, frozen.said);
    const back = await this.ptl('roll-back', 'Production', '--reason', 'checkout errors since 14:05');
    this.judge('a live version that is bad goes back all the same', back.status === 0, back.said);
    await this.messy.healthy('once its live version has gone back', '1.0.0');
    const doctor = await this.ptl('doctor');
    this.judge('ptl doctor says so with exit code 0', doctor.status === 0 && /Everything is as it must be/.test(doctor.stdout), doctor.said);
  }

  private async forwardTo(TargetGroupArn: string): Promise<void> {
    const { RuleArn } = await this.liveRule();
    await this.elb.send(new ModifyRuleCommand({ RuleArn, Actions: [{ Type: 'forward', TargetGroupArn }] }));
  }

  private async liveRule(): Promise<Rule> {
    const { Rules = [] } = await this.elb.send(new DescribeRulesCommand({ ListenerArn: this.given.listener }));
    return Rules.find(({ Priority }) => Priority === '210') ?? {};
  }

  private async stackStatus(): Promise<string | undefined> {
    const { Stacks = [] } = await this.cloudFormation.send(new DescribeStacksCommand({}));
    return Stacks.find(({ StackName }) => StackName === GREEN_STACK)?.StackStatus;
  }

  private cdk(command: string, stacks: string, ...more: readonly string[]): Promise<Ran> {
    const given = ['--app', EXAMPLE, '--output', join(this.integ.state, 'messes.out'), '--require-approval', 'never', ...this.context, ...more];
    return this.integ.cdk([command, stacks, ...given]);
  }

  private ptl(...args: string[]): Promise<Ran> {
    const told = args[0] === 'release' ? ['--app', EXAMPLE, ...this.context] : [];
    return this.messy.ptl(undefined, ...args, ...told);
  }

  private judge(what: string, good: boolean, evidence = ''): void {
    this.messy.judge(what, good, evidence);
  }
}
