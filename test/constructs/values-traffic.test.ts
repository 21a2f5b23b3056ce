import { Duration, Stack, Token } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import fc from 'fast-check';
import { Colour } from '../../constructs/blue-green/colour';
import { type TrafficStepOptions, TrafficStrategy } from '../../constructs/blue-green/traffic-strategy';
import { EnvironmentTest } from '../../constructs/environments/environment-test';
import { HealthAlarm } from '../../constructs/health/health-alarm';
import { HealthGate } from '../../constructs/health/health-gate';
import { Inconclusive } from '../../constructs/health/inconclusive';
import { SlotMetric } from '../../constructs/health/slot-metric';
import { PathToLiveError } from '../../constructs/private/errors';
import { GoNoGo } from '../../constructs/release/go-no-go';
import { Party } from '../../constructs/release/party';
import { testApp } from '../test-app';
import { refusal } from './refusal';

const minute = Duration.minutes(1);

const authority = Party.of('Change authority', { members: ['arn:aws:iam::111111111111:role/authority'] });
const own = (given: Partial<TrafficStepOptions>) =>
  TrafficStrategy.steps([
    { percent: 10, bakeTime: minute, ...given },
    { percent: 100, bakeTime: minute },
  ]);

describe('TrafficStrategy', () => {
  test('steps may have tests and health gates of their own, and pause for a person', () => {
    const tests = [EnvironmentTest.http('/health', { timeout: minute })];
    const strategy = own({ tests, healthGates: [HealthGate.http('/orders')], pauseFor: GoNoGo.by(authority, { timeout: Duration.hours(2) }) });
    expect(strategy._bind()).toEqual([
      {
        percent: 10,
        bakeSeconds: 60,
        gates: [{ kind: 'http', path: '/orders', expectStatus: 200, timeoutSeconds: 5 }],
        tests: [tests[0]?._bind()],
        pause: { party: authority._bind(), timeoutSeconds: 7_200 },
      },
      { percent: 100, bakeSeconds: 60 },
    ]);
  });

  test.each([
    ['all at once', TrafficStrategy.allAtOnce(), [[100, 300]]],
    ['all at once, watched longer', TrafficStrategy.allAtOnce({ bakeTime: minute }), [[100, 60]]],
    [
      'a canary',
      TrafficStrategy.canary({ steps: [10, 50], bakeTime: minute }),
      [
        [10, 60],
        [50, 60],
        [100, 60],
      ],
    ],
    [
      'a line that does not divide 100',
      TrafficStrategy.linear({ percent: 40, every: minute }),
      [
        [40, 60],
        [80, 60],
        [100, 60],
      ],
    ],
    [
      'free steps',
      TrafficStrategy.steps([
        { percent: 1, bakeTime: Duration.days(364) },
        { percent: 100, bakeTime: Duration.seconds(0) },
      ]),
      [
        [1, 364 * 86_400],
        [100, 0],
      ],
    ],
  ])('%s', (_, strategy, steps) => {
    expect(strategy._bind().map(({ percent, bakeSeconds }) => [percent, bakeSeconds])).toEqual(steps);
  });

  test('whatever is asked for, a strategy that is not refused rises in whole percentages and ends at 100', () => {
    const asked = fc.oneof(
      fc.array(fc.integer({ min: -5, max: 105 }), { maxLength: 6 }).map((steps) => () => TrafficStrategy.canary({ steps, bakeTime: minute })),
      fc.integer({ min: -5, max: 105 }).map((percent) => () => TrafficStrategy.linear({ percent, every: minute })),
      fc
        .array(fc.oneof(fc.integer({ min: 0, max: 101 }), fc.double()), { maxLength: 6 })
        .map((steps) => () => TrafficStrategy.steps(steps.map((percent) => ({ percent, bakeTime: minute })))),
    );
    fc.assert(
      fc.property(asked, (make) => {
        let percents: number[];
        try {
          percents = make()
            ._bind()
            .map(({ percent }) => percent);
        } catch (error) {
          return error instanceof PathToLiveError;
        }
        const rises = percents.every((percent, index) => Number.isInteger(percent) && percent > (percents[index - 1] ?? 0));
        return rises && percents.at(-1) === 100;
      }),
    );
  });

  test.each([
    ['TrafficPercent', () => TrafficStrategy.canary({ steps: [0], bakeTime: minute })],
    ['TrafficPercent', () => TrafficStrategy.canary({ steps: [10, 100], bakeTime: minute })],
    ['TrafficPercent', () => TrafficStrategy.canary({ steps: [12.5], bakeTime: minute })],
    ['TrafficSteps', () => TrafficStrategy.canary({ steps: [], bakeTime: minute })],
    ['TrafficSteps', () => TrafficStrategy.canary({ steps: [50, 10], bakeTime: minute })],
    ['TrafficSteps', () => TrafficStrategy.canary({ steps: [10, 10], bakeTime: minute })],
    ['TrafficPercent', () => TrafficStrategy.linear({ percent: 0, every: minute })],
    ['TrafficPercent', () => TrafficStrategy.linear({ percent: 100, every: minute })],
    ['TrafficPercent', () => TrafficStrategy.steps([{ percent: 101, bakeTime: minute }])],
    ['TrafficSteps', () => TrafficStrategy.steps([50, 20, 100].map((percent) => ({ percent, bakeTime: minute })))],
    ['GateOfStep', () => own({ healthGates: [HealthGate.alarms([HealthAlarm.serverErrors()])] })],
    ['GateOfStep', () => own({ healthGates: [HealthGate.none({ reason: 'x' })] })],
    ['BakeTime', () => own({ bakeTime: Duration.seconds(0), healthGates: [HealthGate.http('/')] })],
    ['TestName', () => own({ tests: [EnvironmentTest.http('/health'), EnvironmentTest.http('/health')] })],
    ['BakeTime', () => own({ tests: [EnvironmentTest.http('/health', { timeout: Duration.seconds(60) })], bakeTime: Duration.seconds(59) })],
    ['PauseForNobody', () => own({ pauseFor: GoNoGo.none({ reason: 'x' }) })],
    ['TrafficSteps', () => TrafficStrategy.steps([])],
    ['TrafficSteps', () => TrafficStrategy.steps([{ percent: 99, bakeTime: minute }])],
    ['BakeTime', () => TrafficStrategy.allAtOnce({ bakeTime: Duration.millis(500) })],
    ['BakeTime', () => TrafficStrategy.allAtOnce({ bakeTime: Duration.days(365) })],
  ])('refuses with %s', (code, act) => {
    expect(refusal(act).code).toBe(code);
  });

  test.each([
    ['bakes', () => TrafficStrategy.allAtOnce({ bakeTime: Duration.minutes(-5) })],
    ['steps', () => TrafficStrategy.linear({ percent: 25, every: Duration.seconds(-1) })],
    ['time-outs', () => HealthGate.http('/', { timeout: Duration.millis(-1) })],
  ])('no %s of a negative duration: the CDK has none', (_, act) => {
    expect(act).toThrow(/Duration amounts cannot be negative/);
  });

  test('an error about steps shows all of them', () => {
    expect(refusal(() => TrafficStrategy.canary({ steps: [50, 10], bakeTime: minute })).message).toBe(
      'TrafficStrategy.canary: the steps [50,10,100] do not rise: 10 comes after 50; each step must be larger than the one before (path-to-live:TrafficSteps)',
    );
  });
});

describe('HealthGate', () => {
  test.each([
    [HealthGate.alarms([HealthAlarm.serverErrors()]), { kind: 'alarms', minimumRequests: 1 }],
    [HealthGate.alarms([HealthAlarm.fromAlarmName('checkout')], { minimumRequests: 0 }), { kind: 'alarms', minimumRequests: 0 }],
    [HealthGate.http('/health'), { kind: 'http', path: '/health', expectStatus: 200, timeoutSeconds: 5 }],
    [HealthGate.http('/', { expectStatus: 204, timeout: Duration.seconds(60) }), { kind: 'http', path: '/', expectStatus: 204, timeoutSeconds: 60 }],
    [HealthGate.none({ reason: 'x' }), undefined],
  ])('binds to its plan', (gate, plan) => {
    expect(gate._bind()).toEqual(plan);
  });

  test.each([
    ['GateWithoutAlarms', () => HealthGate.alarms([])],
    ['AlarmName', () => HealthGate.alarms([HealthAlarm.serverErrors(), HealthAlarm.serverErrors({ threshold: 1 })])],
    ['MinimumRequests', () => HealthGate.alarms([HealthAlarm.serverErrors()], { minimumRequests: -1 })],
    ['MinimumRequests', () => HealthGate.alarms([HealthAlarm.serverErrors()], { minimumRequests: 0.5 })],
    ['HttpPath', () => HealthGate.http('health')],
    ['HttpPath', () => HealthGate.http('/he alth')],
    ['HttpStatus', () => HealthGate.http('/', { expectStatus: 99 })],
    ['HttpStatus', () => HealthGate.http('/', { expectStatus: 600 })],
    ['HttpTimeout', () => HealthGate.http('/', { timeout: Duration.seconds(0) })],
    ['HttpTimeout', () => HealthGate.http('/', { timeout: Duration.seconds(61) })],
    ['ReasonMissing', () => HealthGate.none({ reason: '' })],
    ['AlarmThreshold', () => HealthAlarm.serverErrors({ threshold: 0 })],
    ['AlarmPeriod', () => HealthAlarm.serverErrors({ period: Duration.seconds(59) })],
    ['AlarmPeriod', () => HealthAlarm.serverErrors({ period: Duration.seconds(90) })],
    ['AlarmPeriod', () => HealthAlarm.serverErrors({ period: Duration.minutes(61) })],
    ['AlarmName', () => HealthAlarm.serverErrors({ name: 'server-errors' })],
    ['AlarmThreshold', () => HealthAlarm.latency({ threshold: Duration.millis(0) })],
    ['AlarmPeriods', () => HealthAlarm.latency({ threshold: minute, periods: 0 })],
    ['AlarmPeriods', () => HealthAlarm.latency({ threshold: minute, periods: 11 })],
    ['AlarmPeriods', () => HealthAlarm.latency({ threshold: minute, periods: 1.5 })],
    ['AlarmPercentile', () => HealthAlarm.latency({ threshold: minute, percentile: 'p100' })],
    ['AlarmPercentile', () => HealthAlarm.latency({ threshold: minute, percentile: 'average' })],
    ['MetricStatistic', () => SlotMetric.responseTime('p50x')],
    ['MetricStatistic', () => SlotMetric.responseTime('average')],
    ['MetricStatistic', () => SlotMetric.responseTime('')],
    ['AlarmName', () => HealthAlarm.fromAlarmName('a,b')],
    ['AlarmName', () => HealthAlarm.fromAlarmName('arn:aws:cloudwatch:eu-west-2:111111111111:alarm:x')],
  ])('refuses with %s', (code, act) => {
    expect(refusal(act).code).toBe(code);
  });

  test.each([
    ['a threshold of 1', () => HealthAlarm.serverErrors({ threshold: 1, period: Duration.minutes(60) })],
    ['a millisecond', () => HealthAlarm.latency({ threshold: Duration.millis(1), percentile: 'p99.99' })],
    ['ten periods', () => HealthAlarm.latency({ threshold: minute, periods: 10 })],
    ['a name of 255 characters', () => HealthAlarm.fromAlarmName('x'.repeat(255))],
  ])('takes %s', (_, act) => {
    expect(act).not.toThrow();
  });
});

describe('a health gate that measures', () => {
  const errorRate = new MathExpression({
    expression: '100 * errors / requests',
    usingMetrics: { errors: SlotMetric.serverErrors(), requests: SlotMetric.requests() },
  });
  const ofSlot = { TargetGroup: '{slot.targetGroup}', LoadBalancer: '{slot.loadBalancer}' };
  const minutely = { namespace: 'Shop', metricName: 'Orders', statistic: 'Sum', period: minute };
  const query = { namespace: 'AWS/ApplicationELB', dimensions: ofSlot, statistic: 'Sum' };

  test('binds a metric to its query', () => {
    const orders = new Metric({ ...minutely, period: Duration.minutes(5), dimensionsMap: { Version: SlotMetric.version(), Colour: SlotMetric.colour() } });
    expect(HealthGate.metric('Orders', orders, { atLeast: 3, minimumDatapoints: 2 })._bind()).toEqual({
      kind: 'metric',
      name: 'Orders',
      queries: [
        { id: 'judged_', namespace: 'Shop', metricName: 'Orders', statistic: 'Sum', dimensions: { Version: '{slot.version}', Colour: '{slot.colour}' } },
      ],
      periodSeconds: 300,
      atLeast: 3,
      minimumDatapoints: 2,
    });
  });

  test('binds an expression to what it is computed from, nested ones too', () => {
    const period = Duration.minutes(2);
    const nested = new MathExpression({ expression: 'rate + slow', usingMetrics: { rate: errorRate, slow: SlotMetric.responseTime() }, period });
    expect(HealthGate.metric('Trouble', nested, { atMost: 1 })._bind()).toEqual({
      kind: 'metric',
      name: 'Trouble',
      queries: [
        { id: 'judged_', expression: 'rate + slow' },
        { id: 'rate', expression: '100 * errors / requests' },
        { id: 'errors', ...query, metricName: 'HTTPCode_Target_5XX_Count' },
        { id: 'requests', ...query, metricName: 'RequestCount' },
        { id: 'slow', ...query, metricName: 'TargetResponseTime', statistic: 'p99' },
      ],
      periodSeconds: 120,
      atMost: 1,
      minimumDatapoints: 1,
    });
  });

  const gate = (given: object, metric = SlotMetric.requests()) => HealthGate.metric('Requests', metric, given);
  const many = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`m${index}`, SlotMetric.responseTime(`p${50 + index}`)]));
  const clash = new MathExpression({ expression: 'judged_ * 2', usingMetrics: { judged_: SlotMetric.requests() } });
  test.each([
    ['MetricLimits', () => gate({})],
    ['MetricLimits', () => gate({ atMost: Number.NaN })],
    ['MetricLimits', () => gate({ atMost: Number.POSITIVE_INFINITY })],
    ['MetricLimits', () => gate({ atMost: Token.asNumber({ Ref: 'Limit' }) })],
    ['MetricLimits', () => gate({ atLeast: 2, atMost: 1 })],
    ['MinimumDatapoints', () => gate({ atMost: 1, minimumDatapoints: 0 })],
    ['MinimumDatapoints', () => gate({ atMost: 1, minimumDatapoints: 1.5 })],
    ['MetricPeriod', () => gate({ atMost: 1 }, new Metric({ ...minutely, period: Duration.seconds(30) }))],
    ['MetricPeriod', () => gate({ atMost: 1 }, new Metric({ ...minutely, period: Duration.hours(2) }))],
    ['MetricTooLarge', () => HealthGate.metric('Many', new MathExpression({ expression: 'SUM(METRICS())', usingMetrics: many }), { atMost: 1 })],
    ['MetricIds', () => HealthGate.metric('Clash', clash, { atMost: 1 })],
    ['GateName', () => HealthGate.metric('error rate', SlotMetric.requests(), { atMost: 1 })],
    ['AlarmName', () => HealthAlarm.metric('error rate', SlotMetric.requests(), { atMost: 1 })],
    ['MetricLimits', () => HealthAlarm.metric('Requests', SlotMetric.requests(), {})],
    ['MetricLimits', () => HealthAlarm.metric('Requests', SlotMetric.requests(), { atLeast: 1, atMost: 2 })],
    ['AlarmPeriods', () => HealthAlarm.metric('Requests', SlotMetric.requests(), { atMost: 2, periods: 11 })],
    ['CompositeAlarm', () => HealthAlarm.allOf('Both', [HealthAlarm.serverErrors()])],
    ['AlarmName', () => HealthAlarm.anyOf('Both', [HealthAlarm.serverErrors(), HealthAlarm.serverErrors()])],
    ['AlarmName', () => HealthAlarm.anyOf('both', [HealthAlarm.serverErrors(), HealthAlarm.fromAlarmName('x')])],
  ])('refuses with %s', (code, act) => {
    expect(refusal(act).code).toBe(code);
  });

  test.each([
    ['the same limit twice', () => gate({ atLeast: 1, atMost: 1 })],
    ['no errors at all', () => gate({ atMost: 0 })],
    ['a negative limit', () => gate({ atLeast: -5 })],
    [
      'nine metrics and an expression',
      () =>
        HealthGate.metric('Nine', new MathExpression({ expression: 'SUM(METRICS())', usingMetrics: Object.fromEntries(Object.entries(many).slice(1)) }), {
          atMost: 1,
        }),
    ],
    [
      'an alarm of alarms of alarms',
      () => HealthAlarm.allOf('All', [HealthAlarm.anyOf('Any', [HealthAlarm.serverErrors(), HealthAlarm.fromAlarmName('x')]), HealthAlarm.fromAlarmName('y')]),
    ],
  ])('takes %s', (_, act) => {
    expect(act).not.toThrow();
  });
});

describe('what could not be told', () => {
  test('takes a release back, unless somebody is asked', () => {
    expect(Inconclusive.rollBack()._bind()).toBeUndefined();
    expect(Inconclusive.ask(GoNoGo.by(authority))._bind()).toEqual({ party: authority._bind(), timeoutSeconds: 3 * 86_400 });
    expect(refusal(() => Inconclusive.ask(GoNoGo.none({ reason: 'x' }))).code).toBe('AskNobody');
  });
});

describe('a health gate that is a function', () => {
  const judge = (id = 'Judge') =>
    new LambdaFunction(new Stack(testApp(), 'Gates'), id, { code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });

  test('is named for its construct, and may take 30 seconds', () => {
    const [byDefault, said] = [HealthGate.lambda(judge()), HealthGate.lambda(judge('j'), { name: 'Orders', timeout: Duration.seconds(240) })];
    expect(byDefault._bind()).toMatchObject({ kind: 'lambda', name: 'Judge', timeoutSeconds: 30 });
    expect(said._bind()).toMatchObject({ kind: 'lambda', name: 'Orders', timeoutSeconds: 240 });
  });

  test.each([
    ['GateName', () => HealthGate.lambda(judge('j'))],
    ['GateTimeout', () => HealthGate.lambda(judge(), { timeout: Duration.seconds(0) })],
    ['GateTimeout', () => HealthGate.lambda(judge(), { timeout: Duration.seconds(241) })],
  ])('refuses with %s', (code, act) => {
    expect(refusal(act).code).toBe(code);
  });
});

describe('Colour', () => {
  test.each([
    [Colour.blue(), 'blue'],
    [Colour.green(), 'green'],
    [Colour.named('turquoises'), 'turquoises'],
  ])('has a name', (colour, name) => {
    expect(colour.name).toBe(name);
  });

  test.each(['', 'Blue', 'sky-blue', 'x'.repeat(11), 'live', 'shadow', 'canary'])('refuses the name %j', (name) => {
    expect(refusal(() => Colour.named(name)).code).toBe('ColourName');
  });
});
