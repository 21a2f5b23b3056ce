import { Duration } from 'aws-cdk-lib';
import { Alarm, AlarmRule, CfnCompositeAlarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { SlotValue } from '../../lambda/contract';
import { listOf, requireKind } from '../kinds/kind';
import { made, STRING } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { firstRepeated, requireMatch, requireSeconds, requireWhole } from '../private/validate';
import { LATENCY, type LatencyOptions, SERVER_ERRORS, type ServerErrorsOptions } from './alarm-options';
import { type Limits, type MetricAlarmOptions, requireAlarmOptions, requireHealthName } from './metric-limits';
import { type MetricQueries, metricOfSlot, queriesOf } from './metric-queries';

/**
 * What an alarm of a slot looks at, and whom it tells.
 *
 * @internal
 */
export interface WatchedTarget {
  readonly colour: string;
  /** The release's version. */
  readonly version: string;
  /** Full names, as the dimensions of the metrics want them: `targetgroup/…`, `app/…`. */
  readonly targetGroupFullName: string;
  readonly loadBalancerFullName: string;
  /** Metrics of the target group that count requests the slot failed. */
  readonly errorMetrics: readonly string[];
  /** @default - it tells nobody, and is part of another alarm */
  readonly alarmTopicArn?: string;
}

/**
 * A CloudWatch alarm that fails a release while its slot takes live traffic. It looks at the slot's own target group, never at the
 * whole listener: the other version's errors are not this version's fault.
 *
 * Silence is no alarm; that there were requests at all is what a gate's `minimumRequests` asks for.
 *
 * @example
 * HealthGate.alarms([HealthAlarm.serverErrors({ threshold: 3 }), HealthAlarm.latency({ threshold: Duration.millis(800) })]);
 */
export abstract class HealthAlarm {
  /** Requests the slot answered with 5xx, or, where it is a function, that the function failed. */
  static serverErrors(options: ServerErrorsOptions = {}): HealthAlarm {
    return new ServerErrors(options);
  }

  /**
   * How long the slot took to answer: raised when it was too slow in two periods in a row.
   *
   * Of few requests a percentile is the slowest one: one start of a function would be a p99 above any threshold. CloudWatch can leave percentiles of
   * few samples out (`EvaluateLowSampleCountPercentile`: `ignore`), but for a p99 that is every period with fewer than 1,000 requests, and the alarm then
   * stays as it was, raised ones too: a canary would not be watched. Hence periods in a row, which a first request cannot make and a slow version does,
   * however few ask for it: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html,
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html. Bake for at least as long; synth warns.
   */
  static latency(options: LatencyOptions): HealthAlarm {
    return new Latency(options);
  }

  /**
   * An alarm on any metric of the slot, or on an expression over metrics, in the environment's account and region. Silence is no alarm.
   *
   * @param name 1-40 letters and digits in PascalCase; part of a logical id
   * @param metric with a period of whole minutes, 1-60; `SlotMetric` names the slot in it
   */
  static metric(name: string, metric: IMetric, options: MetricAlarmOptions): HealthAlarm {
    return new MetricAlarm(name, metric, options);
  }

  /**
   * Raised while every one of the others is: a composite alarm, which alone tells of them. For signs that mean something only together.
   *
   * @param name 1-40 letters and digits in PascalCase; part of a logical id
   * @param alarms at least two; an alarm that looks at several metrics counts when one of them raises it
   */
  static allOf(name: string, alarms: HealthAlarm[]): HealthAlarm {
    return new CompositeAlarm('HealthAlarm.allOf', name, alarms, 'allOf');
  }

  /** Raised while any of the others is; see `allOf`. To put into an `allOf`: a gate fails on any of its alarms anyway. */
  static anyOf(name: string, alarms: HealthAlarm[]): HealthAlarm {
    return new CompositeAlarm('HealthAlarm.anyOf', name, alarms, 'anyOf');
  }

  /**
   * An alarm you have already, in the environment's account and region. It is read after each bake; to stop a bake while it runs,
   * add the environment's alarm topic to its actions.
   */
  static fromAlarmName(alarmName: string): HealthAlarm {
    return new ExistingAlarm(alarmName);
  }

  /**
   * Unique within a gate.
   *
   * @internal
   */
  abstract readonly _name: string;

  /**
   * Seconds of traffic it looks at before it can be raised; undefined when not known.
   *
   * @internal
   */
  abstract readonly _windowSeconds: number | undefined;

  /**
   * @internal
   * @returns names of alarms
   */
  abstract _bind(scope: Construct, target: WatchedTarget): string[];

  /**
   * What it measures that is a team's own.
   *
   * @internal
   */
  _measures(): readonly { readonly alarm: string; readonly queries: MetricQueries }[] {
    return [];
  }

  /**
   * Whether it looks at other alarms.
   *
   * @internal
   */
  get _isComposite(): boolean {
    return false;
  }
}

const NAMESPACE = 'AWS/ApplicationELB';

class ServerErrors extends HealthAlarm {
  readonly _name: string;
  readonly _windowSeconds: number;
  private readonly threshold: number;

  constructor(options: ServerErrorsOptions) {
    super();
    const where = 'HealthAlarm.serverErrors';
    requireKind(where, 'options', options, SERVER_ERRORS);
    this._name = requireHealthName('AlarmName', where, options.name ?? 'ServerErrors');
    this._windowSeconds = requirePeriod(where, options.period);
    this.threshold = options.threshold ?? 5;
    requireWhole({ code: 'AlarmThreshold', where, what: 'the threshold' }, this.threshold, 1, 1_000_000);
  }

  _bind(scope: Construct, target: WatchedTarget): string[] {
    const group = new Construct(scope, this._name);
    return target.errorMetrics.map((metricName) => {
      const metric = new Metric({
        namespace: NAMESPACE,
        metricName,
        dimensionsMap: dimensions(target),
        statistic: 'Sum',
        period: Duration.seconds(this._windowSeconds),
      });
      return raise(group, metricName.replace(/[^A-Za-z0-9]/g, ''), { metric, threshold: this.threshold, periods: 1, topicArn: target.alarmTopicArn });
    });
  }
}

class Latency extends HealthAlarm {
  readonly _name: string;
  readonly _windowSeconds: number;
  private readonly percentile: string;
  private readonly periods: number;
  private readonly periodSeconds: number;
  private readonly thresholdSeconds: number;

  constructor(options: LatencyOptions) {
    super();
    const where = 'HealthAlarm.latency';
    requireKind(where, 'options', options, LATENCY);
    this._name = requireHealthName('AlarmName', where, options.name ?? 'Latency');
    this.periodSeconds = requirePeriod(where, options.period);
    this.periods = options.periods ?? 2;
    requireWhole({ code: 'AlarmPeriods', where, what: 'the number of periods' }, this.periods, 1, 10);
    this._windowSeconds = this.periods * this.periodSeconds;
    this.percentile = options.percentile ?? 'p99';
    requireMatch({ code: 'AlarmPercentile', where, what: 'the percentile' }, this.percentile, /^p[1-9]\d(\.\d{1,2})?$/, 'from "p10" to "p99.99"');
    const millis = options.threshold.toMilliseconds();
    requireWhole({ code: 'AlarmThreshold', where, what: 'the threshold in milliseconds' }, millis, 1, 4_000_000);
    this.thresholdSeconds = millis / 1000;
  }

  _bind(scope: Construct, target: WatchedTarget): string[] {
    const metric = new Metric({
      namespace: NAMESPACE,
      metricName: 'TargetResponseTime',
      dimensionsMap: dimensions(target),
      statistic: this.percentile,
      period: Duration.seconds(this.periodSeconds),
    });
    return [raise(scope, this._name, { metric, threshold: this.thresholdSeconds, periods: this.periods, topicArn: target.alarmTopicArn })];
  }
}

class MetricAlarm extends HealthAlarm {
  readonly _name: string;
  readonly _windowSeconds: number;
  private readonly limits: Limits;
  private readonly periods: number;
  private readonly queries: MetricQueries;

  constructor(
    name: string,
    private readonly metric: IMetric,
    options: MetricAlarmOptions,
  ) {
    super();
    const where = 'HealthAlarm.metric';
    requireKind(where, 'name', name, STRING);
    this._name = requireHealthName('AlarmName', where, name);
    this.queries = queriesOf(where, metric);
    const { periods, ...limits } = requireAlarmOptions(where, options);
    [this.limits, this.periods] = [limits, periods];
    this._windowSeconds = periods * this.queries.periodSeconds;
  }

  _bind(scope: Construct, target: WatchedTarget): string[] {
    const { atMost, atLeast } = this.limits;
    return [
      raise(scope, this._name, {
        metric: metricOfSlot(this.metric, valuesOf(target)),
        threshold: (atMost ?? atLeast) as number,
        comparison: atMost === undefined ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
        periods: this.periods,
        topicArn: target.alarmTopicArn,
      }),
    ];
  }

  override _measures(): readonly { readonly alarm: string; readonly queries: MetricQueries }[] {
    return [{ alarm: this._name, queries: this.queries }];
  }
}

/** The same kind as what is made of it: it is asked for when the class is there. */
const alarmsKind = () => listOf(made(HealthAlarm, 'HealthAlarm.serverErrors()'));

class CompositeAlarm extends HealthAlarm {
  readonly _name: string;
  readonly _windowSeconds: number | undefined;

  constructor(
    where: string,
    name: string,
    private readonly alarms: readonly HealthAlarm[],
    private readonly join: 'allOf' | 'anyOf',
  ) {
    super();
    requireKind(where, 'name', name, STRING);
    requireKind(where, 'alarms', alarms, alarmsKind());
    this._name = requireHealthName('AlarmName', where, name);
    requireWhole({ code: 'CompositeAlarm', where, what: 'the number of alarms' }, alarms.length, 2, 20);
    const repeated = firstRepeated(alarms.map((alarm) => alarm._name));
    if (repeated !== undefined) {
      throw new PathToLiveError('AlarmName', where, `two alarms are named ${JSON.stringify(repeated)}; give one of them another name`);
    }
    const windows = alarms.map((alarm) => alarm._windowSeconds ?? 0);
    this._windowSeconds = Math.max(...windows);
  }

  _bind(scope: Construct, target: WatchedTarget): string[] {
    const group = new Construct(scope, this._name);
    const alone = { ...target, alarmTopicArn: undefined };
    // By name: CloudWatch takes both, and of an alarm that somebody has there is no more. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
    const parts = this.alarms.map((alarm) => AlarmRule.anyOf(...alarm._bind(group, alone).map((name) => AlarmRule.fromString(`ALARM("${name}")`))));
    // Not the CDK's own: that one gives it a fixed name, and a slot's stack may have none.
    const alarm = new CfnCompositeAlarm(group, 'Composite', {
      alarmRule: AlarmRule[this.join](...parts).renderAlarmRule(),
      alarmActions: target.alarmTopicArn === undefined ? undefined : [target.alarmTopicArn],
    });
    return [alarm.ref];
  }

  override _measures(): readonly { readonly alarm: string; readonly queries: MetricQueries }[] {
    return this.alarms.flatMap((alarm) => alarm._measures());
  }

  override get _isComposite(): boolean {
    return true;
  }
}

class ExistingAlarm extends HealthAlarm {
  readonly _windowSeconds = undefined;

  constructor(readonly _name: string) {
    super();
    requireMatch(
      { code: 'AlarmName', where: 'HealthAlarm.fromAlarmName', what: 'the name of the alarm' },
      _name,
      // a comma would tear apart the list of alarms a slot's stack puts out
      /^[^,]{1,255}$/,
      'the name of a CloudWatch alarm, 1-255 characters without a comma, not its ARN',
    );
    requireMatch(
      { code: 'AlarmName', where: 'HealthAlarm.fromAlarmName', what: 'the name of the alarm' },
      _name,
      /^(?!arn:)/,
      'a name, not an ARN: the alarm is looked up in the environment’s account and region',
    );
  }

  _bind(): string[] {
    return [this._name];
  }
}

function dimensions(target: WatchedTarget): Record<string, string> {
  return { TargetGroup: target.targetGroupFullName, LoadBalancer: target.loadBalancerFullName };
}

/** A slot as metrics name it. */
function valuesOf({ colour, version, targetGroupFullName: targetGroup, loadBalancerFullName: loadBalancer }: WatchedTarget): Record<SlotValue, string> {
  return { colour, version, targetGroup, loadBalancer };
}

interface Raised {
  readonly metric: IMetric;
  readonly threshold: number;
  /** @default - it is raised by the threshold, and by more */
  readonly comparison?: ComparisonOperator;
  /** In a row. */
  readonly periods: number;
  /** @default - it tells nobody */
  readonly topicArn?: string;
}

function raise(scope: Construct, id: string, { metric, threshold, comparison, periods, topicArn }: Raised): string {
  const alarm = new Alarm(scope, id, {
    metric,
    threshold,
    evaluationPeriods: periods,
    comparisonOperator: comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  if (topicArn !== undefined) alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) });
  return alarm.alarmName;
}

/** @returns seconds */
function requirePeriod(where: string, period = Duration.minutes(1)): number {
  const seconds = requireSeconds({ code: 'AlarmPeriod', where, what: 'the period' }, period, 60, 3600);
  requireWhole({ code: 'AlarmPeriod', where, what: 'the period in minutes' }, seconds / 60, 1, 60);
  return seconds;
}
