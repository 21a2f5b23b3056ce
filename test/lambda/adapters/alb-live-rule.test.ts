import {
  AddTagsCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { AlbLiveRule } from '../../../lambda/adapters/alb-live-rule';
import { examplePlan } from '../example-path';
import { FakeFrontDoors } from '../fake-platform';

const elb = mockClient(ElasticLoadBalancingV2Client);
const plan = examplePlan();
const ruleArn = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:listener-rule/app/Production/1/2/3';
const [blue, green, before] = ['arn:blue', 'arn:green', 'arn:before'];

function liveRule(): AlbLiveRule {
  return new AlbLiveRule(() => new ElasticLoadBalancingV2Client({}), new FakeFrontDoors());
}

function ruleHolds(...Actions: object[]): void {
  elb.on(DescribeRulesCommand, { RuleArns: [ruleArn] }).resolves({ Rules: [{ RuleArn: ruleArn, Actions: Actions as never }] });
}

function forwards(weights: Record<string, number | undefined>): object {
  return { Type: 'forward', ForwardConfig: { TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })) } };
}

beforeEach(() => {
  elb.reset();
  elb.on(ModifyRuleCommand).resolves({});
  elb.on(AddTagsCommand).resolves({});
  elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ Tags: [{ Key: 'path-to-live:original', Value: '503' }] }] });
});

test('in an outage users are answered by the rule itself, and read back it forwards to nobody', async () => {
  await liveRule().writeOutage(plan, 'Main', 'Back at noon.');
  const action = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain', MessageBody: 'Back at noon.' } };
  expect(elb.commandCalls(ModifyRuleCommand).map(({ args }) => args[0].input)).toEqual([{ RuleArn: ruleArn, Actions: [action] }]);
  ruleHolds(action);
  expect(await liveRule().read(plan)).toEqual({ kind: 'other' });
});

describe('reading', () => {
  test.each([
    ['weights as written', forwards({ [blue]: 90, [green]: 10 }), { [blue]: 90, [green]: 10 }],
    ['a weight of 0, which somebody else wrote', forwards({ [blue]: 0, [green]: 5 }), { [blue]: 0, [green]: 5 }],
    ['one target group, which has all of it whatever its weight', forwards({ [blue]: 1 }), { [blue]: 100 }],
    ['one target group without a weight', { Type: 'forward', TargetGroupArn: blue }, { [blue]: 100 }],
  ])('%s', async (_, action, weights) => {
    ruleHolds(action);
    expect(await liveRule().read(plan)).toEqual({ kind: 'slots', weights });
  });

  test('a fixed answer is nothing of ours', async () => {
    ruleHolds({ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } });
    expect(await liveRule().read(plan)).toEqual({ kind: 'other' });
  });

  test.each(['RuleNotFoundException', 'ListenerNotFoundException'])('a rule that somebody removed is gone, %s; any other error is one', async (name) => {
    elb.on(DescribeRulesCommand).rejects(Object.assign(new Error('not found'), { name }));
    expect(await liveRule().read(plan)).toEqual({ kind: 'gone' });
    elb.on(DescribeRulesCommand).rejects(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
    await expect(liveRule().read(plan)).rejects.toThrow('slow down');
  });

  test('what served before any release is a target group like another', async () => {
    elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ Tags: [{ Key: 'path-to-live:original', Value: before }] }] });
    ruleHolds(forwards({ [before]: 1 }));
    expect(await liveRule().read(plan)).toEqual({ kind: 'slots', weights: { [before]: 100 } });
    ruleHolds(forwards({ [before]: 90, [blue]: 10 }));
    expect(await liveRule().read(plan)).toEqual({ kind: 'slots', weights: { [before]: 90, [blue]: 10 } });
  });
});

describe('writing', () => {
  test('weights, with one call and nothing but the action', async () => {
    await liveRule().write(plan, 'Main', { [blue]: 90, [green]: 10 });
    expect(elb.commandCalls(ModifyRuleCommand).map((call) => call.args[0].input)).toEqual([
      {
        RuleArn: ruleArn,
        Actions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: blue, Weight: 90 },
                { TargetGroupArn: green, Weight: 10 },
              ],
            },
          },
        ],
      },
    ]);
  });

  test('and lets clients stick where what served before was sticky, as long as several target groups share them', async () => {
    const Tags = [
      { Key: 'path-to-live:original', Value: before },
      { Key: 'path-to-live:sticky-seconds', Value: '3600' },
    ];
    elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ Tags }] });
    const rule = liveRule();
    await rule.write(plan, 'Main', { [before]: 90, [blue]: 10 });
    await rule.write(plan, 'Main', { [before]: 50, [blue]: 50 });
    await rule.write(plan, 'Main', { [blue]: 100 });
    const actions = elb.commandCalls(ModifyRuleCommand).map((call) => call.args[0].input.Actions?.[0]);
    expect(actions.map((action) => action?.ForwardConfig?.TargetGroupStickinessConfig)).toEqual([
      { Enabled: true, DurationSeconds: 3600 },
      { Enabled: true, DurationSeconds: 3600 },
      undefined,
    ]);
    expect(elb.commandCalls(DescribeTagsCommand)).toHaveLength(1);
  });

  test('and lets users stay with a version as long as the release was submitted with; whatever has all of it holds nobody', async () => {
    const sticky = { ...plan, stickySeconds: 1800 };
    const rule = liveRule();
    for (const weights of [{ [blue]: 90, [green]: 10 }, { [blue]: 100 }, { [green]: 100 }]) await rule.write(sticky, 'Main', weights);
    const actions = elb.commandCalls(ModifyRuleCommand).map((call) => call.args[0].input.Actions?.[0]);
    expect(actions).toEqual([
      expect.objectContaining({ ForwardConfig: expect.objectContaining({ TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 1800 } }) }),
      { Type: 'forward', TargetGroupArn: blue },
      { Type: 'forward', TargetGroupArn: green },
    ]);
  });

  test('a rule whose tag was removed: which one, and what belongs there', async () => {
    elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ Tags: [] }] });
    await expect(liveRule().write(plan, 'Main', { [blue]: 90, [green]: 10 })).rejects.toThrow(/has no tag path-to-live:original; put back/);
    expect(elb.commandCalls(ModifyRuleCommand)).toHaveLength(0);
  });

  test('all of it to one target group, without weights', async () => {
    await liveRule().write(plan, 'Main', { [green]: 100 });
    expect(elb.commandCalls(ModifyRuleCommand)[0]?.args[0].input.Actions).toEqual([{ Type: 'forward', TargetGroupArn: green }]);
  });

  test.each([[1], [999]])('a weight of %d is taken', async (weight) => {
    await liveRule().write(plan, 'Main', { [blue]: weight, [green]: 1 });
    expect(elb.commandCalls(ModifyRuleCommand)).toHaveLength(1);
  });

  test.each([0, -1, 1000, 0.5, Number.NaN])('a weight of %d is refused, and nothing written', async (weight) => {
    await expect(liveRule().write(plan, 'Main', { [blue]: weight, [green]: 1 })).rejects.toThrow(/the weight of arn:blue must be a whole number, 1-999, got/);
    expect(elb.calls()).toHaveLength(0);
  });

  test.each([0, 6])('%d target groups are refused', async (count) => {
    const weights = Object.fromEntries(Array.from({ length: count }, (_, n) => [`arn:${n}`, 1]));
    await expect(liveRule().write(plan, 'Main', weights)).rejects.toThrow(`a rule forwards to 1-5 target groups, got: ${count}`);
  });

  test('back to the answer 503 of a new listener', async () => {
    await liveRule().writeOriginal(plan, 'Main');
    expect(elb.commandCalls(ModifyRuleCommand)[0]?.args[0].input).toEqual({
      RuleArn: ruleArn,
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain', MessageBody: 'no release is live yet' } }],
    });
  });

  test('back to what served before', async () => {
    elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ Tags: [{ Key: 'path-to-live:original', Value: before }] }] });
    await liveRule().writeOriginal(plan, 'Main');
    expect(elb.commandCalls(ModifyRuleCommand)[0]?.args[0].input.Actions).toEqual([{ Type: 'forward', TargetGroupArn: before }]);
  });

  test('the accepted target as tags', async () => {
    await liveRule().tagAccepted(plan, { colour: 'green', version: '1.1.0', targetGroupArn: green });
    expect(elb.commandCalls(AddTagsCommand)[0]?.args[0].input).toEqual({
      ResourceArns: [ruleArn],
      Tags: [
        { Key: 'path-to-live:accepted-colour', Value: 'green' },
        { Key: 'path-to-live:accepted-version', Value: '1.1.0' },
        { Key: 'path-to-live:accepted-target', Value: green },
      ],
    });
  });
});

describe('what the tags say was accepted', () => {
  const tags = (values: Record<string, string>) =>
    elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ Tags: Object.entries(values).map(([Key, Value]) => ({ Key, Value })) }] });
  const all = { 'path-to-live:accepted-colour': 'blue', 'path-to-live:accepted-version': '1.0.0', 'path-to-live:accepted-target': blue };

  test('is read from the rule', async () => {
    tags(all);
    expect(await liveRule().accepted(plan)).toEqual([{ colour: 'blue', version: '1.0.0', targetGroupArn: blue }]);
    expect(elb.commandCalls(DescribeTagsCommand)[0]?.args[0].input).toEqual({ ResourceArns: [ruleArn] });
  });

  test.each(Object.keys(all))('is nothing where %s is missing', async (missing) => {
    tags(Object.fromEntries(Object.entries(all).filter(([key]) => key !== missing)));
    expect(await liveRule().accepted(plan)).toEqual([null]);
  });
});

describe('rules that are moved as one', () => {
  const internalArn = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:listener-rule/app/Production/1/9/7';
  const internalBefore = 'arn:internal-before';
  const doors = new FakeFrontDoors();
  doors.original = before;
  doors.furtherRules = [{ name: 'Internal', ruleArn: internalArn, original: internalBefore }];
  const rules = () => new AlbLiveRule(() => new ElasticLoadBalancingV2Client({}), doors);
  const internalHolds = (weights: Record<string, number>) =>
    elb.on(DescribeRulesCommand, { RuleArns: [internalArn] }).resolves({ Rules: [{ RuleArn: internalArn, Actions: [forwards(weights)] as never }] });
  const said = (ruleArns: string, tags: Record<string, string>) =>
    elb
      .on(DescribeTagsCommand, { ResourceArns: [ruleArns] })
      .resolves({ TagDescriptions: [{ Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }] });

  test('are called by their names, the first one first', async () => {
    expect(await rules().rules(plan)).toEqual(['Main', 'Internal']);
    expect(await liveRule().rules(plan)).toEqual(['Main']);
  });

  test.each<[string, Record<string, number>, Record<string, number>, unknown]>([
    ['hold the same', { [blue]: 90, [green]: 10 }, { [green]: 10, [blue]: 90 }, { kind: 'slots', weights: { [blue]: 90, [green]: 10 } }],
    [
      'hold what served before, each its own, which is one to the ledger',
      { [before]: 90, [blue]: 10 },
      { [internalBefore]: 90, [blue]: 10 },
      { kind: 'slots', weights: { [before]: 90, [blue]: 10 } },
    ],
    [
      'do not hold the same where one forwards to what served by the other',
      { [before]: 100 },
      { [before]: 100 },
      { kind: 'apart', rules: { Main: { kind: 'slots', weights: { [before]: 100 } }, Internal: { kind: 'slots', weights: { [internalBefore]: 100 } } } },
    ],
  ])('%s', async (_, main, internal, expected) => {
    ruleHolds(forwards(main));
    internalHolds(internal);
    expect(await rules().read(plan)).toEqual(expected);
  });

  test('that are not there are told from those that are', async () => {
    ruleHolds(forwards({ [blue]: 100 }));
    elb.on(DescribeRulesCommand, { RuleArns: [internalArn] }).rejects(Object.assign(new Error('gone'), { name: 'RuleNotFoundException' }));
    expect(await rules().read(plan)).toEqual({ kind: 'apart', rules: { Main: { kind: 'slots', weights: { [blue]: 100 } }, Internal: { kind: 'gone' } } });
  });

  test('are written one by one, each with what served by it, and back to what it did', async () => {
    said(ruleArn, { 'path-to-live:original': before });
    said(internalArn, { 'path-to-live:original': internalBefore });
    await rules().write(plan, 'Internal', { [before]: 90, [blue]: 10 });
    await rules().writeOriginal(plan, 'Internal');
    await rules().writeOriginal(plan, 'Main');
    await expect(rules().write(plan, 'Partners', { [blue]: 100 })).rejects.toThrow('the front door of Production has no live rule "Partners" any more');
    const inputs = elb.commandCalls(ModifyRuleCommand).map(({ args }) => args[0].input);
    expect(inputs).toMatchObject([
      {
        RuleArn: internalArn,
        Actions: [
          {
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: internalBefore, Weight: 90 },
                { TargetGroupArn: blue, Weight: 10 },
              ],
            },
          },
        ],
      },
      { RuleArn: internalArn, Actions: [{ TargetGroupArn: internalBefore }] },
      { RuleArn: ruleArn, Actions: [{ TargetGroupArn: before }] },
    ]);
  });

  test('bear the accepted target each, past one that is not there; another refusal is one', async () => {
    const accepted = { colour: 'original', version: 'original', targetGroupArn: before };
    await rules().tagAccepted(plan, accepted);
    const targets = elb.commandCalls(AddTagsCommand).map(({ args: [{ input }] }) => [input.ResourceArns?.[0], input.Tags?.[2]?.Value]);
    expect(targets).toEqual([
      [ruleArn, before],
      [internalArn, internalBefore],
    ]);
    elb.on(AddTagsCommand, { ResourceArns: [internalArn] }).rejects(Object.assign(new Error('gone'), { name: 'RuleNotFoundException' }));
    await rules().tagAccepted(plan, accepted);
    elb.on(AddTagsCommand, { ResourceArns: [internalArn] }).rejects(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
    await expect(rules().tagAccepted(plan, accepted)).rejects.toThrow('slow down');
  });

  test('bear the accepted target where the first one is not there, too; one that is alone must be', async () => {
    const accepted = { colour: 'blue', version: '1.0.0', targetGroupArn: blue };
    elb.on(AddTagsCommand, { ResourceArns: [ruleArn] }).rejects(Object.assign(new Error('gone'), { name: 'RuleNotFoundException' }));
    await rules().tagAccepted(plan, accepted);
    expect(elb.commandCalls(AddTagsCommand).map(({ args: [{ input }] }) => input.ResourceArns?.[0])).toEqual([ruleArn, internalArn]);
    await expect(liveRule().tagAccepted(plan, accepted)).rejects.toThrow('gone');
  });

  test.each<[string, Record<string, string>, unknown]>([
    ['of each', { colour: 'blue', version: '1.0.0', target: blue }, { colour: 'blue', version: '1.0.0', targetGroupArn: blue }],
    ['another, too', { colour: 'green', version: '1.1.0', target: green }, { colour: 'green', version: '1.1.0', targetGroupArn: green }],
    ['and nothing', {}, null],
  ])('what their tags say: %s', async (_, second, expected) => {
    const tagsOf = (given: Record<string, string>) => Object.fromEntries(Object.entries(given).map(([key, value]) => [`path-to-live:accepted-${key}`, value]));
    said(ruleArn, tagsOf({ colour: 'blue', version: '1.0.0', target: blue }));
    said(internalArn, tagsOf(second));
    expect(await rules().accepted(plan)).toEqual([{ colour: 'blue', version: '1.0.0', targetGroupArn: blue }, expected]);
  });
});
