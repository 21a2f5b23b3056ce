import { Duration } from 'aws-cdk-lib';
import fc from 'fast-check';
import { Colour } from '../../constructs/blue-green/colour';
import { TrafficStrategy } from '../../constructs/blue-green/traffic-strategy';
import { HealthAlarm } from '../../constructs/health/health-alarm';
import { HealthGate } from '../../constructs/health/health-gate';
import { PathToLiveError } from '../../constructs/private/errors';
import { refusal } from './refusal';

const minute = Duration.minutes(1);

describe('TrafficStrategy', () => {
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
    ['TrafficSteps', () => TrafficStrategy.steps([])],
    ['TrafficSteps', () => TrafficStrategy.steps([{ percent: 99, bakeTime: minute }])],
    ['BakeTime', () => TrafficStrategy.allAtOnce({ bakeTime: Duration.millis(500) })],
    ['BakeTime', () => TrafficStrategy.allAtOnce({ bakeTime: Duration.days(365) })],
  ])('refuses with %s', (code, act) => {
    expect(refusal(act).code).toBe(code);
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
