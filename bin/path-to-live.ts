import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { PaymentsState } from '../examples/payments-state/payments-state';
import { PerformanceTests } from '../examples/performance-tests/performance-tests';
import {
  Change,
  Environment,
  EnvironmentTest,
  Firebreak,
  GoNoGo,
  HealthAlarm,
  HealthGate,
  LambdaMigration,
  LambdaWorkload,
  Migration,
  Party,
  PathToLive,
  Resumes,
  ShadowAccess,
  SharedValue,
  TrafficStrategy,
} from '../lib';

export const app = new App();

// Everything in one place: -c account=… -c region=…, else where the CDK CLI's credentials are.
const account = app.node.tryGetContext('account') ?? process.env.CDK_DEFAULT_ACCOUNT ?? '111111111111';
const region = app.node.tryGetContext('region') ?? process.env.CDK_DEFAULT_REGION ?? 'eu-west-2';
const env = { account, region };
const service: string = app.node.tryGetContext('service') ?? join(__dirname, '..', 'examples', 'service');
const migrations: string = app.node.tryGetContext('migrations') ?? join(__dirname, '..', 'examples', 'migrations');
const removalPolicy = app.node.tryGetContext('removalPolicy');
const bakeTime = Duration.seconds(Number(app.node.tryGetContext('bakeSeconds') ?? 600));

const party = (name: string, role: string) => Party.of(name, { members: [`arn:aws:iam::${account}:role/${role}`] });
const serviceManagement = party('Service management', 'ServiceManagement');
const product = party('Product', 'Product');
const changeAuthority = party('Change authority', 'ChangeAuthority');
const releaseManagers = party('Release managers', 'ReleaseManager');

const performanceTests = new PerformanceTests(app, 'Payments-PerformanceTests', { env });

const environment = { TABLE: SharedValue.named('TableName') };
const migration = (name: string) =>
  Migration.expand(name, new LambdaMigration({ code: Code.fromAsset(join(migrations, name)), handler: 'index.handler', environment }));

new PathToLive(app, 'Payments', {
  hub: env,
  removalPolicy,
  workload: new LambdaWorkload({ code: Code.fromAsset(service), handler: 'index.handler', environment, policy: [PaymentsState.readAndWrite()] }),
  sharedState: new PaymentsState({ removalPolicy }),
  migrations: readdirSync(migrations).sort().map(migration),
  environments: [
    new Environment('Integration', {
      env,
      tests: [EnvironmentTest.http('/health')],
      traffic: TrafficStrategy.allAtOnce({ bakeTime }),
    }),
    new Environment('Preproduction', {
      env,
      tests: [EnvironmentTest.http('/health'), EnvironmentTest.lambda(performanceTests.function)],
      traffic: TrafficStrategy.allAtOnce({ bakeTime }),
    }),
    new Environment('Production', {
      env,
      tests: [EnvironmentTest.http('/health')],
      firebreak: Firebreak.parties([serviceManagement, product], { resumes: Resumes.byReleaseManager(releaseManagers) }).when(
        Change.altersSchema(),
        Change.needsManualTest(),
      ),
      goNoGo: GoNoGo.by(changeAuthority),
      traffic: TrafficStrategy.canary({ steps: [10, 50], bakeTime }),
      healthGates: [HealthGate.alarms([HealthAlarm.serverErrors(), HealthAlarm.latency({ threshold: Duration.seconds(1) })]), HealthGate.http('/health')],
      shadowAccess: ShadowAccess.secretHeader(),
    }),
  ],
});
