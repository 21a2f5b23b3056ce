import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { until } from './executions';
import type { Integ } from './integ';
import { ORDERS } from './orders';

/** Of the version that is live when somebody begins to count them; so it was for as long as anybody asks. */
const TIMEOUTS = 5;
const PERIODS = 15;
const EVERY_MS = 200;

/** Counts the orders that time out with the version that a user gets. */
export class Timeouts {
  private readonly client: CloudWatchClient;
  private readonly counting: Promise<void>;
  private isOver = false;

  /** @param others how many they are with other versions than the one that is live now */
  static async count(integ: Integ, url: string, others: Readonly<Record<string, number>>): Promise<Timeouts> {
    const timeouts = new Timeouts(integ, url, others);
    await until(
      () => timeouts.isRaised(),
      (isRaised) => isRaised,
    );
    return timeouts;
  }

  private constructor(
    integ: Integ,
    private readonly url: string,
    private readonly others: Readonly<Record<string, number>>,
  ) {
    this.client = new CloudWatchClient(integ.emulator.client);
    this.counting = this.count();
  }

  async isRaised(): Promise<boolean> {
    const { MetricAlarms = [] } = await this.client.send(new DescribeAlarmsCommand({ AlarmNames: [ORDERS.alarm] }));
    return MetricAlarms[0]?.StateValue === 'ALARM';
  }

  /** No more of them: the alarm falls silent. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.counting;
  }

  private async count(): Promise<void> {
    await this.put(Array.from({ length: PERIODS }, (_, before) => ({ before, value: TIMEOUTS })));
    for (; !this.isOver; await wait(EVERY_MS)) {
      const version = (await fetch(this.url)).headers.get('x-service-version') ?? '';
      const value = this.others[version] ?? TIMEOUTS;
      // A bake is shorter than a period here: what is seen in it is told of the whole period before, too.
      await this.put([
        { before: 0, value },
        { before: 1, value },
      ]);
    }
  }

  /** @param values each with the number of periods before now */
  private async put(values: readonly { readonly before: number; readonly value: number }[]): Promise<void> {
    const MetricData = values.map(({ before, value }) => ({
      MetricName: ORDERS.metric,
      Timestamp: new Date(Date.now() - before * ORDERS.periodSeconds * 1_000),
      Value: value,
      StorageResolution: 1,
    }));
    await this.client.send(new PutMetricDataCommand({ Namespace: ORDERS.namespace, MetricData }));
  }
}
