import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { listenerOf } from '../../../lambda/adapters/listener-rules';
import { LiveRuleOwner } from '../../../lambda/adapters/live-rule-owner';
import type { TrafficSwitchProperties } from '../../../lambda/contract';
import { trafficSwitch } from '../../../lambda/handlers/traffic-switch';

const elb = mockClient(ElasticLoadBalancingV2Client);
const ruleArn = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:listener-rule/app/front/1/2/3';
const listenerArn = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:listener/app/front/1/2';
const stackId = 'arn:aws:cloudformation:eu-west-2:222222222222:stack/Payments-Production/51af3dc0-da77-11e4-872e-1234567db123';
const loadBalancerArn = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:loadbalancer/app/front/1';
const before = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/before/1';
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
  elb.on(CreateRuleCommand).callsFake(({ Tags }) => {
    tagged(...Tags);
    return { Rules: [{ RuleArn: ruleArn }] };
  });
  tagged({ Key: 'path-to-live:original', Value: '503' });
  elb.on(DescribeRulesCommand, { RuleArns: [ruleArn] }).resolves({ Rules: [{ RuleArn: ruleArn }] });
  serves({});
});

function tagged(...Tags: { Key: string; Value: string }[]): void {
  elb.on(DescribeTagsCommand, { ResourceArns: [ruleArn] }).resolves({ TagDescriptions: [{ Tags }] });
}

const forward = (...arns: string[]) => [
  { Type: 'forward' as const, ForwardConfig: { TargetGroups: arns.map((TargetGroupArn) => ({ TargetGroupArn, Weight: 1 })) } },
];
const teamsRule = { RuleArn: 'arn:team', Priority: '300', Actions: forward(before) };

/** A team's own service behind its listener; a test says what of it is otherwise. */
function serves({
  group = {},
  rules = [teamsRule],
  attributes = [],
}: {
  group?: object;
  rules?: object[];
  attributes?: { Key: string; Value: string }[];
}): void {
  const TargetGroups = [
    { TargetGroupArn: before, TargetType: 'ip' as const, Protocol: 'HTTP' as const, VpcId: 'vpc-shop', LoadBalancerArns: [loadBalancerArn], ...group },
  ];
  elb.on(DescribeTargetGroupsCommand, { TargetGroupArns: [before] }).resolves({ TargetGroups });
  elb.on(DescribeListenersCommand, { ListenerArns: [listenerArn] }).resolves({ Listeners: [{ LoadBalancerArn: loadBalancerArn }] });
  elb.on(DescribeLoadBalancersCommand, { LoadBalancerArns: [loadBalancerArn] }).resolves({ LoadBalancers: [{ VpcId: 'vpc-shop' }] });
  elb.on(DescribeRulesCommand, { ListenerArn: listenerArn }).resolves({ Rules: rules });
  elb.on(DescribeTargetGroupAttributesCommand, { TargetGroupArn: before }).resolves({ Attributes: attributes });
}
const gone = (name: string) => Object.assign(new Error('gone'), { name });
const changes = () =>
  elb
    .calls()
    .filter((call) => !call.args[0].constructor.name.startsWith('Describe'))
    .map((call) => call.args[0].input);

describe('create', () => {
  test('on a new listener answers 503 until a release is live', async () => {
    expect(await create()).toEqual({ PhysicalResourceId: ruleArn, Data: { RuleArn: ruleArn, Original: '503' } });
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
    const adopting = { CurrentlyServing: before, PathPatterns: ['/pay/*'], Hosts: ['pay.example'] };
    expect(await create(adopting)).toEqual({ PhysicalResourceId: ruleArn, Data: { RuleArn: ruleArn, Original: before } });
    const input = elb.commandCalls(CreateRuleCommand)[0]?.args[0].input;
    expect(input?.Actions).toEqual([{ Type: 'forward', TargetGroupArn: before }]);
    expect(input?.Tags).toContainEqual({ Key: 'path-to-live:original', Value: before });
    expect(input?.Tags?.map(({ Key }) => Key)).not.toContain('path-to-live:sticky-seconds');
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
      tagged({ Key: 'path-to-live:owner', Value: owner }, { Key: 'path-to-live:original', Value: '503' });
      expect(await create()).toEqual({ PhysicalResourceId: ruleArn, Data: { RuleArn: ruleArn, Original: '503' } });
      expect(elb.commandCalls(ModifyRuleCommand)).toHaveLength(0);
    });

    test.each([
      ['another application', []],
      ['another environment', [{ Key: 'path-to-live:owner', Value: `${stackId} Other` }]],
    ])('by %s: which rule, and what to change', async (_, Tags) => {
      elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ Tags }] });
      await expect(create()).rejects.toThrow(
        `priority 150 of the listener ${listenerArn} is taken by another rule, ${ruleArn}; give the live rule of "Production" another one (an environment's rulePriority is ten less)`,
      );
    });
  });

  test('a listener that is not there: which, and what to name instead', async () => {
    elb.on(CreateRuleCommand).rejects(gone('ListenerNotFoundException'));
    await expect(create()).rejects.toThrow(`listenerArn is ${listenerArn}, and there is no such listener; name one of this account and region`);
  });

  test('another refusal is passed on', async () => {
    elb.on(CreateRuleCommand).rejects(Object.assign(new Error('100 rules'), { name: 'TooManyRulesException' }));
    await expect(create()).rejects.toThrow('100 rules');
  });
});

describe('what cannot be adopted fails before anything is made, and says what and why:', () => {
  const adopting = { CurrentlyServing: before };
  const refused = async (message: string | RegExp) => {
    await expect(create(adopting)).rejects.toThrow(message);
    expect(changes()).toEqual([]);
  };

  test('a target group that is not there', async () => {
    elb.on(DescribeTargetGroupsCommand).rejects(gone('TargetGroupNotFoundException'));
    await refused(`currentlyServing is ${before}, and there is no such target group; name the one`);
  });

  test('a listener that is not there', async () => {
    elb.on(DescribeListenersCommand).rejects(gone('ListenerNotFoundException'));
    await refused(`listenerArn is ${listenerArn}, and there is no such listener`);
  });

  test.each<[string, Parameters<typeof serves>[0], RegExp]>([
    ['a target group of another VPC', { group: { VpcId: 'vpc-other' } }, /before\/1 in vpc-other, and the load balancer .* is in vpc-shop/],
    ['a target group of another protocol', { group: { Protocol: 'TCP' } }, /which speaks TCP; an Application Load Balancer forwards to HTTP and HTTPS only/],
    [
      'a target group behind another load balancer',
      { group: { LoadBalancerArns: ['arn:other'] } },
      /which is behind arn:other, not behind .*loadbalancer\/app\/front\/1/,
    ],
    ['a target group behind none', { group: { LoadBalancerArns: [] } }, /behind no load balancer/],
    [
      'one that no rule forwards to',
      { rules: [{ ...teamsRule, Actions: forward('arn:other') }] },
      /no rule of .* forwards to it, so it serves nobody by this listener/,
    ],
    [
      'one that has no traffic',
      {
        rules: [
          {
            ...teamsRule,
            Actions: [
              {
                Type: 'forward',
                ForwardConfig: {
                  TargetGroups: [
                    { TargetGroupArn: before, Weight: 0 },
                    { TargetGroupArn: 'arn:other', Weight: 1 },
                  ],
                },
              },
            ],
          },
        ],
      },
      /serves nobody by this listener/,
    ],
    [
      'one that shares its requests',
      { rules: [{ ...teamsRule, Actions: forward(before, 'arn:other') }] },
      /shares the requests of the rule arn:team with arn:other/,
    ],
    [
      'a rule that comes first',
      { rules: [{ ...teamsRule, Priority: '40' }] },
      /priority 150 and come after what serves now, at 40, so no request would ever reach it/,
    ],
  ])('%s', async (_, other, message) => {
    serves(other);
    await refused(message);
  });

  test('a service that cannot be asked is passed on', async () => {
    elb.on(DescribeTargetGroupsCommand).rejects(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
    await refused('slow down');
  });
});

describe('what can be adopted', () => {
  test.each<[string, Parameters<typeof serves>[0]]>([
    ['functions, which are in no VPC and speak no protocol', { group: { TargetType: 'lambda', Protocol: undefined, VpcId: undefined } }],
    ['what serves by the default action', { rules: [{ RuleArn: 'arn:default', Priority: 'default', IsDefault: true, Actions: forward(before) }] }],
    ['what also serves some requests by a rule in front', { rules: [{ ...teamsRule, Priority: '40' }, teamsRule] }],
  ])('%s', async (_, other) => {
    serves(other);
    await create({ CurrentlyServing: before });
    expect(changes()).toHaveLength(1);
  });

  const lasting = (type: string, seconds: string) => [
    { Key: 'stickiness.enabled', Value: 'true' },
    { Key: 'stickiness.type', Value: type },
    { Key: `stickiness.${type}.duration_seconds`, Value: seconds },
  ];
  const stickyRule = {
    ...teamsRule,
    Actions: [
      { Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: before }], TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 } } },
    ],
  };
  test.each<[string, Parameters<typeof serves>[0], string]>([
    ['a cookie of the load balancer', { attributes: lasting('lb_cookie', '86400') }, '86400'],
    ['a cookie of the application', { attributes: lasting('app_cookie', '900') }, '900'],
    ['a rule that keeps clients at a target group', { rules: [stickyRule], attributes: lasting('lb_cookie', '86400') }, '60'],
  ])('stickiness by %s is kept in mind', async (_, other, Value) => {
    serves(other);
    await create({ CurrentlyServing: before });
    expect(elb.commandCalls(CreateRuleCommand)[0]?.args[0].input.Tags).toContainEqual({ Key: 'path-to-live:sticky-seconds', Value });
  });

  test('is looked for on every page of the listener’s rules', async () => {
    elb.on(DescribeRulesCommand, { ListenerArn: listenerArn }).resolves({ Rules: [{ RuleArn: 'arn:other', Priority: '10' }], NextMarker: 'more' });
    elb.on(DescribeRulesCommand, { ListenerArn: listenerArn, Marker: 'more' }).resolves({ Rules: [teamsRule] });
    await create({ CurrentlyServing: before });
    expect(changes()).toHaveLength(1);
  });
});

describe('a further rule', () => {
  const first = ruleArn.replace(/3$/, '1');
  const taggedFirst = (...Tags: { Key: string; Value: string }[]) =>
    elb.on(DescribeTagsCommand, { ResourceArns: [first] }).resolves({ TagDescriptions: [{ Tags }] });
  const made = () => elb.commandCalls(CreateRuleCommand)[0]?.args[0].input;

  test('by which nothing is served yet does what the first one does, in the middle of a release too, and says where it had that from', async () => {
    const ForwardConfig = {
      TargetGroups: [
        { TargetGroupArn: 'arn:blue', Weight: 90 },
        { TargetGroupArn: 'arn:green', Weight: 10 },
      ],
    };
    elb.on(DescribeRulesCommand, { RuleArns: [first] }).resolves({ Rules: [{ RuleArn: first, Actions: [{ Type: 'forward', Order: 1, ForwardConfig }] }] });
    const accepted = { Key: 'path-to-live:accepted-target', Value: 'arn:blue' };
    taggedFirst({ Key: 'path-to-live:original', Value: before }, { Key: 'path-to-live:owner', Value: 'another' }, accepted);
    expect(await create({ Rule: 'Internal', Joins: first })).toEqual({ PhysicalResourceId: ruleArn, Data: { RuleArn: ruleArn, Original: before } });
    expect(made()?.Actions).toEqual([{ Type: 'forward', ForwardConfig }]);
    expect(made()?.Tags).toEqual([
      { Key: 'path-to-live:path', Value: 'Payments' },
      { Key: 'path-to-live:environment', Value: 'Production' },
      { Key: 'path-to-live:original', Value: before },
      accepted,
      { Key: 'path-to-live:joined', Value: first },
      { Key: 'path-to-live:owner', Value: owner },
      { Key: 'path-to-live:rule', Value: 'Internal' },
    ]);
  });

  test.each<[string, object, object]>([
    [
      'one target group, which is told of in two places',
      { Type: 'forward', TargetGroupArn: 'arn:blue', ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'arn:blue' }] } },
      { Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'arn:blue' }] } },
    ],
    [
      'an answer of its own',
      { Type: 'fixed-response', Order: 1, FixedResponseConfig: { StatusCode: '503' } },
      { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } },
    ],
  ])('takes over %s', async (_, holds, expected) => {
    elb.on(DescribeRulesCommand, { RuleArns: [first] }).resolves({ Rules: [{ RuleArn: first, Actions: [holds as never] }] });
    taggedFirst({ Key: 'path-to-live:original', Value: '503' });
    await create({ Rule: 'Internal', Joins: first });
    expect(made()?.Actions).toEqual([expected]);
  });

  test('that serves users is not made where the first one was made without what served by it', async () => {
    taggedFirst({ Key: 'path-to-live:original', Value: '503' });
    await expect(create({ Rule: 'Internal', Joins: first, CurrentlyServing: before })).rejects.toThrow(
      /the rule "Internal" of "Production" has currentlyServing, .*, was made without one: .*; leave it out of "Internal"/,
    );
    expect(changes()).toEqual([]);
  });

  test('that serves users goes on serving them', async () => {
    taggedFirst({ Key: 'path-to-live:original', Value: 'arn:before-the-first' });
    await create({ Rule: 'Internal', Joins: first, CurrentlyServing: before });
    expect(made()?.Actions).toEqual([{ Type: 'forward', TargetGroupArn: before }]);
    expect(made()?.Tags?.map(({ Key }) => Key)).not.toContain('path-to-live:joined');
  });

  test('of a first one that is not there is not made, and what to do is said', async () => {
    elb.on(DescribeRulesCommand, { RuleArns: [first] }).rejects(gone('RuleNotFoundException'));
    await expect(create({ Rule: 'Internal', Joins: first })).rejects.toThrow(
      /is not there any more; have it made anew first, with cdk deploy -c live-rule-anew/,
    );
    expect(changes()).toEqual([]);
  });

  test('by which nothing was served before is removed, whatever its listener has', async () => {
    tagged({ Key: 'path-to-live:original', Value: before }, { Key: 'path-to-live:joined', Value: first });
    serves({ rules: [] });
    expect(await remove(ruleArn)).toMatchObject({ Data: { Left: 'removed' } });
    expect(changes()).toEqual([{ RuleArn: ruleArn }]);
  });
});

describe('update', () => {
  test('of nothing does nothing, and keeps the rule', async () => {
    tagged({ Key: 'path-to-live:original', Value: before });
    expect(await update({}, { CurrentlyServing: 'arn:another' })).toEqual({ PhysicalResourceId: ruleArn, Data: { RuleArn: ruleArn, Original: before } });
    expect(changes()).toEqual([]);
  });

  test('of the priority moves the rule', async () => {
    expect(await update({}, { Priority: '250' })).toMatchObject({ PhysicalResourceId: ruleArn });
    expect(changes()).toEqual([{ RulePriorities: [{ RuleArn: ruleArn, Priority: 250 }] }]);
    expect(elb.commandCalls(SetRulePrioritiesCommand)).toHaveLength(1);
  });

  test('of the priority to one that another rule has is refused, and the rule stays', async () => {
    elb.on(SetRulePrioritiesCommand).rejects(Object.assign(new Error('Priority is in use'), { name: 'PriorityInUseException' }));
    elb.on(DescribeRulesCommand, { ListenerArn: listenerOf(ruleArn) }).resolves({ Rules: [{ RuleArn: 'arn:another-teams', Priority: '250' }] });
    await expect(update({}, { Priority: '250' })).rejects.toThrow(
      `priority 250 of the listener ${listenerOf(ruleArn)} is taken by another rule, arn:another-teams; the live rule ${ruleArn} stays where it is`,
    );
    expect(elb.commandCalls(ModifyRuleCommand)).toHaveLength(0);
  });

  test('of the conditions sends conditions only', async () => {
    await update({ PathPatterns: ['/*'] }, { PathPatterns: ['/pay/*'] });
    expect(changes()).toEqual([{ RuleArn: ruleArn, Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/pay/*'] } }] }]);
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
    expect(changes()).toEqual([]);
  });
});

describe('delete', () => {
  test('removes the rule; what the listener did before it goes on', async () => {
    await remove(ruleArn);
    expect(changes()).toEqual([{ RuleArn: ruleArn }]);
    expect(elb.commandCalls(DeleteRuleCommand)).toHaveLength(1);
  });

  describe('of a rule that took over from somebody', () => {
    beforeEach(() => tagged({ Key: 'path-to-live:original', Value: before }));

    test('removes it, and the rule behind it serves again', async () => {
      await remove(ruleArn);
      expect(elb.commandCalls(DeleteRuleCommand)).toHaveLength(1);
      expect(elb.commandCalls(ModifyRuleCommand)).toHaveLength(0);
    });

    test('lets it serve what served before where nothing else does any more', async () => {
      serves({ rules: [{ RuleArn: ruleArn, Priority: '150', Actions: forward(before) }] });
      expect(await remove(ruleArn)).toMatchObject({ PhysicalResourceId: ruleArn });
      expect(changes()).toEqual([{ RuleArn: ruleArn, Actions: [{ Type: 'forward', TargetGroupArn: before }] }]);
    });

    test.each([
      ['a live rule', { Key: 'path-to-live:path', Value: 'Payments' }, { IsDefault: false }, 'keeps it'],
      ['a rule of the team', { Key: 'Team', Value: 'Payments' }, { IsDefault: false }, 'removes it'],
      ['the default action', { Key: 'path-to-live:path', Value: 'Payments' }, { IsDefault: true }, 'removes it'],
    ])('where %s serves it, too, %j %j, it %s: a live rule is not what served before', async (_what, tag, given, does) => {
      const other = `${ruleArn}4`;
      elb.on(DescribeTagsCommand, { ResourceArns: [other] }).resolves({ TagDescriptions: [{ Tags: [tag] }] });
      serves({ rules: [ruleArn, other].map((RuleArn) => ({ RuleArn, Priority: '150', Actions: forward(before), ...(RuleArn === other && given) })) });
      await remove(ruleArn);
      expect(elb.commandCalls(DeleteRuleCommand)).toHaveLength(does === 'removes it' ? 1 : 0);
      expect(elb.commandCalls(ModifyRuleCommand)).toHaveLength(does === 'removes it' ? 0 : 1);
    });

    test('removes it where what served before is gone: there is nothing to restore', async () => {
      serves({ rules: [] });
      elb.on(ModifyRuleCommand).rejects(gone('TargetGroupNotFoundException'));
      await remove(ruleArn);
      expect(elb.commandCalls(DeleteRuleCommand)).toHaveLength(1);
    });

    test('that cannot be given back is not removed', async () => {
      serves({ rules: [] });
      elb.on(ModifyRuleCommand).rejects(Object.assign(new Error('not yours'), { name: 'AccessDenied' }));
      await expect(remove(ruleArn)).rejects.toThrow('not yours');
      expect(elb.commandCalls(DeleteRuleCommand)).toHaveLength(0);
    });

    test('on a listener that is gone is done', async () => {
      elb.on(DescribeRulesCommand).rejects(gone('ListenerNotFoundException'));
      expect(await remove(ruleArn)).toMatchObject({ PhysicalResourceId: ruleArn });
    });
  });

  test.each([DeleteRuleCommand, DescribeTagsCommand])('of a rule that is gone is done', async (command) => {
    elb.on(command as typeof DeleteRuleCommand).rejects(gone('RuleNotFoundException'));
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

describe('a rule that somebody removed by hand', () => {
  const anewArn = `${ruleArn}4`;
  beforeEach(() => {
    elb.on(DescribeRulesCommand, { RuleArns: [ruleArn] }).rejects(gone('RuleNotFoundException'));
    elb.on(CreateRuleCommand).callsFake(({ Tags }) => {
      elb.on(DescribeTagsCommand, { ResourceArns: [anewArn] }).resolves({ TagDescriptions: [{ Tags }] });
      return { Rules: [{ RuleArn: anewArn }] };
    });
  });

  test('is made anew by a deployment that asks, as it was before any release, and is another resource', async () => {
    expect(await update({}, { Anew: '1' })).toEqual({ PhysicalResourceId: anewArn, Data: { RuleArn: anewArn, Original: '503' } });
    const [made, ...others] = changes();
    expect([made, others]).toEqual([
      expect.objectContaining({ ListenerArn: listenerArn, Priority: 150, Tags: expect.arrayContaining([{ Key: 'path-to-live:owner', Value: owner }]) }),
      [],
    ]);
  });

  test('serves what served before it, where that is still there', async () => {
    expect(await update({ CurrentlyServing: before }, { CurrentlyServing: before, Anew: '1' })).toMatchObject({ Data: { Original: before } });
    expect(changes()[0]).toMatchObject({ Actions: [{ Type: 'forward', TargetGroupArn: before }] });
  });

  test('is removed as wished, when CloudFormation has the one that was made anew', async () => {
    elb.on(DescribeTagsCommand, { ResourceArns: [ruleArn] }).rejects(gone('RuleNotFoundException'));
    expect(await remove(ruleArn)).toEqual({ PhysicalResourceId: ruleArn, Data: { Left: 'removed' } });
  });

  test('another value for a rule that is there does nothing', async () => {
    elb.on(DescribeRulesCommand, { RuleArns: [ruleArn] }).resolves({ Rules: [{ RuleArn: ruleArn }] });
    expect(await update({ Anew: '1' }, {})).toMatchObject({ PhysicalResourceId: ruleArn });
    expect(changes()).toEqual([]);
  });
});
