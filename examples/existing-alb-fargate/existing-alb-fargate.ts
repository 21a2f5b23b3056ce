/**
 * Weighted switching for a service on Fargate behind a load balancer, both of which you have and which serve users now. They stay as they are: the slots are services of
 * their own beside yours, with the image your build pushes. Change the identifiers below to yours and run, from the pipeline you have:
 *
 * ```
 * npx cdk deploy --all --app "node --import tsx existing-alb-fargate.ts"                     # once: every request still goes to your own service
 * npx ptl release 1.0.0 --app "node --import tsx existing-alb-fargate.ts" -c image=<repository>@sha256:<digest>  # for each version: 10, 50, 100 percent, watched
 * npx ptl roll-back Production --reason "…"                                                   # back to your own service
 * npx ptl retire --reason "…" --yes                                                           # out again: your own service has everything, the slots are gone
 * ```
 *
 * Outside this repository it imports from `path-to-live`. docs/adopting.md says where to find each identifier.
 */
import { App, Duration } from 'aws-cdk-lib';
import {
  Entrance,
  Environment,
  EnvironmentTest,
  FargateWorkload,
  Firebreak,
  GoNoGo,
  HealthAlarm,
  HealthGate,
  PathToLive,
  ServiceImage,
  TrafficStrategy,
  WorkloadSubnets,
} from '../../lib';

export const app = new App();

/** An identifier of yours: edit it here, or give it by `-c <name>=…`. */
const yours = (name: string, identifier: string): string => app.node.tryGetContext(name) ?? identifier;

const env = { account: yours('account', '111111111111'), region: yours('region', 'eu-west-2') };
const arn = `arn:aws:elasticloadbalancing:${env.region}:${env.account}`;
/** Where users reach it, by the host that its own rule on the listener takes. */
const url = yours('url', 'https://shop.example.com');

const entrance = Entrance.existingListener({
  listenerArn: yours('listener', `${arn}:listener/app/front/50dc6c495c0c9188/f2f7dc8efc522ab2`),
  url,
  vpcId: yours('vpc', 'vpc-0a1b2c3d4e5f60718'),
  rulePriority: 200, // 200-210 are free, and your own rule comes behind them
  hosts: [new URL(url).hostname], // exactly what your own rule takes
  currentlyServing: yours('serving', `${arn}:targetgroup/shop/73e2d6bc24d8a067`), // the target group your ECS service registers its tasks in
  network: {
    loadBalancerSecurityGroupId: yours('loadBalancerSecurityGroup', 'sg-0a1b2c3d4e5f60718'), // whom tasks let in; it must let out to them, as yours lets out to yours
    workloads: WorkloadSubnets.behindNat(yours('subnets', 'subnet-0a1b2c3d4e5f60718,subnet-1a1b2c3d4e5f60718').split(',')), // where your tasks stand, too
  },
});

new PathToLive(app, 'Basket', {
  hub: env,
  workload: new FargateWorkload({
    image: ServiceImage.fromRegistry(yours('image', `${env.account}.dkr.ecr.${env.region}.amazonaws.com/shop@sha256:${'0'.repeat(64)}`)), // what your build has pushed
    port: 8080,
    cpu: 256,
    memoryLimitMiB: 512,
    healthCheckPath: '/health',
    deregistrationDelay: Duration.seconds(15),
  }),
  environments: [
    new Environment('Production', {
      env,
      entrance,
      tests: [EnvironmentTest.http('/health')],
      healthGates: [HealthGate.alarms([HealthAlarm.serverErrors()]), HealthGate.http('/health')],
      traffic: TrafficStrategy.canary({ steps: [10, 50], bakeTime: Duration.seconds(Number(yours('bakeSeconds', '600'))) }),
      firebreak: Firebreak.none({ reason: 'the pipeline that releases is behind a review of its own' }),
      goNoGo: GoNoGo.none({ reason: 'the tests in the shadow decide' }),
      warmFor: Duration.days(1),
    }),
  ],
});
