import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { EnvironmentPlan } from '../contract';
import type { Alarms } from '../domain/ports';
import type { ClientFor } from './client-for';

/** DescribeAlarms takes so many names in one call. */
const NAMES_A_CALL = 100;

/** CloudWatch's alarms, metric and composite ones. */
export class CloudWatchAlarms implements Alarms {
  constructor(private readonly clientFor: ClientFor<CloudWatchClient>) {}

  async read(plan: EnvironmentPlan, names: readonly string[]): Promise<{ firing: string[]; missing: string[] }> {
    const states = new Map<string, string | undefined>();
    for (let first = 0; first < names.length; first += NAMES_A_CALL) {
      const { MetricAlarms = [], CompositeAlarms = [] } = await this.clientFor(plan).send(
        new DescribeAlarmsCommand({
          AlarmNames: names.slice(first, first + NAMES_A_CALL),
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          MaxRecords: NAMES_A_CALL,
        }),
      );
      for (const { AlarmName, StateValue } of [...MetricAlarms, ...CompositeAlarms]) states.set(AlarmName as string, StateValue);
    }
    return { firing: names.filter((name) => states.get(name) === 'ALARM'), missing: names.filter((name) => !states.has(name)) };
  }
}
