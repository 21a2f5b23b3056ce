/** The example app's composition, once for each service that the environment variable SERVICES names. */
import { join } from 'node:path';
import { App, Duration } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { PerformanceTests } from '../../examples/performance-tests/performance-tests';
import {
  Change,
  Environment,
  EnvironmentTest,
  Firebreak,
  GoNoGo,
  HealthAlarm,
  HealthGate,
  LambdaWorkload,
  Party,
  PathToLive,
  Resumes,
  ShadowAccess,
  TrafficStrategy,
} from '../../lib';

const env = { account: '111111111111', region: 'eu-west-2' };
const bakeTime = Duration.minutes(10);

const party = (name: string, role: string) => Party.of(name, { members: [`arn:aws:iam::${env.account}:role/${role}`] });

const app = new App();
for (const service of (process.env.SERVICES ?? '').split(',')) {
  const performanceTests = new PerformanceTests(app, `${service}-PerformanceTests`, { env });
  new PathToLive(app, service, {
    hub: env,
    workload: new LambdaWorkload({ code: Code.fromAsset(join(__dirname, '..', '..', 'examples', 'service')), handler: 'index.handler' }),
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
