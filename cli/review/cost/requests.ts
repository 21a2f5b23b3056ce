import { resourcesOf } from '../../../permissions';
import { functionsBehind, functionsOf, type ReviewedFunction } from '../read/functions';
import type { ReviewedPath, ReviewedStack } from '../read/reviewed-path';
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
  const served = slot === undefined ? [] : serving(reviewed, slot);
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

/** Functions of the slot that users' requests go to. Others are in it, too: its migrations. Where a target group names none that is there, as with an alias, any of them may be meant. */
function serving(reviewed: ReviewedPath, slot: ReviewedStack): ReviewedFunction[] {
  const groups = resourcesOf([slot], 'AWS::ElasticLoadBalancingV2::TargetGroup').map(({ logicalId }) => reviewed.values.properties(slot, logicalId));
  const ofFunctions = groups.filter(({ TargetType }) => TargetType === 'lambda');
  if (groups.length > 0 && ofFunctions.length === 0) return [];
  const named = ofFunctions.flatMap((group) => functionsBehind(reviewed, slot, group));
  return named.length > 0 ? named : functionsOf(reviewed).filter(({ stack }) => stack === slot);
}
