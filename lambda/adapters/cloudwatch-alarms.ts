import { type CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { EnvironmentPlan } from '../contract';
import { measuredInWords } from '../domain/health/measured';
import type { Alarms, AlarmsFound, AlarmValues, Clock } from '../domain/ports';
import { alarmValues } from './alarm-values';
import type { ClientFor } from './client-for';
import { refusedOr } from './refused';

/** DescribeAlarms takes so many names in one call. */
const NAMES_A_CALL = 100;

/** CloudWatch's alarms, metric and composite ones. */
export class CloudWatchAlarms implements Alarms {
  constructor(
    private readonly clientFor: ClientFor<CloudWatchClient>,
    private readonly clock: Clock,
  ) {}

  async read(plan: EnvironmentPlan, names: readonly string[]): Promise<AlarmsFound> {
    const found = new Map<string, MetricAlarm>();
    for (let first = 0; first < names.length; first += NAMES_A_CALL) {
      const { MetricAlarms = [], CompositeAlarms = [] } = await this.clientFor(plan).send(
        new DescribeAlarmsCommand({
          AlarmNames: names.slice(first, first + NAMES_A_CALL),
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          MaxRecords: NAMES_A_CALL,
        }),
      );
      for (const alarm of [...MetricAlarms, ...CompositeAlarms]) found.set(alarm.AlarmName as string, alarm);
    }
    const firing = names.flatMap((name) => found.get(name) ?? []).filter(({ StateValue }) => StateValue === 'ALARM');
    return {
      firing: firing.map((alarm) => ({ alarm: alarm.AlarmName as string, reason: reasonOf(alarm), ...sinceOf(alarm) })),
      missing: names.filter((name) => !found.has(name)),
    };
  }

  async values(plan: EnvironmentPlan, name: string): Promise<AlarmValues | { readonly unknown: string }> {
    const client = this.clientFor(plan);
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm'] }));
    const [alarm] = MetricAlarms;
    if (!alarm) return { unknown: 'it is no alarm on a metric' };
    const found = await refusedOr(() => alarmValues(client, alarm, this.clock.now()));
    return 'error' in found ? { unknown: found.error } : found;
  }
}

/** Of its last change of state: other updates, of the reason for example, change another one. */
function sinceOf({ StateTransitionedTimestamp: since }: MetricAlarm): { readonly since?: string } {
  return since === undefined ? {} : { since: new Date(since).toISOString() };
}

function reasonOf(alarm: MetricAlarm): string {
  return measuredInWords({
    metric: alarm.MetricName,
    statistic: alarm.ExtendedStatistic ?? alarm.Statistic,
    periodSeconds: alarm.Period,
    comparison: alarm.ComparisonOperator,
    threshold: alarm.Threshold,
    reason: alarm.StateReason ?? 'no reason given',
    data: alarm.StateReasonData,
  });
}
