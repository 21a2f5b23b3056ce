import { DescribeRulesCommand, DescribeTargetHealthCommand, ElasticLoadBalancingV2Client, type TargetHealth } from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { AlbTargets } from '../../../lambda/adapters/alb-targets';
import { examplePlan } from '../example-path';
import { FakeFrontDoors } from '../fake-platform';

const elb = mockClient(ElasticLoadBalancingV2Client);
const plan = examplePlan();
const targetGroup = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/blue/73e2d6bc24d8a067';
const targets = new AlbTargets(() => new ElasticLoadBalancingV2Client({}), new FakeFrontDoors());

beforeEach(() => elb.reset());

test.each<[string, TargetHealth[], number]>([
  ['healthy ones count', [{ State: 'healthy' }, { State: 'healthy' }, { State: 'unhealthy', Reason: 'Target.Timeout' }], 2],
  ['draining, initial and unused ones do not', [{ State: 'draining' }, { State: 'initial' }, { State: 'unused', Reason: 'Target.NotInUse' }], 0],
  ['a function without health checks counts', [{ State: 'unavailable', Reason: 'Target.HealthCheckDisabled' }], 1],
  ['one whose health is not known does not', [{ State: 'unavailable', Reason: 'Elb.InternalError' }], 0],
  ['none are none', [], 0],
])('healthy targets: %s', async (_, found, count) => {
  elb.on(DescribeTargetHealthCommand, { TargetGroupArn: targetGroup }).resolves({ TargetHealthDescriptions: found.map((TargetHealth) => ({ TargetHealth })) });
  expect(await targets.healthy(plan, targetGroup)).toBe(count);
});

test('a target group that is gone has no healthy target; any other error is one', async () => {
  elb.on(DescribeTargetHealthCommand).rejects(Object.assign(new Error('gone'), { name: 'TargetGroupNotFoundException' }));
  expect(await targets.healthy(plan, targetGroup)).toBe(0);
  elb.on(DescribeTargetHealthCommand).rejects(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
  await expect(targets.healthy(plan, targetGroup)).rejects.toThrow('slow down');
});

test.each([
  ['with a weight', [{ TargetGroupArn: targetGroup, Weight: 10 }], true],
  ['alone', [{ TargetGroupArn: targetGroup }], true],
  ['with the weight 0', [{ TargetGroupArn: targetGroup, Weight: 0 }], false],
  ['not at all', [{ TargetGroupArn: 'arn:another', Weight: 100 }], false],
])('a target group serves when the live rule has it: %s', async (_, TargetGroups, serves) => {
  const { liveRuleArn } = await new FakeFrontDoors().read(plan);
  elb.on(DescribeRulesCommand, { RuleArns: [liveRuleArn] }).resolves({ Rules: [{ Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] }] });
  expect(await targets.serve(plan, targetGroup)).toBe(serves);
});

test('nothing serves by a live rule that is gone', async () => {
  elb.on(DescribeRulesCommand).rejects(Object.assign(new Error('gone'), { name: 'RuleNotFoundException' }));
  expect(await targets.serve(plan, targetGroup)).toBe(false);
});

test('what served before any release is healthy where it is by every rule; a slot is one target group', async () => {
  const frontDoors = new FakeFrontDoors();
  frontDoors.original = 'arn:before';
  frontDoors.furtherRules = [{ name: 'Internal', ruleArn: 'arn:internal', original: 'arn:internal-before' }];
  const several = new AlbTargets(() => new ElasticLoadBalancingV2Client({}), frontDoors);
  const healthy = { TargetHealthDescriptions: [{ TargetHealth: { State: 'healthy' as const } }] };
  elb.on(DescribeTargetHealthCommand).resolves({ TargetHealthDescriptions: [] });
  for (const TargetGroupArn of ['arn:before', targetGroup]) elb.on(DescribeTargetHealthCommand, { TargetGroupArn }).resolves(healthy);
  expect([await several.healthy(plan, 'arn:before'), await several.healthy(plan, targetGroup)]).toEqual([0, 1]);
  elb.on(DescribeTargetHealthCommand, { TargetGroupArn: 'arn:internal-before' }).resolves(healthy);
  expect(await several.healthy(plan, 'arn:before')).toBe(1);
});

test('a target group serves when any of several live rules has it', async () => {
  const frontDoors = new FakeFrontDoors();
  frontDoors.furtherRules = [{ name: 'Internal', ruleArn: 'arn:internal', original: '503' }];
  const several = new AlbTargets(() => new ElasticLoadBalancingV2Client({}), frontDoors);
  elb.on(DescribeRulesCommand).resolves({ Rules: [{ Actions: [] }] });
  expect(await several.serve(plan, targetGroup)).toBe(false);
  elb.on(DescribeRulesCommand, { RuleArns: ['arn:internal'] }).resolves({ Rules: [{ Actions: [{ Type: 'forward', TargetGroupArn: targetGroup }] }] });
  expect(await several.serve(plan, targetGroup)).toBe(true);
});
