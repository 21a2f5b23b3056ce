/** A service on Fargate on a path of one environment; the context `image` names what the release runs. */
import { App, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Environment, EnvironmentTest, FargateWorkload, Firebreak, GoNoGo, HealthGate, PathToLive, ServiceImage, TrafficStrategy } from '../../../lib';

const env = { account: process.env.CDK_DEFAULT_ACCOUNT as string, region: process.env.CDK_DEFAULT_REGION as string };
const app = new App();
const image: string = app.node.tryGetContext('image') ?? `orders@sha256:${'1'.repeat(64)}`;

new PathToLive(app, 'Orders', {
  hub: env,
  workload: new FargateWorkload({ image: ServiceImage.fromRegistry(image), deregistrationDelay: Duration.seconds(2), healthCheckGrace: Duration.seconds(5) }),
  removalPolicy: RemovalPolicy.DESTROY,
  environments: [
    new Environment('Live', {
      env,
      tests: [EnvironmentTest.http('/health')],
      healthGates: [HealthGate.http('/health')],
      firebreak: Firebreak.none({ reason: 'nobody is asked in this integration test' }),
      goNoGo: GoNoGo.none({ reason: 'nobody is asked in this integration test' }),
      traffic: TrafficStrategy.canary({ steps: [50], bakeTime: Duration.seconds(2) }),
      warmFor: Duration.seconds(1),
    }),
  ],
});
