import { CfnResource, Duration, type Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, User } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { Colour } from '../../constructs/blue-green/colour';
import { TrafficStrategy } from '../../constructs/blue-green/traffic-strategy';
import { Environment, type EnvironmentProps, ShadowAccess, workloadPlaceOf } from '../../constructs/environments';
import { Entrance } from '../../constructs/front-door';
import { HealthAlarm } from '../../constructs/health/health-alarm';
import { HealthGate } from '../../constructs/health/health-gate';
import { SlotMetric } from '../../constructs/health/slot-metric';
import { SharedValue } from '../../constructs/shared-state';
import { type IWorkload, LambdaWorkload, type LambdaWorkloadProps, type SlotContext } from '../../constructs/workloads';
import { SlotStack } from '../../lib/slot-stack';
import { testApp } from '../test-app';

interface Given extends Partial<EnvironmentProps> {
  readonly colour?: Colour;
  readonly version?: string;
  readonly workload?: IWorkload;
}

const env = { account: '111111111111', region: 'eu-west-2' };

function lambda(props: Partial<LambdaWorkloadProps> = {}): LambdaWorkload {
  return new LambdaWorkload({ code: Code.fromInline('exports.handler = () => 1'), handler: 'index.handler', ...props });
}

function slot({ colour = Colour.blue(), version, workload = lambda(), ...props }: Given = {}, scope: Construct = testApp()): SlotStack {
  const environment = new Environment('Production', { env, ...props });
  const release = new Stage(scope, 'PaymentsRelease');
  return new SlotStack(release, 'ProductionBlue', { path: 'Payments', environment, colour, workload, version });
}

function templateOf(given: Given = {}): Template {
  return Template.fromStack(slot(given));
}

const header = (name: string, value: string) => ({ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: name, Values: [value] } });
const hiddenKey = (colour: string) => `{{resolve:secretsmanager:path-to-live/Payments/Production/hidden/${colour}:SecretString:::}}`;
const testKey = '{{resolve:secretsmanager:path-to-live/Payments/Production/test:SecretString:::}}';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const ALARM = 'AWS::CloudWatch::Alarm';

describe('the stack of a slot', () => {
  test('goes where its environment is, under a name made of path, environment and colour', () => {
    const stack = slot();
    expect([stack.stackName, stack.account, stack.region]).toEqual(['Payments-Production-Blue', '111111111111', 'eu-west-2']);
  });

  test('accepts the version it was synthesized for and no other, and has no default', () => {
    const template = templateOf({ version: '1.4.2' });
    const { AllowedValues, Default, Type } = template.findParameters('ReleaseVersion').ReleaseVersion as Record<string, unknown>;
    expect([AllowedValues, Default, Type]).toEqual([['1.4.2'], undefined, 'String']);
  });

  test('without a version is for "unreleased"', () => {
    expect(templateOf().findParameters('ReleaseVersion').ReleaseVersion?.AllowedValues).toEqual(['unreleased']);
  });

  test.each(['1', '1.4.2-rc.1_b', 'x'.repeat(40)])('takes the version %j', (version) => {
    expect(() => slot({ version })).not.toThrow();
  });

  test.each(['', ' 1', '-1', '1.4.2+3', 'x'.repeat(41)])('refuses the version %j', (version) => {
    expect(() => slot({ version })).toThrow(/PaymentsRelease\/ProductionBlue: the version of the release is .*path-to-live:ReleaseVersion/);
  });

  test('says in its metadata what it is', () => {
    expect(templateOf({ version: '1.4.2' }).toJSON().Metadata['path-to-live:slot']).toEqual({
      contract: 1,
      path: 'Payments',
      environment: 'Production',
      colour: 'blue',
      version: '1.4.2',
    });
  });

  test('puts out its target group, its alarms and its version', () => {
    const { Outputs } = templateOf().toJSON();
    expect(Outputs.TargetGroupArn.Value).toEqual({ Ref: 'SlotWorkloadTargetGroup82C05E7F' });
    expect(Outputs.Alarms.Value['Fn::Join'][1]).toEqual([
      { Ref: 'SlotAlarmsServerErrorsHTTPCodeTarget5XXCount2A1074CB' },
      ',',
      { Ref: 'SlotAlarmsServerErrorsLambdaUserError55D0203C' },
    ]);
    expect(Outputs.Version.Value).toEqual({ Ref: 'ReleaseVersion' });
    expect(Object.values(Outputs).some((output) => 'Export' in (output as object))).toBe(false);
  });

  test('differs between versions in nothing but the version', () => {
    const spelled = (version: string) => JSON.stringify(templateOf({ version }).toJSON()).replaceAll(version, 'VERSION');
    expect(spelled('1.4.2')).toBe(spelled('2.0.0'));
  });

  test('keeps its logical ids: whoever changes one replaces the resource in every environment', () => {
    expect(Object.keys(templateOf().toJSON().Resources).sort()).toEqual([
      'SlotAlarmsServerErrorsHTTPCodeTarget5XXCount2A1074CB',
      'SlotAlarmsServerErrorsLambdaUserError55D0203C',
      'SlotHiddenRule50B1B2F4',
      'SlotTestRuleBB5B87DD',
      'SlotWorkloadFunction920AE818',
      expect.stringMatching(/^SlotWorkloadFunctionInvoke/),
      'SlotWorkloadLogA5511586',
      'SlotWorkloadRole8B2B83AA',
      'SlotWorkloadRoleDefaultPolicy60F1F1A3',
      'SlotWorkloadTargetGroup82C05E7F',
    ]);
  });

  test('has the same logical ids for every colour', () => {
    const ids = (colour: Colour) => Object.keys(templateOf({ colour }).toJSON().Resources);
    expect(ids(Colour.blue())).toEqual(ids(Colour.green()));
  });

  test('holds no weight: whether users are served from here is not in a template', () => {
    expect(JSON.stringify(templateOf().toJSON())).not.toMatch(/weight/i);
  });
});

describe('the rules of a slot', () => {
  test('reach it by colour and key, one for tests and one for people', () => {
    const template = templateOf();
    template.resourceCountIs(RULE, 2);
    template.hasResourceProperties(RULE, {
      ListenerArn: '{{resolve:ssm:/path-to-live/Payments/Production/listener-arn}}',
      Priority: 100,
      Conditions: [header('x-path-to-live-slot', 'blue'), header('x-path-to-live-test', testKey)],
      Actions: [{ Type: 'forward', TargetGroupArn: { Ref: 'SlotWorkloadTargetGroup82C05E7F' } }],
    });
    template.hasResourceProperties(RULE, {
      Priority: 101,
      Conditions: [header('x-path-to-live-slot', 'blue'), header('x-path-to-live-key', hiddenKey('blue'))],
      Actions: [{ Type: 'forward', TargetGroupArn: { Ref: 'SlotWorkloadTargetGroup82C05E7F' } }],
    });
  });

  test.each([
    ['blue', Colour.blue(), 100],
    ['green', Colour.green(), 102],
    ['amber', Colour.named('amber'), 104],
  ])('have priorities of their own: %s', (_, colour, first) => {
    const template = templateOf({ colour, colours: [Colour.blue(), Colour.green(), Colour.named('amber')] });
    const priorities = Object.values(template.findResources(RULE)).map(({ Properties }) => Properties.Priority);
    expect(priorities).toEqual([first, first + 1]);
  });

  test('choose by host name where the environment has a domain; tests go on choosing by header', () => {
    const template = templateOf({ entrance: Entrance.newLoadBalancer({ domainName: 'pay.example.com' }) });
    template.hasResourceProperties(RULE, {
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['blue.pay.example.com'] } }, header('x-path-to-live-key', hiddenKey('blue'))],
    });
    template.hasResourceProperties(RULE, { Conditions: [header('x-path-to-live-slot', 'blue'), header('x-path-to-live-test', testKey)] });
  });

  test.each([
    [ShadowAccess.fromCidrs(['203.0.113.0/24']), [{ Field: 'source-ip', SourceIpConfig: { Values: ['203.0.113.0/24'] } }]],
    [ShadowAccess.open({ reason: 'a public demonstration' }), []],
  ])('let in whom the environment lets in', (shadowAccess, conditions) => {
    templateOf({ shadowAccess }).hasResourceProperties(RULE, { Priority: 101, Conditions: [header('x-path-to-live-slot', 'blue'), ...conditions] });
  });

  test('are refused twice on one listener', () => {
    const app = testApp();
    const stage = new Stage(app, 'PaymentsRelease');
    const props = { path: 'Payments', environment: new Environment('Production', { env }), colour: Colour.blue(), workload: lambda() };
    new SlotStack(stage, 'One', props);
    expect(() => new SlotStack(stage, 'Two', props)).toThrow(/the rule priority 100 is taken on the same listener by PaymentsRelease\/One\/Slot\/TestRule/);
  });
});

describe('the alarms of a slot', () => {
  const Dimensions = [
    { Name: 'LoadBalancer', Value: '{{resolve:ssm:/path-to-live/Payments/Production/load-balancer-full-name}}' },
    { Name: 'TargetGroup', Value: { 'Fn::GetAtt': ['SlotWorkloadTargetGroup82C05E7F', 'TargetGroupFullName'] } },
  ];

  test.each(['HTTPCode_Target_5XX_Count', 'LambdaUserError'])('count %s of its own target group, and tell the environment’s topic', (MetricName) => {
    templateOf({ healthGates: [HealthGate.alarms([HealthAlarm.serverErrors({ threshold: 3, period: Duration.minutes(2) })])] }).hasResourceProperties(ALARM, {
      Namespace: 'AWS/ApplicationELB',
      MetricName,
      Dimensions,
      Statistic: 'Sum',
      Threshold: 3,
      Period: 120,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: ['{{resolve:ssm:/path-to-live/Payments/Production/alarm-topic-arn}}'],
    });
  });

  test('measure how long it takes to answer', () => {
    const latency = HealthAlarm.latency({ threshold: Duration.millis(800), percentile: 'p95' });
    templateOf({ healthGates: [HealthGate.alarms([latency])] }).hasResourceProperties(ALARM, {
      MetricName: 'TargetResponseTime',
      Dimensions,
      ExtendedStatistic: 'p95',
      Threshold: 0.8,
      Period: 60,
    });
  });

  test('do not take one slow request for a slow version: two periods in a row, unless the team says otherwise', () => {
    const [usual, quick] = [HealthAlarm.latency({ threshold: Duration.seconds(1) }), HealthAlarm.latency({ threshold: Duration.seconds(1), periods: 1 })];
    const inARow = { EvaluationPeriods: 2, DatapointsToAlarm: Match.absent(), EvaluateLowSampleCountPercentile: Match.absent() };
    templateOf({ healthGates: [HealthGate.alarms([usual])] }).hasResourceProperties(ALARM, inARow);
    templateOf({ healthGates: [HealthGate.alarms([quick])] }).hasResourceProperties(ALARM, { EvaluationPeriods: 1 });
  });

  const errorRate = new MathExpression({
    period: Duration.minutes(1),
    expression: '100 * errors / requests',
    usingMetrics: { errors: SlotMetric.serverErrors(), requests: SlotMetric.requests() },
  });

  test('may be on an expression over metrics of the slot, and silence is no alarm', () => {
    templateOf({ healthGates: [HealthGate.alarms([HealthAlarm.metric('ErrorRate', errorRate, { atMost: 1, periods: 2 })])] }).hasResourceProperties(ALARM, {
      Metrics: [
        { Expression: '100 * errors / requests', Id: 'expr_1' },
        { Id: 'errors', ReturnData: false, MetricStat: { Metric: { MetricName: 'HTTPCode_Target_5XX_Count', Dimensions }, Period: 60, Stat: 'Sum' } },
        { Id: 'requests', ReturnData: false, MetricStat: { Metric: { MetricName: 'RequestCount', Dimensions }, Period: 60, Stat: 'Sum' } },
      ],
      Threshold: 1,
      EvaluationPeriods: 2,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: ['{{resolve:ssm:/path-to-live/Payments/Production/alarm-topic-arn}}'],
    });
  });

  test('may be on a metric of the team’s own, which names the slot by colour and version', () => {
    const orders = new Metric({
      namespace: 'Shop',
      metricName: 'Orders',
      dimensionsMap: { Colour: SlotMetric.colour(), Version: SlotMetric.version() },
      period: Duration.minutes(1),
    });
    templateOf({ version: '1.4.2', healthGates: [HealthGate.alarms([HealthAlarm.metric('Orders', orders, { atLeast: 3 })])] }).hasResourceProperties(ALARM, {
      Namespace: 'Shop',
      MetricName: 'Orders',
      Dimensions: [
        { Name: 'Colour', Value: 'blue' },
        { Name: 'Version', Value: '1.4.2' },
      ],
      Threshold: 3,
      ComparisonOperator: 'LessThanThreshold',
    });
  });

  test('may be of other alarms, which then tell nobody by themselves; its name is CloudFormation’s', () => {
    const slow = HealthAlarm.latency({ threshold: Duration.seconds(1) });
    const failing = HealthAlarm.anyOf('Broken', [HealthAlarm.serverErrors(), HealthAlarm.fromAlarmName('checkout')]);
    const template = templateOf({ healthGates: [HealthGate.alarms([HealthAlarm.allOf('SlowAndFailing', [slow, failing])])] });
    const { Resources, Outputs } = template.toJSON() as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
      Outputs: Record<string, { Value: unknown }>;
    };
    const composites = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::CompositeAlarm');
    const [inner = '', outer = ''] = [/BrokenComposite/, /AndFailingComposite/].map((name) => composites.find(([id]) => name.test(id))?.[0]);
    const spelled = (id: string) =>
      (Resources[id]?.Properties.AlarmRule as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1].map((part) =>
        typeof part === 'string' ? part : (part as { Ref: string }).Ref,
      );
    expect(
      spelled(inner)
        .join('')
        .replace(/[0-9A-F]{8}/g, '#'),
    ).toMatch(/^\(\(ALARM\("Slot\S+HTTPCodeTarget5XXCount\S+"\) OR ALARM\("Slot\S+LambdaUserError\S+"\)\) OR \(ALARM\("checkout"\)\)\)$/);
    expect(spelled(outer)).toContain(inner);
    expect(spelled(outer).join('')).toMatch(/\) AND \(/);
    expect(Resources[outer]?.Properties).toMatchObject({ AlarmActions: ['{{resolve:ssm:/path-to-live/Payments/Production/alarm-topic-arn}}'] });
    for (const { Type, Properties } of [Resources[inner], ...Object.values(Resources).filter((each) => each.Type === ALARM)] as (typeof Resources)[string][]) {
      expect([Type, Properties.AlarmActions, Properties.AlarmName]).toEqual([Type, undefined, undefined]);
    }
    expect(Outputs.Alarms?.Value).toEqual({ Ref: outer });
  });

  test('on a metric that names no slot look at the live version too, which is said once', () => {
    const everybody = new Metric({ namespace: 'Shop', metricName: 'Orders', period: Duration.minutes(1) });
    const warnings = (healthGates: HealthGate[], colour = Colour.blue()) =>
      Annotations.fromStack(slot({ colour, healthGates })).findWarning('*', Match.stringLikeRegexp('names no slot in its dimensions'));
    const both = [HealthGate.metric('Orders', everybody, { atLeast: 1 }), HealthGate.alarms([HealthAlarm.metric('Orders', everybody, { atLeast: 1 })])];
    expect(warnings(both)).toHaveLength(2);
    expect(warnings(both, Colour.green())).toEqual([]);
    expect(warnings([HealthGate.metric('ErrorRate', errorRate, { atMost: 1 })])).toEqual([]);
  });

  test('may be there already', () => {
    const template = templateOf({ healthGates: [HealthGate.alarms([HealthAlarm.fromAlarmName('checkout-conversion')])] });
    template.resourceCountIs(ALARM, 0);
    template.hasOutput('Alarms', { Value: 'checkout-conversion' });
  });

  test('are none where nothing is watched', () => {
    const template = templateOf({ healthGates: [HealthGate.none({ reason: 'a demonstration' })] });
    template.resourceCountIs(ALARM, 0);
    template.hasOutput('Alarms', { Value: '' });
  });

  test('count only answers where the workload does not say what counts', () => {
    const workload: IWorkload = {
      bind: () => ({ targetGroupArn: 'arn', targetGroupFullName: 'targetgroup/a/b' }),
      permissions: () => ({ deploy: [], run: [] }),
    };
    templateOf({ workload }).resourcePropertiesCountIs(ALARM, { MetricName: 'HTTPCode_Target_5XX_Count' }, 1);
    templateOf({ workload }).resourceCountIs(ALARM, 1);
  });

  test.each([
    ['server errors', HealthAlarm.serverErrors(), 60, 59, true],
    ['server errors', HealthAlarm.serverErrors(), 60, 60, false],
    ['latency', HealthAlarm.latency({ threshold: Duration.seconds(1) }), 120, 119, true],
    ['latency', HealthAlarm.latency({ threshold: Duration.seconds(1) }), 120, 120, false],
  ])('of %s may come too late for a bake: it looks at that many seconds', (_what, alarm, looksAt, seconds, warned) => {
    const stack = slot({ healthGates: [HealthGate.alarms([alarm])], traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(seconds) }) });
    const warnings = Annotations.fromStack(stack).findWarning(
      '*',
      Match.stringLikeRegexp(`bake time at 100 percent in Production is ${seconds} s, but an alarm looks at ${looksAt} s of traffic`),
    );
    expect(warnings).toHaveLength(warned ? 1 : 0);
  });

  test('too late for a bake is said once for an environment, and not for each of its slots', () => {
    const traffic = TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(59) });
    const stack = slot({ colour: Colour.green(), healthGates: [HealthGate.alarms([HealthAlarm.serverErrors()])], traffic });
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('bake time'))).toEqual([]);
  });
});

describe('the roles of a slot', () => {
  class Greedy implements IWorkload {
    bind(scope: Construct): { targetGroupArn: string; targetGroupFullName: string } {
      new User(scope, 'User', { path: '/elsewhere/' });
      new CfnResource(scope, 'RoleOfTheCdk', { type: 'AWS::IAM::Role', properties: { Path: '/' } });
      return lambda().bind(scope, { version: '1' } as SlotContext);
    }
    permissions() {
      return { deploy: [], run: [] };
    }
  }

  test('are all under the boundary and on the path of the environment, whoever makes them', () => {
    const template = templateOf({ workload: new Greedy() });
    const bounded = Object.values({ ...template.findResources('AWS::IAM::Role'), ...template.findResources('AWS::IAM::User') });
    expect(bounded).toHaveLength(3);
    for (const { Properties } of bounded) {
      expect(Properties.Path).toBe('/path-to-live/Payments/Production/');
      expect(Properties.PermissionsBoundary).toBe('arn:aws:iam::111111111111:policy/Payments-Production-slot-boundary');
    }
  });

  test('and everything else carries the tags the deploying role is limited by', () => {
    for (const type of ['AWS::Lambda::Function', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::Logs::LogGroup']) {
      templateOf().hasResourceProperties(type, {
        Tags: [
          { Key: 'path-to-live:environment', Value: 'Production' },
          { Key: 'path-to-live:path', Value: 'Payments' },
          { Key: 'path-to-live:slot', Value: 'blue' },
        ],
      });
    }
  });
});

describe('a function as workload', () => {
  test('knows which release, slot and environment it is, beside what it is given', () => {
    templateOf({ version: '1.4.2', workload: lambda({ environment: { TABLE: SharedValue.named('TableName') } }) }).hasResourceProperties(
      'AWS::Lambda::Function',
      {
        Environment: {
          Variables: {
            TABLE: { 'Fn::ImportValue': 'Payments-Production-Shared:TableName' },
            PATH_TO_LIVE_VERSION: '1.4.2',
            PATH_TO_LIVE_COLOUR: 'blue',
            PATH_TO_LIVE_ENVIRONMENT: 'Production',
          },
        },
        Handler: 'index.handler',
        MemorySize: 512,
        Timeout: 10,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: { Ref: 'SlotWorkloadLogA5511586' } },
      },
    );
  });

  test('has a log without a fixed name that outlives it, but not a first deployment that failed', () => {
    templateOf({ workload: lambda({ logRetention: RetentionDays.ONE_WEEK }) }).hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 7, LogGroupName: Match.absent() },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test.each([
    [undefined, { HealthCheckEnabled: Match.absent() }],
    ['/health', { HealthCheckEnabled: true, HealthCheckPath: '/health' }],
  ])('is asked for its health at %j', (healthCheckPath, properties) => {
    templateOf({ workload: lambda({ healthCheckPath }) }).hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetType: 'lambda',
      Name: Match.absent(),
      ...properties,
    });
  });

  const reads = () => new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [SharedValue.named('TableArn')] });
  const actionsOf = (statements: PolicyStatement[]) => statements.flatMap(({ actions }) => actions);
  const permissions = (stack: Stack) => lambda({ policy: [reads()] }).permissions(workloadPlaceOf(stack, 'Payments', new Environment('Production', { env })));

  test('may do what it says, and its boundary allows that', () => {
    const workload = lambda({ policy: [reads()] });
    const template = templateOf({ workload });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([{ Action: 'dynamodb:GetItem', Effect: 'Allow', Resource: { 'Fn::ImportValue': 'Payments-Production-Shared:TableArn' } }]),
      },
    });
    const granted = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action),
    );
    expect(actionsOf(permissions(slot()).run)).toEqual(expect.arrayContaining(granted));
  });

  test('asks for no wildcard action, and for every resource only where the service knows none', () => {
    const { deploy, run } = permissions(slot());
    const statements = [...deploy, ...run];
    expect(actionsOf(statements).filter((action) => action.includes('*'))).toEqual([]);
    const everything = statements.filter(({ resources }) => resources.includes('*'));
    expect(actionsOf(everything).filter((action) => !/:Describe|^xray:/.test(action))).toEqual([]);
  });

  test('can be deployed only under names, roles and tags of the environment’s slots', () => {
    const stack = slot();
    const statements = stack.resolve(permissions(stack).deploy.map((statement) => statement.toJSON()));
    const of = (sid: string) => statements.find(({ Sid }: { Sid: string }) => Sid === sid);
    const arn = (rest: string) => `arn:aws${rest}`;
    expect(of('Functions').Resource).toEqual([
      arn(':lambda:eu-west-2:111111111111:function:Payments-Production-Blue*'),
      arn(':lambda:eu-west-2:111111111111:function:Payments-Production-Green*'),
    ]);
    expect(of('FunctionRoles')).toMatchObject({
      Resource: arn(':iam::111111111111:role/path-to-live/Payments/Production/*'),
      Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    });
    expect(of('TargetGroupsToMake').Condition.StringEquals).toEqual({
      'aws:RequestTag/path-to-live:path': 'Payments',
      'aws:RequestTag/path-to-live:environment': 'Production',
    });
    expect(of('TargetGroupsMade').Condition.StringEquals).toEqual({
      'aws:ResourceTag/path-to-live:path': 'Payments',
      'aws:ResourceTag/path-to-live:environment': 'Production',
    });
  });
});
