/**
 * A path to live of two environments, deployed; `run.ts` takes a release through it, and these assertions look at what users get and what the
 * ledger says. The context `phase` is `platform` (nothing to assert yet) or `released`.
 */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Environment, EnvironmentTest, Firebreak, GoNoGo, HealthGate, LambdaWorkload, PathToLive, TrafficStrategy } from '../../lib';

const env = { account: process.env.CDK_DEFAULT_ACCOUNT as string, region: process.env.CDK_DEFAULT_REGION as string };
const shared = {
  env,
  tests: [EnvironmentTest.http('/health')],
  healthGates: [HealthGate.http('/health')],
};
const app = new App();
new PathToLive(app, 'Integ', {
  hub: env,
  workload: new LambdaWorkload({ code: Code.fromAsset('examples/service'), handler: 'index.handler' }),
  removalPolicy: RemovalPolicy.DESTROY,
  environments: [
    new Environment('Test', { ...shared, traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(1) }) }),
    new Environment('Live', {
      ...shared,
      firebreak: Firebreak.none({ reason: 'nobody is asked in this integration test' }),
      goNoGo: GoNoGo.none({ reason: 'nobody is asked in this integration test' }),
      traffic: TrafficStrategy.canary({ steps: [50], bakeTime: Duration.seconds(1) }),
    }),
  ],
});

if (app.node.tryGetContext('phase') === 'released') {
  const [table, url, version] = ['table', 'url', 'version'].map((name) => app.node.getContext(name) as string);
  const { assertions } = new IntegTest(app, 'WholeReleaseTest', { testCases: [new Stack(app, 'IntegWholeRelease')] });
  assertions.httpApiCall(`${url}/`).expect(ExpectedResult.objectLike({ status: 200, body: { version } }));
  for (const environment of ['Test', 'Live']) {
    assertions
      .awsApiCall('DynamoDB', 'GetItem', { TableName: table, Key: { pk: { S: `ENV#${environment}` }, sk: { S: 'STATE' } } })
      .expect(ExpectedResult.objectLike({ Item: { live: { M: { version: { S: version } } }, weights: { M: { blue: { N: '100' } } } } }));
  }
}
