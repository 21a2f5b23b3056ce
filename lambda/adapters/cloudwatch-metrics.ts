import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery, type MetricDataResult, type StandardUnit } from '@aws-sdk/client-cloudwatch';
import { type EnvironmentPlan, type MetricGatePlan, type MetricQueryPlan, ofSlot, type SlotValue } from '../contract';
import { Conflict } from '../domain/errors';
import type { Clock, FrontDoors, MeasuredSlot, Metrics } from '../domain/ports';
import type { ClientFor } from './client-for';
import { loadBalancerName, targetGroupName } from './metric-names';

/** CloudWatch answers so many data points in one call, https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html. */
const MAX_DATAPOINTS = 100_800;

/** Metrics of any namespace, and expressions over them, in the environment's account. */
export class CloudWatchMetrics implements Metrics {
  constructor(
    private readonly clientFor: ClientFor<CloudWatchClient>,
    private readonly frontDoors: FrontDoors,
    private readonly clock: Clock,
  ) {}

  /** A period that is half over is left out: half a sum is below every lower limit. */
  async values(plan: EnvironmentPlan, gate: MetricGatePlan, slot: MeasuredSlot, since: string): Promise<readonly number[]> {
    const period = gate.periodSeconds * 1_000;
    const start = Math.ceil(Date.parse(since) / period) * period;
    const end = Math.floor(Date.parse(this.clock.now()) / period) * period;
    const [judged] = gate.queries;
    if (end <= start || judged === undefined) return [];
    const { loadBalancerArn } = await this.frontDoors.read(plan);
    const { colour, version, targetGroupArn } = slot;
    const names = { colour, version, targetGroup: targetGroupName(targetGroupArn), loadBalancer: loadBalancerName(loadBalancerArn) };
    const queries = gate.queries.map((query) => queryOf(query, gate.periodSeconds, names, query.id === judged.id));
    const found = (await this.answers(plan, queries, new Date(start), new Date(end))).filter(({ Id }) => Id === judged.id);
    const unable = found.find(({ StatusCode }) => StatusCode === 'InternalError' || StatusCode === 'Forbidden');
    if (unable) throw new Conflict(`CloudWatch could not compute it: ${inWords(unable)}`);
    return found.flatMap(({ Values = [] }) => Values);
  }

  private async answers(plan: EnvironmentPlan, MetricDataQueries: MetricDataQuery[], StartTime: Date, EndTime: Date): Promise<MetricDataResult[]> {
    const found: MetricDataResult[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.clientFor(plan).send(
        new GetMetricDataCommand({ MetricDataQueries, StartTime, EndTime, ScanBy: 'TimestampAscending', MaxDatapoints: MAX_DATAPOINTS, NextToken }),
      );
      found.push(...(page.MetricDataResults ?? []));
      NextToken = page.NextToken;
    } while (NextToken);
    return found;
  }
}

function queryOf(query: MetricQueryPlan, Period: number, names: Readonly<Record<SlotValue, string>>, ReturnData: boolean): MetricDataQuery {
  const { id: Id } = query;
  if ('expression' in query) return { Id, Expression: query.expression, Period, ReturnData };
  const Dimensions = Object.entries(query.dimensions).map(([Name, value]) => ({ Name, Value: ofSlot(value, names) }));
  const Metric = { Namespace: query.namespace, MetricName: query.metricName, Dimensions };
  const Unit = query.unit === undefined ? {} : { Unit: query.unit as StandardUnit };
  return { Id, MetricStat: { Metric, Period, Stat: query.statistic, ...Unit }, ReturnData };
}

function inWords({ StatusCode, Messages = [] }: MetricDataResult): string {
  return [StatusCode, ...Messages.map(({ Value }) => Value)].join(': ');
}
