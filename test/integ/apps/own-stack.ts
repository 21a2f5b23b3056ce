/** The stack of a team's own on a path of one environment. */
import { App, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { OrdersWorkload } from '../../../examples/own-stack/orders-stack';
import { Environment, EnvironmentTest, Firebreak, GoNoGo, HealthGate, PathToLive, TrafficStrategy } from '../../../lib';

const env = { account: process.env.CDK_DEFAULT_ACCOUNT as string, region: process.env.CDK_DEFAULT_REGION as string };

new PathToLive(new App(), 'OwnStack', {
  hub: env,
  workload: new OrdersWorkload(),
  removalPolicy: RemovalPolicy.DESTROY,
  environments: [
    new Environment('Live', {
      env,
      tests: [EnvironmentTest.http('/health')],
      healthGates: [HealthGate.http('/health')],
      firebreak: Firebreak.none({ reason: 'nobody is asked in this integration test' }),
      goNoGo: GoNoGo.none({ reason: 'nobody is asked in this integration test' }),
      traffic: TrafficStrategy.canary({ steps: [50], bakeTime: Duration.seconds(2) }),
    }),
  ],
});
