/**
 * A service on Fargate on a path of one environment, whose releases migrate by tasks and builds; the context `image` names what the release runs, `brings` what its
 * migrations come to: `failing`, `mended`, or nothing.
 */
import { App, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  CodeBuildMigration,
  FargateMigration,
  FargateWorkload,
  type ISharedState,
  Migration,
  PathToLive,
  ServiceImage,
  type SharedStateConfig,
  SharedValue,
  StartedMigrations,
} from '../../../lib';
import { DELAY_SECONDS } from '../deregistration-delay';
import { env, live } from './live';

/** State there is none of: what runs looks only at what it is told. */
class Orders implements ISharedState {
  readonly startsMigrations = [StartedMigrations.FARGATE_TASKS, StartedMigrations.CODEBUILD_BUILDS];

  bind(): SharedStateConfig {
    return { values: { TableName: 'orders' } };
  }
}

const app = new App();
const image: string = app.node.tryGetContext('image') ?? `orders@sha256:${'1'.repeat(64)}`;
const brings: string | undefined = app.node.tryGetContext('brings');
const environment = { TABLE: SharedValue.named('TableName') };
const timeout = Duration.minutes(2);
const migrations = [
  Migration.expand(
    'a-task',
    new FargateMigration({ image: ServiceImage.fromRegistry(`migration@sha256:${'1'.repeat(64)}`), command: [brings ?? ''], environment, timeout }),
  ),
  Migration.expand('a-build', new CodeBuildMigration({ source: 'test/integ/images/migration', commands: ['node index.js mended'], environment, timeout })),
];

new PathToLive(app, 'Orders', {
  hub: env,
  workload: new FargateWorkload({
    image: ServiceImage.fromRegistry(image),
    deregistrationDelay: Duration.seconds(DELAY_SECONDS),
    healthCheckGrace: Duration.seconds(5),
  }),
  sharedState: new Orders(),
  migrations: brings === undefined ? [] : migrations,
  removalPolicy: RemovalPolicy.DESTROY,
  environments: [live(Duration.seconds(1))],
});
