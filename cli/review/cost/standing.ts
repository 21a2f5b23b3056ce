import { functionsBehind, functionsOf } from '../read/functions';
import type { ReviewedPath, ReviewedStack } from '../read/reviewed-path';
import type { Prices } from './prices';
import type { Line } from './quantities';

type Properties = Readonly<Record<string, unknown>>;

/** What stands around costs by the month, whether it is used or not. */
export function standingLines(chosen: readonly ReviewedStack[], reviewed: ReviewedPath, prices: Prices): Line[] {
  const { assumptions } = prices;
  const hours = assumptions.hoursPerMonth.value;
  return chosen.flatMap((stack) => [
    ...Object.entries(stack.template.Resources ?? {}).flatMap(([logicalId, { Type }]) => TYPES[Type]?.({ stack, logicalId, reviewed, prices, hours }) ?? []),
    ...(stack.kind === 'frontDoor'
      ? [{ price: 'logGbMonth' as const, what: 'logs that are kept', quantity: assumptions.storedLogGbPerEnvironment.value }]
      : []),
  ]);
}

interface Resource {
  readonly stack: ReviewedStack;
  readonly logicalId: string;
  readonly reviewed: ReviewedPath;
  readonly prices: Prices;
  readonly hours: number;
}

const propertiesOf = ({ stack, logicalId, reviewed }: Resource): Properties => reviewed.values.properties(stack, logicalId);

const TYPES: Readonly<Record<string, (resource: Resource) => Line[]>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (resource) => {
    const { Scheme, Subnets } = propertiesOf(resource);
    const addresses = Array.isArray(Subnets) && Subnets.length > 0 ? Subnets.length : resource.prices.assumptions.addressesPerLoadBalancer.value;
    const own: Line = { price: 'loadBalancerHour', what: 'load balancers', quantity: resource.hours };
    return Scheme === 'internal' ? [own] : [own, { price: 'publicIpv4Hour', what: 'public addresses of load balancers', quantity: addresses * resource.hours }];
  },
  'AWS::EC2::NatGateway': ({ hours }) => [
    { price: 'natGatewayHour', what: 'NAT gateways', quantity: hours },
    { price: 'publicIpv4Hour', what: 'public addresses of NAT gateways', quantity: hours },
  ],
  'AWS::SecretsManager::Secret': () => [{ price: 'secretMonth', what: 'secrets', quantity: 1 }],
  'AWS::CloudWatch::Alarm': () => [{ price: 'alarmMonth', what: 'alarms', quantity: 1 }],
  'AWS::KMS::Key': () => [{ price: 'keyMonth', what: 'customer-managed keys', quantity: 1 }],
  'AWS::SSM::Parameter': (resource) =>
    propertiesOf(resource).Tier === 'Advanced' ? [{ price: 'advancedParameterMonth', what: 'advanced parameters', quantity: 1 }] : [],
  'AWS::DynamoDB::Table': (resource) => {
    const gb = resource.stack.kind === 'hub' ? resource.prices.assumptions.ledgerGb.value : 0;
    const recovery = propertiesOf(resource).PointInTimeRecoverySpecification !== undefined;
    return [
      { price: 'tableGbMonth', what: 'the ledger’s items', quantity: gb },
      ...(recovery ? [{ price: 'recoveryGbMonth' as const, what: 'point-in-time recovery of the ledger', quantity: gb }] : []),
    ];
  },
  'AWS::EC2::FlowLog': ({ prices }) => [{ price: 'vendedLogGb', what: 'flow logs', quantity: prices.assumptions.flowLogGbPerMonth.value }],
  'AWS::Events::Rule': scheduled,
  'AWS::ECS::Service': fargate,
  'AWS::ElasticLoadBalancingV2::TargetGroup': healthChecks,
};

/** `rate(1 minute)`: a function that runs whether there is something to do or not. */
function scheduled(resource: Resource): Line[] {
  const { ScheduleExpression, State, Targets = [] } = propertiesOf(resource) as { ScheduleExpression?: string; State?: string; Targets?: { Arn?: string }[] };
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(ScheduleExpression ?? '') ?? [];
  if (count === undefined || State === 'DISABLED') return [];
  const { hours, prices, reviewed } = resource;
  const { scheduledRunMilliseconds, scheduledRunReads, sampledTraces } = prices.assumptions;
  const runs = (hours * { minute: 60, hour: 1, day: 1 / 24 }[unit as 'minute' | 'hour' | 'day']) / Number(count);
  return Targets.flatMap(({ Arn }): Line[] => {
    const called = functionsOf(reviewed).find(({ arn }) => arn === Arn);
    if (called === undefined) return [];
    return [
      ...invocations('what runs by the clock', runs, (scheduledRunMilliseconds.value / 1000) * runs, called.memoryMb),
      { price: 'tableRead', what: 'what runs by the clock: reads', quantity: runs * scheduledRunReads.value },
      // X-Ray records the first request of each second, and a run a minute is always that.
      { price: 'trace', what: 'what runs by the clock: traces', quantity: runs * Math.max(1, sampledTraces.value) },
    ];
  });
}

function fargate(resource: Resource): Line[] {
  const { DesiredCount = 1, TaskDefinition, LaunchType } = propertiesOf(resource);
  if (LaunchType !== undefined && LaunchType !== 'FARGATE') return [];
  const { stack, reviewed, hours } = resource;
  const task = Object.keys(stack.template.Resources ?? {}).find((id) => reviewed.values.of(stack, { Ref: id }) === TaskDefinition);
  const { Cpu = 256, Memory = 512 } = task === undefined ? {} : reviewed.values.properties(stack, task);
  const tasks = Number(DesiredCount) * hours;
  return [
    { price: 'fargateVcpuHour', what: 'Fargate tasks: processors', quantity: (tasks * Number(Cpu)) / 1024 },
    { price: 'fargateGbHour', what: 'Fargate tasks: memory', quantity: (tasks * Number(Memory)) / 1024 },
  ];
}

/** Each health check of a function is an invocation, https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html. */
function healthChecks(resource: Resource): Line[] {
  const group = propertiesOf(resource);
  const { TargetType, HealthCheckEnabled, HealthCheckIntervalSeconds = 35 } = group;
  if (TargetType !== 'lambda' || HealthCheckEnabled !== true) return [];
  const { stack, reviewed, hours, prices } = resource;
  const [checked] = functionsBehind(reviewed, stack, group);
  const checks = (hours * 3600) / Number(HealthCheckIntervalSeconds);
  return invocations('health checks', checks, (checks * prices.assumptions.requestMilliseconds.value) / 1000, checked?.memoryMb ?? 128);
}

/** @param seconds of all runs together */
export function invocations(what: string, runs: number, seconds: number, memoryMb: number): Line[] {
  return [
    { price: 'lambdaRequest', what: `${what}: invocations`, quantity: runs },
    { price: 'lambdaGbSecond', what: `${what}: time of functions`, quantity: (seconds * memoryMb) / 1024 },
  ];
}

/** Types that cost something by themselves, and that this estimate has no price for. */
const COSTLY =
  /^AWS::(EC2::(Instance|VPCEndpoint|TransitGateway\w*|Volume|ClientVpnEndpoint)|AutoScaling::AutoScalingGroup|(RDS|DocDB|Neptune|Redshift\w*|ElastiCache|MemoryDB)::(DB\w*|\w*Cluster\w*|\w*Cache|ReplicationGroup|GlobalReplicationGroup|Namespace|Workgroup)(?<!(Subnet|Parameter|Security|Option|Target)Group|Endpoint|Association)|OpenSearchService::Domain|MSK::\w+|Kinesis\w*::\w+|EFS::FileSystem|FSx::\w+|WAFv2::WebACL|CloudFront::Distribution|GlobalAccelerator::\w+|CodeBuild::Project|CodePipeline::Pipeline|AppRunner::Service|ApiGateway::RestApi|ElasticLoadBalancing::LoadBalancer)$/;

/** By type, with how many there are. */
export function unpriced(stacks: readonly ReviewedStack[]): { type: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { Type } of stacks.flatMap(({ template }) => Object.values(template.Resources ?? {}))) {
    if (COSTLY.test(Type)) counts.set(Type, (counts.get(Type) ?? 0) + 1);
  }
  return [...counts.entries()].sort().map(([type, count]) => ({ type, count }));
}
