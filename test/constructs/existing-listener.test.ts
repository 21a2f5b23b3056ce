import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { liveRulePriority } from '../../constructs/front-door';
import {
  Colour,
  type Entrance,
  Environment,
  type EnvironmentProps,
  type ExistingListenerOptions,
  Firebreak,
  type FurtherRuleOptions,
  GoNoGo,
  LambdaWorkload,
  PathToLive,
  ShadowAccess,
  type SlotContext,
  SlotNetwork,
  SlotStack,
  type WorkloadConfig,
  WorkloadSubnets,
} from '../../lib';
import { checked } from '../app/checked';
import { bundled } from '../bundles';
import { testApp } from '../test-app';
import {
  currentlyServing,
  domainName,
  env,
  environment,
  existing,
  groups,
  listenerArn,
  offered,
  stackOf,
  subnetIds,
  templateOf,
  typesIn,
  vpcId,
} from './entrances';
import { frontDoor } from './front-door-stack';
import { refusal } from './refusal';

const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** Asks for the network. */
class Addressed extends LambdaWorkload {
  constructor() {
    super({ code: Code.fromInline('exports.handler = () => 1'), handler: 'index.handler' });
  }
  override bind(scope: Parameters<LambdaWorkload['bind']>[0], context: SlotContext): WorkloadConfig {
    SlotNetwork.of(scope);
    return super.bind(scope, context);
  }
}

function slot(entrance: Entrance, props: Partial<EnvironmentProps> = {}, workload: LambdaWorkload = lambda(), colour = Colour.blue()): Template {
  return Template.fromStack(new SlotStack(testApp(), 'Slot', { path: 'Payments', environment: environment({ entrance, ...props }), colour, workload }));
}

const lambda = () => new LambdaWorkload({ code: Code.fromInline('exports.handler = () => 1'), handler: 'index.handler' });
const conditionsOf = (template: Template) => Object.values(template.findResources(RULE)).map(({ Properties }) => Properties.Conditions);

beforeAll(bundled);

describe('a listener that is there already', () => {
  test('gets the live rule, and nothing else is made of what the team has', () => {
    const template = templateOf(existing());
    const types = typesIn(template);
    expect(types.filter((type) => /^AWS::(EC2|ElasticLoadBalancingV2|S3|Route53|WAFv2)::/.test(type))).toEqual([]);
    template.hasResourceProperties('Custom::LiveRule', {
      ListenerArn: listenerArn,
      Priority: '210',
      Hosts: ['pay.example.com'],
      CurrentlyServing: currentlyServing,
    });
  });

  test('is looked up nowhere: its load balancer is read off its ARN', () => {
    const stack = stackOf(existing());
    expect((stack.node.root as App).synth().manifest.missing).toBeUndefined();
    const parameters = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties);
    const value = (name: string) => parameters.find(({ Name }) => Name.endsWith(`/${name}`))?.Value;
    expect([value('listener-arn'), value('vpc-id'), value('load-balancer-full-name')]).toEqual([listenerArn, vpcId, 'app/shop/50dc6c495c0c9188']);
    expect(JSON.stringify(value('front-door'))).toContain(':elasticloadbalancing:eu-west-2:222222222222:loadbalancer/app/shop/50dc6c495c0c9188');
  });

  test('offers a network to workloads with addresses where it is told of one, and says so where it is not', () => {
    const network = { workloads: WorkloadSubnets.withPublicAddresses(subnetIds), loadBalancerSecurityGroupId: groups[0] as string };
    const told = existing({ network });
    expect(offered(templateOf(told))).toMatchObject({ 'subnet-ids': subnetIds.join(), 'public-addresses': 'ENABLED' });
    expect(offered(templateOf(existing()))).toEqual({});
    const parameters = (entrance: Entrance) => JSON.stringify(templateOf(entrance).findResources('AWS::IAM::Policy')).includes('/subnet-ids');
    expect([parameters(told), parameters(existing())]).toEqual([true, false]);
    expect(() => slot(told, {}, new Addressed())).not.toThrow();
    expect(() => slot(existing(), {}, new Addressed())).toThrow(
      /needs addresses in a network, and the entrance of "Production" says nothing of one; give Entrance/,
    );
  });
});

describe('rules that are moved with the live rule', () => {
  const otherListener = listenerArn.replace(/[^/]+$/, 'a7dc8efc522ab2f2');
  const internalBefore = currentlyServing.replace('/pay/', '/pay-internal/');
  const internal = { name: 'Internal', listenerArn: otherListener, priority: 40, currentlyServing: internalBefore };
  const partners = { name: 'Partners', priority: 300, hosts: ['partners.example.com'] };
  const further = (...furtherRules: FurtherRuleOptions[]) => existing({ furtherRules });

  test('are made by the same owner, and are known to the hub; what moves traffic may write them, and who deploys slots may not', () => {
    const template = templateOf(further(internal, partners));
    const rules = Object.values(template.findResources('Custom::LiveRule')).map(({ Properties }) => Properties);
    expect(new Set(rules.map(({ ServiceToken }) => JSON.stringify(ServiceToken))).size).toBe(1);
    expect(rules.map(({ Rule, ListenerArn, Priority, CurrentlyServing, Hosts }) => ({ Rule, ListenerArn, Priority, CurrentlyServing, Hosts }))).toEqual([
      { ListenerArn: listenerArn, Priority: '210', CurrentlyServing: currentlyServing, Hosts: ['pay.example.com'] },
      { Rule: 'Internal', ListenerArn: otherListener, Priority: '40', CurrentlyServing: internalBefore },
      { Rule: 'Partners', ListenerArn: listenerArn, Priority: '300', Hosts: ['partners.example.com'] },
    ]);
    const ids = Object.keys(template.findResources('Custom::LiveRule'));
    const arns = ids.map((id) => ({ 'Fn::GetAtt': [id, 'RuleArn'] }));
    expect(rules.slice(1).map(({ Joins }) => Joins)).toEqual([arns[0], arns[0]]);
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const resourcesOf = (sid: string) => statements.find(({ Sid }: { Sid: string }) => Sid === sid)?.Resource;
    expect([resourcesOf('TheLiveRule'), resourcesOf('NeverTheLiveRule'), resourcesOf('Make')]).toEqual([arns, arns, [listenerArn, otherListener]]);
    const keep = statements.find(({ Sid }: { Sid: string }) => Sid === 'Keep');
    expect(keep.Condition.StringEquals['aws:ResourceTag/path-to-live:owner']).toEqual(
      ids.map((id) => ({ 'Fn::Join': ['', [{ Ref: 'AWS::StackId' }, ` ${id}`]] })),
    );
    const frontDoorOf = JSON.stringify(
      Object.values(template.findResources('AWS::SSM::Parameter')).find(({ Properties }) => Properties.Name.endsWith('/front-door')),
    );
    expect(frontDoorOf).toMatch(/furtherRules.*Internal.*Partners/);
  });

  test('and without any nothing of that is in a template', () => {
    expect(JSON.stringify(templateOf(existing()).toJSON())).not.toMatch(/furtherRules|Joins/);
  });

  test('four fit into the parameter of an environment with three slots', () => {
    const four = ['A', 'B', 'C', 'D'].map((name, n) => ({ ...internal, name, priority: 40 + n }));
    const colours = [Colour.blue(), Colour.green(), Colour.named('pink')];
    const template = templateOf(further(...four), { colours });
    const parameter = Object.values(template.findResources('AWS::SSM::Parameter')).find(({ Properties }) => Properties.Name.endsWith('/front-door'));
    expect(parameter?.Properties.Tier).toBe('Advanced');
  });

  test.each<[string, () => Entrance, string, RegExp]>([
    ['none', () => further(), 'FurtherRules', /furtherRules is empty; leave it out/],
    ['too many', () => further(...[1, 2, 3, 4, 5].map((n) => ({ ...internal, name: `R${n}` }))), 'FurtherRules', /has 5, .* at most 4/],
    ['one of no name', () => further({ ...internal, name: 'internal port' }), 'FurtherRules', /"internal port"; it must be a capital letter/],
    ['one that is named as the first is', () => further({ ...internal, name: 'Main' }), 'FurtherRules', /"Main", as the first rule is/],
    ['two of a name', () => further(internal, { ...partners, name: 'Internal' }), 'FurtherRules', /two rules in furtherRules are named "Internal"/],
    [
      'one of another load balancer',
      () => further({ ...internal, listenerArn: listenerArn.replace('/shop/', '/other/') }),
      'FurtherRules',
      /not of the load balancer of the first rule/,
    ],
    ['one at a priority of the slots', () => further({ ...partners, priority: 205 }), 'FurtherRules', /priority 205, and 200 to 210 are the environment's/],
    [
      'one at none',
      () => further({ ...partners, priority: 0 }),
      'RulePriority',
      /priority of the rule "Partners" is 0; it must be a whole number from 1 to 50000/,
    ],
    [
      'more conditions than a rule takes',
      () => further({ ...partners, hosts: ['a.b', 'c.d', 'e.f', 'g.h', 'i.j'] }),
      'RuleConditions',
      /there are 6 conditions of the rule "Partners": "\/\*", which is there without pathPatterns, and 5 hosts; .* at most 5/,
    ],
    ['one that takes nothing', () => further({ ...partners, hosts: [] }), 'RuleConditions', /hosts of the rule "Partners" is empty/],
    ['a path that matches nothing', () => further({ ...partners, pathPatterns: ['pay'] }), 'RuleConditions', /in pathPatterns of the rule "Partners" is "pay"/],
    [
      'what is no listener',
      () => further({ ...internal, listenerArn: 'internal-listener' }),
      'FurtherRules',
      /listenerArn of the rule "Internal" is "internal-listener"; it must be the ARN of a listener of an Application Load Balancer, arn:aws:elasticloadbalancing:/,
    ],
    [
      'one that serves where the first one does not',
      () => existing({ currentlyServing: undefined, furtherRules: [internal] }),
      'FurtherRules',
      /has currentlyServing, and the first rule has none/,
    ],
  ])('refuse %s', (_, make, code, message) => {
    const refused = refusal(make);
    expect([refused.code, refused.message]).toEqual([code, expect.stringMatching(message)]);
  });

  test('refuse what is elsewhere', () => {
    const elsewhere = internalBefore.replace('222222222222', '333333333333');
    const { code, message } = refusal(() => environment({ entrance: further({ ...internal, currentlyServing: elsewhere }) }));
    expect([code, message]).toEqual(['CurrentlyServing', expect.stringContaining('currentlyServing of the rule "Internal" is "')]);
  });
});

describe('the rules of a slot on a listener with other applications', () => {
  const [bySlot, byKey] = [/x-path-to-live-slot/, /x-path-to-live-key/];
  const fields = (template: Template) => conditionsOf(template).map((conditions: { Field: string }[]) => conditions.map(({ Field }) => Field).sort());

  test('take no request that the live rule does not take', () => {
    const template = slot(existing({ pathPatterns: ['/pay', '/pay/*'] }));
    for (const conditions of conditionsOf(template)) {
      expect(conditions).toEqual(
        expect.arrayContaining([
          { Field: 'host-header', HostHeaderConfig: { Values: ['pay.example.com'] } },
          { Field: 'path-pattern', PathPatternConfig: { Values: ['/pay', '/pay/*'] } },
        ]),
      );
      expect(JSON.stringify(conditions)).toMatch(bySlot);
    }
  });

  test('have hosts of their own below the service’s domain, and the tests still its hosts', () => {
    expect(fields(slot(existing({ domainName })))).toEqual([
      ['host-header', 'http-header', 'http-header'],
      ['host-header', 'http-header'],
    ]);
    expect(JSON.stringify(conditionsOf(slot(existing({ domainName })))[1])).toMatch(byKey);
  });

  test('come before the live rule, in the eleven priorities of the environment', () => {
    const colours = ['amber', 'blue', 'cyan', 'green', 'pink'].map((name) => Colour.named(name));
    const template = slot(existing(), { colours }, lambda(), colours[4]);
    expect(Object.values(template.findResources(RULE)).map(({ Properties }) => Properties.Priority)).toEqual([208, 209]);
    expect(liveRulePriority(environment({ entrance: existing(), colours }))).toBe(210);
  });

  test.each<[string, Partial<ExistingListenerOptions>, ShadowAccess, RegExp]>([
    [
      'too many hosts',
      { hosts: ['a.example.com', 'b.example.com', 'pay.example.com', 'd.example.com'] },
      ShadowAccess.secretHeader(),
      /the rule of the tests would look at 6 values: 4 hosts/,
    ],
    [
      'hosts and networks',
      { hosts: ['pay.example.com'] },
      ShadowAccess.fromCidrs(['192.0.2.0/26', '192.0.2.64/26', '192.0.2.128/26', '192.0.2.192/26']),
      /the rule of a hidden URL would look at 6 values/,
    ],
  ])('refuse %s', (_, options, shadowAccess, message) => {
    const { code, message: said } = refusal(() => environment({ entrance: existing(options), shadowAccess }));
    expect([code, said]).toEqual(['RuleConditions', expect.stringMatching(message)]);
  });

  test('need a key where they could take requests of others', () => {
    const [all, some] = [existing({ hosts: undefined }), existing()];
    const [shadowAccess, closed] = [ShadowAccess.fromCidrs(['192.0.2.0/24']), ShadowAccess.secretHeader()];
    expect(refusal(() => environment({ entrance: all, shadowAccess })).code).toBe('HiddenUrlsOfOthers');
    for (const fine of [
      { entrance: some, shadowAccess },
      { entrance: all, shadowAccess: closed },
    ])
      expect(() => environment(fine)).not.toThrow();
  });
});

describe('two paths to live on one listener', () => {
  const reason = 'nobody is asked in this test';
  const none = { firebreak: Firebreak.none({ reason }), goNoGo: GoNoGo.none({ reason }) };
  function both(priority: number): App {
    const app = testApp();
    for (const [id, entrance] of Object.entries({
      Payments: existing(),
      Orders: existing({ rulePriority: priority, hosts: ['orders.example.com'], url: 'https://orders.example.com', currentlyServing: undefined }),
    })) {
      new PathToLive(app, id, { hub: env, workload: lambda(), environments: [new Environment('Production', { env, ...none, entrance })] });
    }
    return app;
  }

  test.each([
    [200, /rule priority 210 is taken on the same listener by Payments\/Production\/TrafficSwitch; give one of them another priority: rulePriority/],
    [202, /rule priority 202 is taken on the same listener by Payments\/Release/],
    [208, /rule priority 210 is taken/],
  ])('clash at %d', (priority, message) => {
    expect(() => both(priority)).toThrow(message);
  });

  test('stand side by side at 211, each with its own keys and hosts', () => {
    const stacks = both(211).synth().stacksRecursively;
    const rules = stacks.filter(({ stackName }) => /-(Blue|Green)$/.test(stackName)).map(({ template }) => JSON.stringify(template));
    for (const template of rules) {
      const own = template.includes('Orders') ? 'orders.example.com' : 'pay.example.com';
      expect(template.match(/"HostHeaderConfig":\{"Values":\["([^"]+)"\]\}/g)).toEqual(Array(2).fill(`"HostHeaderConfig":{"Values":["${own}"]}`));
    }
    expect(rules).toHaveLength(4);
  });
});

test('cdk-nag has nothing to object to, and every acknowledgement is needed', () => {
  const app = testApp();
  const furtherRules = [{ name: 'Internal', listenerArn: listenerArn.replace(/[^/]+$/, 'a7dc8efc522ab2f2'), priority: 40 }];
  frontDoor({ entrance: existing({ furtherRules }) }, {}, app);
  const { open, unused } = checked(app);
  expect([open, unused]).toEqual([[], []]);
}, 60_000);
