/** The example app's composition, once for each service that the environment variable SERVICES names. */
import { join } from 'node:path';
import { App, Duration } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { PaymentsState } from '../../examples/payments-state/payments-state';
import { PerformanceTests } from '../../examples/performance-tests/performance-tests';
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
} from '../../lib';

const env = { account: '111111111111', region: 'eu-west-2' };
const bakeTime = Duration.minutes(10);
const MIGRATION = '2026-11-add-currency';
const handler = 'index.handler';
const environment = { TABLE: SharedValue.named('TableName') };
const code = (...folder: string[]) => Code.fromAsset(join(__dirname, '..', '..', 'examples', ...folder));

const party = (name: string, role: string) => Party.of(name, { members: [`arn:aws:iam::${env.account}:role/${role}`] });

const app = new App();
for (const service of (process.env.SERVICES ?? '').split(',')) {
  const performanceTests = new PerformanceTests(app, `${service}-PerformanceTests`, { env });
  new PathToLive(app, service, {
    hub: env,
    workload: new LambdaWorkload({ code: code('service'), handler, environment, policy: [PaymentsState.readAndWrite()] }),
    sharedState: new PaymentsState(),
    migrations: [Migration.expand(MIGRATION, new LambdaMigration({ code: code('migrations', MIGRATION), handler, environment }))],
    environments: [
      new Environment('Integration', { env, tests: [EnvironmentTest.http('/health')], traffic: TrafficStrategy.allAtOnce({ bakeTime }) }),
      new Environment('Preproduction', {
        env,
        tests: [EnvironmentTest.http('/health'), EnvironmentTest.lambda(performanceTests.function)],
        traffic: TrafficStrategy.allAtOnce({ bakeTime }),
      }),
      new Environment('Production', {
        env,
        tests: [EnvironmentTest.http('/health')],
        firebreak: Firebreak.parties([party('Service management', 'ServiceManagement'), party('Product', 'Product')], {
          resumes: Resumes.byReleaseManager(party('Release managers', 'ReleaseManager')),
        }).when(Change.altersSchema(), Change.needsManualTest()),
        goNoGo: GoNoGo.by(party('Change authority', 'ChangeAuthority')),
        traffic: TrafficStrategy.canary({ steps: [10, 50], bakeTime }),
        healthGates: [HealthGate.alarms([HealthAlarm.serverErrors(), HealthAlarm.latency({ threshold: Duration.seconds(1) })]), HealthGate.http('/health')],
        shadowAccess: ShadowAccess.secretHeader(),
      }),
    ],
  });
}
