import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { LiveRuleOwner } from '../../../lambda/adapters/live-rule-owner';
import type { TrafficSwitchProperties } from '../../../lambda/contract';
import { trafficSwitch } from '../../../lambda/handlers/traffic-switch';

const elb = mockClient(ElasticLoadBalancingV2Client);
const ruleArn = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:listener-rule/app/front/1/2/3';
const listenerArn = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:listener/app/front/1/2';
const stackId = 'arn:aws:cloudformation:eu-west-2:222222222222:stack/Payments-Production/51af3dc0-da77-11e4-872e-1234567db123';
const properties = { ServiceToken: 'arn:lambda', ListenerArn: listenerArn, Priority: '150', Path: 'Payments', Environment: 'Production' };
const owner = `${stackId} TrafficSwitchLiveRule`;
const onEvent = trafficSwitch(new LiveRuleOwner(new ElasticLoadBalancingV2Client({})));

function event(RequestType: string, rest: object = {}) {
  const ResourceProperties = properties;
  return {
    RequestType,
    StackId: stackId,
    LogicalResourceId: 'TrafficSwitchLiveRule',
    RequestId: 'r',
    ResponseURL: '',
    ResourceType: 'Custom::TrafficSwitch',
    ResourceProperties,
    ...rest,
  };
}
const create = (given: Partial<TrafficSwitchProperties> = {}) => onEvent(event('Create', { ResourceProperties: { ...properties, ...given } }) as never);
const update = (old: Partial<TrafficSwitchProperties>, wanted: Partial<TrafficSwitchProperties>) =>
  onEvent(
    event('Update', {
      PhysicalResourceId: ruleArn,
      OldResourceProperties: { ...properties, ...old },
      ResourceProperties: { ...properties, ...wanted },
    }) as never,
  );
const remove = (PhysicalResourceId: string) => onEvent(event('Delete', { PhysicalResourceId }) as never);

beforeEach(() => {
  elb.reset();
  elb.onAnyCommand().resolves({});
  elb.on(CreateRuleCommand).resolves({ Rules: [{ RuleArn: ruleArn }] });
});

describe('create', () => {
  test('on a new listener answers 503 until a release is live', async () => {
    expect(await create()).toEqual({ PhysicalResourceId: ruleArn, Data: { RuleArn: ruleArn } });
    expect(elb.commandCalls(CreateRuleCommand)[0]?.args[0].input).toEqual({
      ListenerArn: listenerArn,
      Priority: 150,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain', MessageBody: 'no release is live yet' } }],
      Tags: [
        { Key: 'path-to-live:path', Value: 'Payments' },
        { Key: 'path-to-live:environment', Value: 'Production' },
        { Key: 'path-to-live:original', Value: '503' },
        { Key: 'path-to-live:owner', Value: owner },
      ],
    });
  });

  test('on a listener that serves users goes on serving them', async () => {
    await create({ CurrentlyServing: 'arn:before', PathPatterns: ['/pay/*'], Hosts: ['pay.example'] });
    const input = elb.commandCalls(CreateRuleCommand)[0]?.args[0].input;
    expect(input?.Actions).toEqual([{ Type: 'forward', TargetGroupArn: 'arn:before' }]);
    expect(input?.Tags).toContainEqual({ Key: 'path-to-live:original', Value: 'arn:before' });
    expect(input?.Conditions).toEqual([
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/pay/*'] } },
      { Field: 'host-header', HostHeaderConfig: { Values: ['pay.example'] } },
    ]);
  });

  test('tags have only characters and lengths that tags take', async () => {
    await create();
    for (const { Value } of elb.commandCalls(CreateRuleCommand)[0]?.args[0].input.Tags ?? []) expect(Value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u);
  });

  describe('when the priority is taken', () => {
    beforeEach(() => {
      elb.on(CreateRuleCommand).rejects(Object.assign(new Error('Priority is in use'), { name: 'PriorityInUseException' }));
      elb
        .on(DescribeRulesCommand, { ListenerArn: listenerArn })
        .resolves({ Rules: [{ RuleArn: 'arn:other', Priority: '10' }], NextMarker: 'more' })
        .on(DescribeRulesCommand, { ListenerArn: listenerArn, Marker: 'more' })
        .resolves({ Rules: [{ RuleArn: ruleArn, Priority: '150' }] });
    });

    test('by the rule of an attempt whose answer was lost: takes it over as it is', async () => {
      elb.on(DescribeTagsCommand, { ResourceArns: [ruleArn] }).resolves({ TagDescriptions: [{ Tags: [{ Key: 'path-to-live:owner', Value: owner }] }] });
      expect(await create()).toEqual({ PhysicalResourceId: ruleArn, Data: { RuleArn: ruleArn } });
      expect(elb.commandCalls(ModifyRuleCommand)).toHaveLength(0);
    });

    test.each([
      ['another application', []],
      ['another environment', [{ Key: 'path-to-live:owner', Value: `${stackId} Other` }]],
    ])('by %s: which rule, and what to change', async (_, Tags) => {
      elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ Tags }] });
      await expect(create()).rejects.toThrow(
        `priority 150 of the listener ${listenerArn} is taken by another rule, ${ruleArn}; give the environment "Production" another rulePriority`,
      );
    });
  });

  test('another refusal is passed on', async () => {
    elb.on(CreateRuleCommand).rejects(Object.assign(new Error('no such listener'), { name: 'ListenerNotFoundException' }));
    await expect(create()).rejects.toThrow('no such listener');
  });
});

describe('update', () => {
  test('of nothing does nothing, and keeps the rule', async () => {
    expect(await update({}, {})).toEqual({ PhysicalResourceId: ruleArn, Data: { RuleArn: ruleArn } });
    expect(elb.calls()).toHaveLength(0);
  });

  test('of the priority moves the rule', async () => {
    expect(await update({}, { Priority: '250' })).toMatchObject({ PhysicalResourceId: ruleArn });
    expect(elb.calls().map((call) => call.args[0].input)).toEqual([{ RulePriorities: [{ RuleArn: ruleArn, Priority: 250 }] }]);
    expect(elb.commandCalls(SetRulePrioritiesCommand)).toHaveLength(1);
  });

  test('of the conditions sends conditions only', async () => {
    await update({ PathPatterns: ['/*'] }, { PathPatterns: ['/pay/*'] });
    expect(elb.calls().map((call) => call.args[0].input)).toEqual([
      { RuleArn: ruleArn, Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/pay/*'] } }] },
    ]);
  });

  test.each<[string, Partial<TrafficSwitchProperties>, Partial<TrafficSwitchProperties>]>([
    ['what served before', {}, { CurrentlyServing: 'arn:before' }],
    ['everything that may change', {}, { Priority: '9', Hosts: ['a.example'], CurrentlyServing: 'arn:before' }],
    ['everything back, as a failed deployment does', { Priority: '9', Hosts: ['a.example'], CurrentlyServing: 'arn:before' }, {}],
  ])('of %s never sends an action', async (_, old, wanted) => {
    await update(old, wanted);
    for (const call of elb.calls()) expect(call.args[0].input).not.toHaveProperty('Actions');
  });

  test('of the listener is refused, with both and what to do', async () => {
    await expect(update({}, { ListenerArn: 'arn:other-listener' })).rejects.toThrow(
      new RegExp(
        `the live rule of "Production" is on the listener ${listenerArn} and cannot move to arn:other-listener, .*; keep the listener, or add an environment`,
      ),
    );
    expect(elb.calls()).toHaveLength(0);
  });
});

describe('an update that CloudFormation takes back', () => {
  test('because the listener cannot change ends well: the rule never left its listener', async () => {
    expect(await update({ ListenerArn: 'arn:other-listener' }, {})).toMatchObject({ PhysicalResourceId: ruleArn });
    expect(elb.calls()).toHaveLength(0);
  });
});

describe('delete', () => {
  test('removes the rule; what the listener did before it goes on', async () => {
    await remove(ruleArn);
    expect(elb.calls().map((call) => call.args[0].input)).toEqual([{ RuleArn: ruleArn }]);
  });

  test('of a rule that is gone is done', async () => {
    elb.on(DeleteRuleCommand).rejects(Object.assign(new Error('gone'), { name: 'RuleNotFoundException' }));
    expect(await remove(ruleArn)).toMatchObject({ PhysicalResourceId: ruleArn });
  });

  test('after a creation that failed has nothing to remove', async () => {
    await remove('AWSCDK::CustomResourceProviderFramework::CREATE_FAILED');
    expect(elb.calls()).toHaveLength(0);
  });

  test('that is refused fails', async () => {
    elb.on(DeleteRuleCommand).rejects(Object.assign(new Error('not yours'), { name: 'AccessDenied' }));
    await expect(remove(ruleArn)).rejects.toThrow('not yours');
  });
});
