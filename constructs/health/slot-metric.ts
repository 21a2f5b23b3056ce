import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SLOT_VALUES } from '../../lambda/contract';
import { optional, requireKind } from '../kinds/kind';
import { STRING } from '../kinds/kinds';
import { requireMatch } from '../private/validate';

/** Those of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html that are of a duration, without ranges. */
const STATISTIC = /^(Average|Minimum|Maximum|(p|tm|wm)\d{1,2}(\.\d{1,10})?)$/;

/**
 * Metrics of one slot, for `HealthGate.metric` and `HealthAlarm.metric`, alone or in a `MathExpression`, whose period is five minutes unless it has one; and the values by which metrics of your own name a
 * slot. Which slot is meant is known when a release is in it.
 *
 * @example
 * const usingMetrics = { errors: SlotMetric.serverErrors(), requests: SlotMetric.requests() };
 * const failed = new MathExpression({ expression: '100 * errors / requests', usingMetrics, period: Duration.minutes(1) });
 * HealthGate.metric('FailedRequests', failed, { atMost: 1 });
 */
export class SlotMetric {
  /** Requests that the slot was sent, of the load balancer's own count. The sum of a minute. */
  static requests(): Metric {
    return ofLoadBalancer('RequestCount', 'Sum');
  }

  /** Requests that the slot answered with 5xx. The sum of a minute. */
  static serverErrors(): Metric {
    return ofLoadBalancer('HTTPCode_Target_5XX_Count', 'Sum');
  }

  /** Requests that the slot's function failed: those have no answer that could be a 5xx. The sum of a minute. */
  static functionErrors(): Metric {
    return ofLoadBalancer('LambdaUserError', 'Sum');
  }

  /**
   * Seconds until the slot answered, of a minute.
   *
   * @param statistic for example `p99`, `tm95` or `Average`; `p99` without one
   * @throws PathToLiveError `MetricStatistic` when CloudWatch has no such statistic of a duration
   */
  static responseTime(statistic?: string): Metric {
    requireKind('SlotMetric.responseTime', 'statistic', statistic, optional(STRING));
    if (statistic !== undefined) {
      const subject = { code: 'MetricStatistic', where: 'SlotMetric.responseTime', what: 'the statistic' };
      requireMatch(subject, statistic, STATISTIC, 'Average, Minimum, Maximum, a percentile such as "p99" or "p99.9", or a trimmed mean such as "tm95"');
    }
    return ofLoadBalancer('TargetResponseTime', statistic ?? 'p99');
  }

  /** Stands for the slot's colour in a dimension, for example `blue`. */
  static colour(): string {
    return SLOT_VALUES.colour;
  }

  /** Stands for the version in the slot in a dimension, for example `1.4.2`. */
  static version(): string {
    return SLOT_VALUES.version;
  }

  /** Stands for the full name of the slot's target group in a dimension: `targetgroup/…`. */
  static targetGroup(): string {
    return SLOT_VALUES.targetGroup;
  }

  /** Stands for the full name of the environment's load balancer in a dimension: `app/…`. */
  static loadBalancer(): string {
    return SLOT_VALUES.loadBalancer;
  }

  private constructor() {}
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
function ofLoadBalancer(metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/ApplicationELB',
    metricName,
    dimensionsMap: { TargetGroup: SLOT_VALUES.targetGroup, LoadBalancer: SLOT_VALUES.loadBalancer },
    statistic,
    period: Duration.minutes(1),
  });
}
