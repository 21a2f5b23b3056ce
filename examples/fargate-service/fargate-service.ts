/**
 * A service of containers on its path to live: `npx cdk deploy --all --app "node --import tsx examples/fargate-service/fargate-service.ts"` puts the
 * platform in place, `npx ptl release 1.0.0 --app …` takes a release through it.
 *
 * The image is built from `service/` when a release is published; where a build of yours has pushed one, name it: `-c image=<repository>@sha256:…`.
 */
import { join } from 'node:path';
import { App, Duration } from 'aws-cdk-lib';
import {
  Environment,
  EnvironmentTest,
  FargateWorkload,
  Firebreak,
  GoNoGo,
  HealthAlarm,
  HealthGate,
  Party,
  PathToLive,
  ServiceImage,
  TrafficStrategy,
} from '../../lib';

export const app = new App();

/** An identifier of yours: edit it here, or give it by `-c <name>=…`. */
const yours = (name: string, identifier: string): string => app.node.tryGetContext(name) ?? identifier;

const pushed: string | undefined = app.node.tryGetContext('image');

const env = { account: yours('account', '111111111111'), region: yours('region', 'eu-west-2') };
const tests = [EnvironmentTest.http('/health')];
const operations = Party.of('Operations', { members: [`arn:aws:iam::${env.account}:role/Operations`] });

new PathToLive(app, 'Orders', {
  hub: env,
  workload: new FargateWorkload({
    image: pushed === undefined ? ServiceImage.fromAsset(join(__dirname, 'service')) : ServiceImage.fromRegistry(pushed),
    port: 8080,
    desiredCount: 2,
    healthCheckPath: '/health',
    deregistrationDelay: Duration.seconds(15),
  }),
  environments: [
    new Environment('Integration', { env, tests, warmFor: Duration.hours(1) }),
    new Environment('Production', {
      env,
      tests,
      firebreak: Firebreak.none({ reason: 'an example with one party, who decides at the go/no-go' }),
      goNoGo: GoNoGo.by(operations),
      warmFor: Duration.days(14),
      traffic: TrafficStrategy.canary({ steps: [10, 50], bakeTime: Duration.minutes(10) }),
      healthGates: [HealthGate.alarms([HealthAlarm.serverErrors(), HealthAlarm.latency({ threshold: Duration.seconds(1) })]), HealthGate.http('/health')],
    }),
  ],
});
