import { join } from 'node:path';
import { type App, Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { PaymentsState } from '../../../examples/payments-state/payments-state';
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
} from '../../../lib';
import { testApp } from '../../test-app';

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Where each part of the example is. */
export interface Layout {
  readonly hub: Place;
  readonly integration: Place;
  readonly preproduction: Place;
  readonly production: Place;
}

/** The example of bin/path-to-live.ts with the same ids, in accounts and regions of its own. */
export function exampleIn({ hub, integration, preproduction, production }: Layout): App {
  const app = testApp({ context: { 'aws:cdk:enable-path-metadata': true, '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  const party = (name: string, role: string) => Party.of(name, { members: [`arn:aws:iam::${hub.account}:role/${role}`] });
  const tests = performanceTests(app, preproduction);
  const code = (...folder: string[]) => Code.fromAsset(join(__dirname, '..', '..', '..', 'examples', ...folder));
  const environment = { TABLE: SharedValue.named('TableName') };
  const migration = '2026-11-add-currency';
  new PathToLive(app, 'Payments', {
    hub,
    workload: new LambdaWorkload({ code: code('service'), handler: 'index.handler', environment, policy: [PaymentsState.readAndWrite()] }),
    sharedState: new PaymentsState(),
    migrations: [Migration.expand(migration, new LambdaMigration({ code: code('migrations', migration), handler: 'index.handler', environment }))],
    environments: [
      new Environment('Integration', { env: integration, tests: [EnvironmentTest.http('/health')], traffic: TrafficStrategy.allAtOnce() }),
      new Environment('Preproduction', {
        env: preproduction,
        tests: [EnvironmentTest.http('/health'), EnvironmentTest.lambda(tests)],
        traffic: TrafficStrategy.allAtOnce(),
      }),
      new Environment('Production', {
        env: production,
        tests: [EnvironmentTest.http('/health')],
        firebreak: Firebreak.parties([party('Service management', 'ServiceManagement'), party('Product', 'Product')], {
          resumes: Resumes.byReleaseManager(party('Release managers', 'ReleaseManager')),
        }).when(Change.altersSchema(), Change.needsManualTest()),
        goNoGo: GoNoGo.by(party('Change authority', 'ChangeAuthority')),
        traffic: TrafficStrategy.canary({ steps: [10, 50], bakeTime: Duration.minutes(10) }),
        healthGates: [HealthGate.alarms([HealthAlarm.serverErrors(), HealthAlarm.latency({ threshold: Duration.seconds(1) })]), HealthGate.http('/health')],
        shadowAccess: ShadowAccess.secretHeader(),
      }),
    ],
  });
  return app;
}

/** As examples/performance-tests has it, with the fixed name that a hub elsewhere needs. */
function performanceTests(app: App, env: Place): LambdaFunction {
  const stack = new Stack(app, 'Payments-PerformanceTests', { env });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const logGroup = new LogGroup(stack, 'Log');
  logGroup.grantWrite(role);
  const code = Code.fromInline('exports.handler = () => undefined');
  return new LambdaFunction(stack, 'Performance', {
    functionName: 'payments-performance',
    code,
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    role,
    logGroup,
  });
}
