/** A service on Fargate on a path of one environment; the context `image` names what the release runs. */
import { App, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { FargateWorkload, PathToLive, ServiceImage } from '../../../lib';
import { env, live } from './live';

const app = new App();
const image: string = app.node.tryGetContext('image') ?? `orders@sha256:${'1'.repeat(64)}`;

new PathToLive(app, 'Orders', {
  hub: env,
  workload: new FargateWorkload({ image: ServiceImage.fromRegistry(image), deregistrationDelay: Duration.seconds(2), healthCheckGrace: Duration.seconds(5) }),
  removalPolicy: RemovalPolicy.DESTROY,
  environments: [live(Duration.seconds(1))],
});
