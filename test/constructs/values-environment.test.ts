import { CfnOutput, CfnResource, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Colour } from '../../constructs/blue-green/colour';
import { TrafficStrategy } from '../../constructs/blue-green/traffic-strategy';
import {
  Concurrency,
  Environment,
  type EnvironmentProps,
  EnvironmentTest,
  PathNames,
  PlannedOutage,
  planOf,
  requirePath,
  ShadowAccess,
  workloadPlaceOf,
} from '../../constructs/environments';
import { Entrance, hiddenUrl, SlotNetwork, testUrl } from '../../constructs/front-door';
import { HealthAlarm } from '../../constructs/health/health-alarm';
import { HealthGate } from '../../constructs/health/health-gate';
import { SlotMetric } from '../../constructs/health/slot-metric';
import { setPlace } from '../../constructs/private/place';
import { claimPriority } from '../../constructs/private/rule-claims';
import { Firebreak } from '../../constructs/release/firebreak';
import { GoNoGo } from '../../constructs/release/go-no-go';
import { Party } from '../../constructs/release/party';
import { SharedValue } from '../../constructs/shared-state';
import { testApp } from '../test-app';
import { refusal } from './refusal';

const env = { account: '111111111111', region: 'eu-west-2' };
const certificateArn = 'arn:aws:acm:eu-west-2:111111111111:certificate/1';
const security = Party.of('Security', { members: ['arn:aws:iam::111111111111:role/security'] });
const safe = { firebreak: Firebreak.parties([security]), goNoGo: GoNoGo.by(security) };

function environment(props: Partial<EnvironmentProps> = {}, name = 'Production'): Environment {
  return new Environment(name, { env, ...props });
}

const measured = (place: { account?: string; region?: string } = {}) => HealthGate.metric('Requests', SlotMetric.requests().with(place), { atLeast: 1 });
const stepped = (gate: HealthGate, seconds = 300) =>
  TrafficStrategy.steps([
    { percent: 10, bakeTime: Duration.seconds(seconds), healthGates: [gate] },
    { percent: 100, bakeTime: Duration.seconds(60) },
  ]);
const judge = (region: string) =>
  new LambdaFunction(new Stack(testApp(), 'Gates', { env: { ...env, region } }), 'Judge', {
    code: Code.fromInline('x'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
  });

describe('an environment', () => {
  test.each(['P', 'Production', 'X'.repeat(20)])('takes the name %j', (name) => {
    expect(environment({}, name).name).toBe(name);
  });

  test.each(['', 'production', 'Pre-production', '1st', 'Production ', 'X'.repeat(21)])('refuses the name %j', (name) => {
    expect(refusal(() => environment({}, name)).code).toBe('EnvironmentName');
  });

  test.each([
    ['no account', { region: 'eu-west-2' }],
    ['no region', { account: '111111111111' }],
    ['a short account', { account: '1111', region: 'eu-west-2' }],
    ['no such region', { account: '111111111111', region: 'London' }],
    ['an account only known at deployment', { account: Token.asString({ Ref: 'AWS::AccountId' }), region: 'eu-west-2' }],
    ['a region only known at deployment', { account: '111111111111', region: Token.asString({ Ref: 'AWS::Region' }) }],
  ])('refuses %s', (_, place) => {
    expect(refusal(() => environment({ env: place })).code).toBe('EnvironmentPlace');
  });

  test.each(['eu-west-2', 'us-gov-east-1', 'ap-southeast-4', 'cn-north-1'])('takes the region %j', (region) => {
    expect(environment({ env: { account: '111111111111', region } }).region).toBe(region);
  });

  const colours = (count: number) => ['amber', 'blue', 'cyan', 'green', 'pink', 'red'].slice(0, count).map((name) => Colour.named(name));

  test.each([2, 5])('takes %d colours', (count) => {
    expect(environment({ colours: colours(count) }).colours).toHaveLength(count);
  });

  test.each([
    ['one', colours(1)],
    ['six', colours(6)],
    ['twice the same', [Colour.blue(), Colour.named('blue')]],
  ])('refuses %s', (_, some) => {
    expect(refusal(() => environment({ colours: some })).code).toBe('Colours');
  });

  test.each([
    ['TestName', { tests: [EnvironmentTest.http('/'), EnvironmentTest.http('/', { expectStatus: 404 })] }],
    ['StickySessions', { stickySessions: Duration.seconds(0) }],
    ['StickySessions', { stickySessions: Duration.seconds(604_801) }],
    ['EarlyLifeSupport', { earlyLifeSupport: Duration.seconds(0) }],
    ['EarlyLifeSupport', { earlyLifeSupport: Duration.days(365) }],
    ['HealthGates', { healthGates: [] }],
    ['HealthGates', { healthGates: [HealthGate.none({ reason: 'x' }), HealthGate.http('/')] }],
    [
      'HealthGates',
      { healthGates: [HealthGate.alarms([HealthAlarm.serverErrors()]), HealthGate.alarms([HealthAlarm.latency({ threshold: Duration.seconds(1) })])] },
    ],
    ['BakeTime', { traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(0) }) }],
    ['BakeTime', { traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(179) }), healthGates: [measured()] }],
    ['GateName', { healthGates: [measured(), measured()] }],
    ['GateName', { healthGates: [measured()], traffic: stepped(measured()) }],
    ['BakeTime', { traffic: stepped(measured(), 179) }],
    ['MetricElsewhere', { traffic: stepped(measured({ region: 'us-east-1' })) }],
    ['GateFunctionElsewhere', { traffic: stepped(HealthGate.lambda(judge('us-east-1'))) }],
    ['MetricElsewhere', { healthGates: [measured({ account: '222222222222' })] }],
    [
      'MetricElsewhere',
      { healthGates: [HealthGate.alarms([HealthAlarm.metric('There', SlotMetric.requests().with({ region: 'us-east-1' }), { atMost: 1 })])] },
    ],
    ['GateFunctionElsewhere', { healthGates: [HealthGate.lambda(judge('us-east-1'))] }],
    ['BakeTime', { traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(0) }), healthGates: [HealthGate.http('/')] }],
  ] as [string, Partial<EnvironmentProps>][])('refuses with %s %j', (code, props) => {
    expect(refusal(() => environment(props)).code).toBe(code);
  });

  test.each([
    { traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(0) }), healthGates: [HealthGate.none({ reason: 'x' })] },
    { traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(1) }), healthGates: [HealthGate.http('/')] },
    { traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(180) }), healthGates: [measured()] },
    { healthGates: [measured(env), HealthGate.lambda(judge('eu-west-2'))] },
    { traffic: stepped(measured(), 180) },
    { stickySessions: Duration.seconds(1) },
    { stickySessions: Duration.days(7) },
    { earlyLifeSupport: Duration.seconds(1) },
    { earlyLifeSupport: Duration.days(364) },
  ] as Partial<EnvironmentProps>[])('takes %j', (props) => {
    expect(() => environment(props)).not.toThrow();
  });

  test('by default watches for server errors, and takes silence for health', () => {
    const [gate, ...others] = environment().healthGates;
    expect(others).toEqual([]);
    expect(gate?._bind()).toEqual({ kind: 'alarms', minimumRequests: 0 });
    expect(gate?._alarms().map((alarm) => alarm._name)).toEqual(['ServerErrors']);
  });

  test('lists the safeties that were switched off, with the reasons', () => {
    const open = environment({
      firebreak: Firebreak.none({ reason: 'one' }),
      goNoGo: GoNoGo.none({ reason: 'two' }),
      shadowAccess: ShadowAccess.open({ reason: 'three' }),
      healthGates: [HealthGate.none({ reason: 'four' })],
    });
    expect(open._optOuts()).toEqual([
      { what: 'Firebreak.none', reason: 'one' },
      { what: 'GoNoGo.none', reason: 'two' },
      { what: 'ShadowAccess.open', reason: 'three' },
      { what: 'HealthGate.none', reason: 'four' },
    ]);
    expect(environment(safe)._optOuts()).toEqual([]);
    expect(environment({ plannedOutage: PlannedOutage.allowed({ reason: 'five' }) })._optOuts()).toEqual([{ what: 'PlannedOutage.allowed', reason: 'five' }]);
  });
});

describe('a planned outage', () => {
  const reason = 'agreed for Sunday mornings';

  test('by default may be half an hour, and says that it is one', () => {
    expect(PlannedOutage.allowed({ reason })._bind()).toEqual({ longestSeconds: 1_800, says: 'planned maintenance: please come back later' });
  });

  test.each([
    { longest: Duration.seconds(10) },
    { longest: Duration.hours(24) },
    { says: 'x' },
    { says: 'x'.repeat(1_024) },
    { says: 'Back at 07:00.\nThank you.' },
  ])('takes %j', (given) => {
    expect(() => PlannedOutage.allowed({ reason, ...given })).not.toThrow();
  });

  test.each([
    ['OutageLength', { longest: Duration.seconds(9) }],
    ['OutageLength', { longest: Duration.hours(25) }],
    ['OutageText', { says: '' }],
    ['OutageText', { says: 'x'.repeat(1_025) }],
    ['OutageText', { says: 'gleich zurück' }],
    ['OutageText', { says: Token.asString({ Ref: 'Text' }) }],
    ['ReasonMissing', { reason: ' ' }],
  ])('refuses with %s %j', (code, given) => {
    expect(refusal(() => PlannedOutage.allowed({ reason, ...given })).code).toBe(code);
  });

  test('is longer than any test of its environment may take', () => {
    const tests = [EnvironmentTest.http('/slow', { timeout: Duration.seconds(60) })];
    const planned = (seconds: number) => ({ tests, plannedOutage: PlannedOutage.allowed({ reason, longest: Duration.seconds(seconds) }) });
    expect(refusal(() => environment(planned(60))).code).toBe('OutageLength');
    expect(() => environment(planned(61))).not.toThrow();
  });
});

describe('a test that is a function', () => {
  function testFunction(place?: { account: string; region: string }): LambdaFunction {
    const stack = new Stack(testApp(), 'Tests', { env: place });
    return new LambdaFunction(stack, 'Performance', { code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
  }

  test('is named for its construct, and may take 5 minutes', () => {
    expect(EnvironmentTest.lambda(testFunction())._bind()).toMatchObject({ kind: 'lambda', name: 'Performance', timeoutSeconds: 300 });
  });

  test.each([1, 840])('may take %d s', (seconds) => {
    expect(EnvironmentTest.lambda(testFunction(), { timeout: Duration.seconds(seconds) })._bind().timeoutSeconds).toBe(seconds);
  });

  test.each([0, 841])('may not take %d s', (seconds) => {
    expect(refusal(() => EnvironmentTest.lambda(testFunction(), { timeout: Duration.seconds(seconds) })).code).toBe('TestTimeout');
  });

  test('runs where the environment is, and nowhere else', () => {
    expect(() => environment({ tests: [EnvironmentTest.lambda(testFunction(env))] })).not.toThrow();
    expect(() => environment({ tests: [EnvironmentTest.lambda(testFunction())] })).not.toThrow();
    const elsewhere = EnvironmentTest.lambda(testFunction({ account: '222222222222', region: 'eu-west-2' }));
    expect(refusal(() => environment({ tests: [elsewhere] })).message).toBe(
      'Environment "Production": the function of the test "Performance" is in 222222222222/eu-west-2; it must be in 111111111111/eu-west-2: ' +
        "tests run inside the environment's account (path-to-live:TestFunctionElsewhere)",
    );
  });
});

describe('a path', () => {
  const first = environment({}, 'Integration');
  const last = environment(safe);

  test('takes environments of which only the last one says something about its safeties', () => {
    expect(() => requirePath('App/Payments', 'Payments', [first, last])).not.toThrow();
  });

  test.each([
    ['NoEnvironment', 'Payments', []],
    ['EnvironmentName', 'Payments', [last, last]],
    ['EnvironmentName', 'Payments', [environment({}, 'PRODUCTION'), last]],
    ['SafetyNotSaid', 'Payments', [last, first]],
    ['SafetyNotSaid', 'Payments', [environment({ firebreak: safe.firebreak })]],
    ['SafetyNotSaid', 'Payments', [environment({ goNoGo: safe.goNoGo })]],
    ['PathName', 'payments', [last]],
    ['PathName', 'X'.repeat(21), [last]],
    ['PathName', 'Pay-ments', [last]],
  ])('refuses with %s', (code, path, environments) => {
    expect(refusal(() => requirePath('App/Payments', path, environments)).code).toBe(code);
  });

  test('names what to say about a safety that was left out', () => {
    expect(refusal(() => requirePath('App/Payments', 'Payments', [first])).message).toBe(
      'App/Payments: Environment "Integration" is the last of the path and has no firebreak; give it Firebreak.parties([…]), or say Firebreak.none({ reason }) ' +
        '(path-to-live:SafetyNotSaid)',
    );
  });

  test('takes safeties that were switched off with a reason', () => {
    const open = environment({ firebreak: Firebreak.none({ reason: 'x' }), goNoGo: GoNoGo.none({ reason: 'x' }) });
    expect(() => requirePath('App/Payments', 'Payments', [open])).not.toThrow();
  });

  test.each([
    [182, true],
    [183, false],
  ])('adds up waits: twice %d days are allowed: %s', (days, allowed) => {
    const timeout = Duration.days(days);
    const slow = environment({
      firebreak: Firebreak.parties([security], { timeout }),
      goNoGo: GoNoGo.by(security, { timeout }),
      traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(0) }),
      healthGates: [HealthGate.none({ reason: 'x' })],
    });
    const act = () => requirePath('App/Payments', 'Payments', [slow]);
    if (allowed) expect(act).not.toThrow();
    else expect(refusal(act).code).toBe('WaitsTooLong');
  });

  test.each([
    [5, true],
    [4, false],
  ])('adds up steps of traffic: one percent at a time, and before that %d: %s', (percent, allowed) => {
    const linear = (by: number) => TrafficStrategy.linear({ percent: by, every: Duration.minutes(1) });
    const act = () =>
      requirePath('App/Payments', 'Payments', [environment({ traffic: linear(percent) }, 'Integration'), environment({ ...safe, traffic: linear(1) })]);
    if (allowed) expect(act).not.toThrow();
    else expect(refusal(act).message).toMatch(/moves in 125 steps \(Integration 25, Production 100\).*at most 120 in all, let some.*TooManySteps/);
  });
});

describe('what a release does that finds another', () => {
  test('stops if nothing is said, and nothing of it is in the plan', () => {
    expect(Concurrency.refuse()._bind()).toBeUndefined();
  });

  test.each([60, 30 * 86_400])('waits for %i seconds at most', (seconds) => {
    const longest = Duration.seconds(seconds);
    expect(Concurrency.queue({ longest })._bind()).toEqual({ kind: 'queue', longestSeconds: seconds });
    expect(Concurrency.newestWins({ longest })._bind()).toEqual({ kind: 'newestWins', longestSeconds: seconds });
  });

  test.each([59, 30 * 86_400 + 1])('does not wait for %i seconds', (seconds) => {
    expect(refusal(() => Concurrency.queue({ longest: Duration.seconds(seconds) })).code).toBe('TurnLength');
    expect(refusal(() => Concurrency.newestWins({ longest: Duration.seconds(seconds) })).code).toBe('TurnLength');
  });

  test('is in the plan of every environment of the path', () => {
    const hub = new Stack(testApp(), 'Payments-Hub', { env: { account: '999999999999', region: 'eu-west-1' } });
    const concurrency = Concurrency.queue({ longest: Duration.hours(8) });
    expect(planOf(hub, 'Payments', environment(safe), 0, { concurrency }).concurrency).toEqual({ kind: 'queue', longestSeconds: 28_800 });
  });
});

describe('the plan', () => {
  test('holds everything the hub has to know', () => {
    const hub = new Stack(testApp(), 'Payments-Hub', { env: { account: '999999999999', region: 'eu-west-1' } });
    const plan = planOf(hub, 'Payments', environment({ ...safe, tests: [EnvironmentTest.http('/health')] }), 2);
    const role = (name: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::111111111111:role/Payments-Production-${name}`]] });
    expect(hub.resolve(plan)).toEqual({
      contract: 1,
      path: 'Payments',
      environment: 'Production',
      order: 2,
      account: '111111111111',
      region: 'eu-west-2',
      roles: { deploy: role('deploy'), operator: role('operator'), observer: role('observer'), execution: role('execution') },
      frontDoorParameter: '/path-to-live/Payments/Production/front-door',
      probeFunction: 'Payments-Production-probe',
      slots: [
        { colour: 'blue', stackName: 'Payments-Production-Blue' },
        { colour: 'green', stackName: 'Payments-Production-Green' },
      ],
      tests: [{ kind: 'http', name: 'GET /health', path: '/health', expectStatus: 200, timeoutSeconds: 10 }],
      firebreak: safe.firebreak._bind(),
      goNoGo: safe.goNoGo._bind(),
      steps: [{ percent: 100, bakeSeconds: 300 }],
      gates: [{ kind: 'alarms', minimumRequests: 0 }],
    });
  });
});

describe('how a slot is reached', () => {
  const url = 'http://name.eu-west-2.elb.amazonaws.com';
  const key = { 'x-path-to-live-key': 'path-to-live/Payments/Production/hidden/blue' };

  test('by a header that names the colour, and a key', () => {
    expect(hiddenUrl('Payments', environment(), Colour.blue(), url)).toEqual({
      url,
      headers: { 'x-path-to-live-slot': 'blue' },
      secretHeaders: key,
      access: 'whoever sends the key',
    });
  });

  test.each([
    [certificateArn, 'https'],
    ['', 'http'],
  ])('by a host name where there is a domain', (certificate, scheme) => {
    const named = environment({
      entrance: Entrance.newLoadBalancer({ domainName: 'pay.example.com', certificateArns: certificate ? [certificate] : undefined }),
    });
    expect(hiddenUrl('Payments', named, Colour.blue(), url)).toMatchObject({ url: `${scheme}://blue.pay.example.com`, headers: {}, secretHeaders: key });
  });

  test('by tests with a key of their own, whatever people need', () => {
    expect(testUrl('Payments', environment({ shadowAccess: ShadowAccess.fromCidrs(['192.0.2.0/24']) }), Colour.blue(), url)).toMatchObject({
      headers: { 'x-path-to-live-slot': 'blue' },
      secretHeaders: { 'x-path-to-live-test': 'path-to-live/Payments/Production/test' },
    });
  });
});

describe('where a workload goes', () => {
  test('is told by the beginning of the names CloudFormation makes up', () => {
    const place = workloadPlaceOf(new Stack(testApp(), 'Stack'), 'Payments', environment({}, 'Preproduction'));
    expect(place).toMatchObject({
      generatedNamePrefixes: ['Payments-Preproduction-Bl', 'Payments-Preproduction-Gr'],
      rolePath: '/path-to-live/Payments/Preproduction/',
    });
  });

  test('may name shared values in what it is allowed', () => {
    const stack = new Stack(testApp(), 'Stack');
    workloadPlaceOf(stack, 'Payments', environment());
    expect(stack.resolve(SharedValue.named('TableArn'))).toBe('{{resolve:ssm:/path-to-live/Payments/Production/shared/TableArn}}');
  });
});

describe('names', () => {
  // The longest there can be: role and function names are 64 characters at most, state machines 80.
  const longest = new PathNames('P'.repeat(20)).environment('E'.repeat(20));

  test('fit whatever path and environment are called', () => {
    const { deployRole, operatorRole, observerRole, executionRole, probeFunction, slotBoundary, machine } = longest;
    for (const name of [deployRole, operatorRole, observerRole, executionRole, probeFunction, slotBoundary]) expect(name.length).toBeLessThanOrEqual(64);
    expect(machine.length).toBeLessThanOrEqual(80);
    expect(longest.slotStack('turquoises').length).toBeLessThanOrEqual(128);
  });
});

describe('a shared value', () => {
  const names = new PathNames('Payments').environment('Production');

  test.each([
    ['a slot, which then holds on to it', true, { 'Fn::Join': ['', ['table: ', { 'Fn::ImportValue': 'Payments-Production-Shared:TableName' }]] }],
    ['the front door, which is deployed right after it and does not', false, 'table: {{resolve:ssm:/path-to-live/Payments/Production/shared/TableName}}'],
  ])('is read from the environment of the stack it is used in: %s', (_, isSlot, Value) => {
    const stack = new Stack(testApp(), 'Stack');
    setPlace(stack, { names, isSlot, offersNetwork: true });
    new CfnOutput(stack, 'Table', { value: `table: ${SharedValue.named('TableName')}` });
    expect(Template.fromStack(stack).findOutputs('Table').Table).toEqual({ Value });
  });

  test('is refused in a stack of no environment', () => {
    const stack = new Stack(testApp(), 'Stack');
    new CfnOutput(stack, 'Table', { value: SharedValue.named('TableName') });
    expect(() => Template.fromStack(stack)).toThrow(/Stack: the shared value "TableName" is used in a stack that belongs to no environment/);
  });
});

describe('the network of a slot', () => {
  const use = (stack: Stack) => new CfnResource(stack, 'Service', { type: 'Some::Service', properties: { ...SlotNetwork.of(stack) } });

  test('is read from the environment of the stack, the subnets as one list whatever their number', () => {
    const stack = new Stack(testApp(), 'Stack');
    setPlace(stack, { names: new PathNames('Payments').environment('Production'), isSlot: true, offersNetwork: true });
    use(stack);
    expect(SlotNetwork.of(stack).subnetIds).toEqual(SlotNetwork.of(stack).subnetIds);
    const template = Template.fromStack(stack);
    const read = (name: string) => `{{resolve:ssm:/path-to-live/Payments/Production/${name}}}`;
    template.hasResourceProperties('Some::Service', {
      vpcId: read('vpc-id'),
      subnetIds: { Ref: 'SubnetIds' },
      assignPublicIp: read('public-addresses'),
      loadBalancerSecurityGroupId: read('load-balancer-security-group-id'),
    });
    template.hasParameter('SubnetIds', { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/path-to-live/Payments/Production/subnet-ids' });
  });

  test('is refused in a stack of no environment', () => {
    expect(() => use(new Stack(testApp(), 'Stack'))).toThrow(/Stack: asks for the network of a slot in a stack that belongs to no environment/);
  });
});

describe('rule priorities', () => {
  const listener = 'arn:aws:elasticloadbalancing:eu-west-2:111111111111:listener/app/shop/1/2';

  test('may be the same on two listeners, and in two apps', () => {
    const app = testApp();
    claimPriority(new Stack(app, 'One'), listener, 150);
    expect(() => claimPriority(new Stack(app, 'Two'), `${listener}2`, 150)).not.toThrow();
    expect(() => claimPriority(new Stack(app, 'Three'), listener, 151)).not.toThrow();
    expect(() => claimPriority(new Stack(testApp(), 'One'), listener, 150)).not.toThrow();
  });

  test('clash on the same listener, and both culprits are named', () => {
    const app = testApp();
    claimPriority(new Stack(app, 'One'), listener, 150);
    const { code, message } = refusal(() => claimPriority(new Stack(app, 'Two'), listener, 150));
    expect([code, message]).toEqual(['RulePriorityTaken', expect.stringContaining('Two: the rule priority 150 is taken on the same listener by One')]);
  });

  test('clash when the listener is made in the app', () => {
    const stack = new Stack(testApp(), 'Stack');
    const made = new LambdaFunction(stack, 'StandsForAListener', { code: Code.fromInline('x'), handler: 'x', runtime: Runtime.NODEJS_24_X });
    claimPriority(new Stack(stack, 'One'), made.functionArn, 150);
    expect(refusal(() => claimPriority(new Stack(stack, 'Two'), `${made.functionArn}`, 150)).code).toBe('RulePriorityTaken');
  });

  test('are left to CloudFormation when they are only known at deployment', () => {
    const stack = new Stack(testApp(), 'Stack');
    const priority = Lazy.number({ produce: () => 150 });
    claimPriority(stack, listener, priority);
    expect(() => claimPriority(stack, listener, priority)).not.toThrow();
  });
});
