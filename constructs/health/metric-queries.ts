import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, type MetricStatConfig } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricQueryPlan, ofSlot, SLOT_VALUES, type SlotValue } from '../../lambda/contract';
import { requireKind } from '../kinds/kind';
import { able } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { isKnown, requireWhole } from '../private/validate';

/** A metric or an expression over metrics. */
export const METRIC = able('a metric of CloudWatch, for example SlotMetric.requests() or new MathExpression(…)', 'toMetricConfig');

/** An alarm looks at so many metrics and expressions at most, https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html; a gate too. */
const MOST_QUERIES = 10;

/** A metric as queries: the first is what it gives, the others are what that is computed from. */
export interface MetricQueries {
  readonly queries: readonly MetricQueryPlan[];
  readonly periodSeconds: number;
  /** Of metrics that are read from somewhere in particular. */
  readonly places: readonly { readonly account?: string; readonly region?: string }[];
  /** Whether any of it says which slot is meant. */
  readonly isOfSlot: boolean;
}

/**
 * What CloudWatch is asked for a metric.
 *
 * @param where for example `HealthGate.metric`
 * @throws PathToLiveError
 */
export function queriesOf(where: string, metric: IMetric): MetricQueries {
  requireKind(where, 'metric', metric, METRIC);
  const found = new Map<string, MetricQueryPlan>();
  const places: MetricQueries['places'][number][] = [];
  const periodSeconds = periodOf(where, metric);
  collect(where, ROOT, metric, found, places);
  const [root, ...others] = [...found.values()];
  if (found.size > MOST_QUERIES) {
    throw new PathToLiveError(
      'MetricTooLarge',
      where,
      `the metric is made of ${found.size} metrics and expressions; CloudWatch judges at most ${MOST_QUERIES} together`,
    );
  }
  return { queries: [root as MetricQueryPlan, ...others], periodSeconds, places, isOfSlot: [...found.values()].some(namesSlot) };
}

/** Id of what is judged. */
const ROOT = 'judged_';

function collect(where: string, id: string, metric: IMetric, found: Map<string, MetricQueryPlan>, places: MetricQueries['places'][number][]): void {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (mathExpression) {
    const { expression, usingMetrics, searchAccount, searchRegion } = mathExpression;
    if (searchAccount !== undefined || searchRegion !== undefined) places.push({ account: searchAccount, region: searchRegion });
    keep(where, found, { id, expression });
    for (const [name, used] of Object.entries(usingMetrics)) collect(where, name, used, found, places);
    return;
  }
  if (!metricStat)
    throw new PathToLiveError('MetricKind', where, 'the metric is neither a metric nor an expression over metrics; give a Metric or a MathExpression');
  const { namespace, metricName, statistic, unitFilter, account, region } = metricStat;
  places.push({ account, region });
  keep(where, found, { id, namespace, metricName, dimensions: dimensionsOf(metricStat), statistic, ...(unitFilter !== undefined && { unit: unitFilter }) });
}

/** That ids within an expression are different, the CDK sees to. */
function keep(where: string, found: Map<string, MetricQueryPlan>, query: MetricQueryPlan): void {
  if (query.id === ROOT && found.size > 0) {
    throw new PathToLiveError(
      'MetricIds',
      where,
      `a metric of the expression has the id ${JSON.stringify(ROOT)}, which stands for the whole; give it another id in usingMetrics`,
    );
  }
  found.set(query.id, query);
}

function dimensionsOf({ dimensions = [] }: MetricStatConfig): Record<string, string> {
  return Object.fromEntries(dimensions.map(({ name, value }) => [name, String(value)]));
}

function namesSlot(query: MetricQueryPlan): boolean {
  return 'dimensions' in query && Object.values(query.dimensions).some((value) => Object.values(SLOT_VALUES).some((standIn) => value.includes(standIn)));
}

/** In seconds, whole minutes: what a load balancer counts it publishes once a minute. */
function periodOf(where: string, metric: IMetric): number {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  const seconds = metricStat?.period.toSeconds() ?? mathExpression?.period ?? 0;
  requireWhole({ code: 'MetricPeriod', where, what: 'the period of the metric in minutes' }, seconds / 60, 1, 60);
  return seconds;
}

/** The same metric with a slot in place of what stands for it. */
export function metricOfSlot(metric: IMetric, slot: Readonly<Record<SlotValue, string>>): IMetric {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (mathExpression) {
    const { expression, usingMetrics, period } = mathExpression;
    const used = Object.entries(usingMetrics).map(([name, each]) => [name, metricOfSlot(each, slot)] as const);
    return new MathExpression({ expression, usingMetrics: Object.fromEntries(used), period: Duration.seconds(period) });
  }
  const { namespace, metricName, statistic, unitFilter, period } = metricStat as MetricStatConfig;
  const dimensionsMap = Object.fromEntries(Object.entries(dimensionsOf(metricStat as MetricStatConfig)).map(([name, value]) => [name, ofSlot(value, slot)]));
  return new Metric({ namespace, metricName, dimensionsMap, statistic, unit: unitFilter, period });
}

/**
 * That a metric is where its environment is: what is measured elsewhere is not the slot.
 *
 * @param what for example `the metric of the health gate "ErrorRate"`
 * @throws PathToLiveError
 */
export function requireMeasuredIn(place: { readonly account: string; readonly region: string }, where: string, what: string, { places }: MetricQueries): void {
  for (const { account = place.account, region = place.region } of places) {
    if ((isKnown(account) && account !== place.account) || (isKnown(region) && region !== place.region)) {
      throw new PathToLiveError(
        'MetricElsewhere',
        where,
        `${what} is of ${account}/${region}; it must be of ${place.account}/${place.region}: a slot is measured where it is`,
      );
    }
  }
}
