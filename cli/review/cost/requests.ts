import { functionsOf } from '../read/functions';
import type { ReviewedPath } from '../read/reviewed-path';
import type { Prices } from './prices';
import type { Line } from './quantities';
import { invocations } from './standing';

/** What a load balancer capacity unit holds, https://aws.amazon.com/elasticloadbalancing/pricing/; rules are left out, the first ten are free. */
const LCU = { newConnections: 25, gbPerHour: 1, gbPerHourOfFunctions: 0.4 };

/** What users' requests cost in the last environment, a month, at a steady rate. */
export function requestLines(reviewed: ReviewedPath, { assumptions }: Prices, requestsPerSecond: number): Line[] {
  const { plans, stacks } = reviewed;
  const last = plans.at(-1)?.environment;
  const slot = stacks.find(({ kind, environment }) => kind === 'slot' && environment === last);
  const served = functionsOf(reviewed).filter(({ stack }) => stack === slot);
  const { hoursPerMonth, requestMilliseconds, requestLogKb, requestsPerConnection, requestKb, sampledTraces } = assumptions;
  const requests = requestsPerSecond * 3600 * hoursPerMonth.value;
  const gbPerHour = (requestsPerSecond * 3600 * requestKb.value) / 1_000_000;
  const units = Math.max(
    requestsPerSecond / requestsPerConnection.value / LCU.newConnections,
    gbPerHour / (served.length > 0 ? LCU.gbPerHourOfFunctions : LCU.gbPerHour),
  );
  const memoryMb = Math.max(0, ...served.map((one) => one.memoryMb));
  return [
    { price: 'lcuHour', what: 'load balancer capacity', quantity: units * hoursPerMonth.value },
    ...(served.length === 0
      ? []
      : [
          ...invocations('the workload', requests, (requests * requestMilliseconds.value) / 1000, memoryMb),
          { price: 'logGb' as const, what: 'the workload’s logs', quantity: (requests * requestLogKb.value) / 1_000_000 },
          // The first request of each second is recorded, and a share of the rest.
          {
            price: 'trace' as const,
            what: 'traces',
            quantity: (Math.min(1, requestsPerSecond) + sampledTraces.value * Math.max(0, requestsPerSecond - 1)) * 3600 * hoursPerMonth.value,
          },
        ]),
  ];
}
