/**
 * A path to live of two environments, deployed; `run.ts` takes releases through it, and these assertions look at what users get and what the
 * ledger says. The context `phase` is `platform` (nothing to assert yet) or `released`; with `broken` the slots of the release cannot be deployed; `migration`
 * says whether what the release brings for the shared state fails half way. In the second one tests run beside the first bake, and people are asked what too few
 * requests mean.
 */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import {
  Environment,
  EnvironmentTest,
  Firebreak,
  GoNoGo,
  HealthAlarm,
  HealthGate,
  Inconclusive,
  type ISharedState,
  LambdaMigration,
  LambdaWorkload,
  Migration,
  Party,
  PathToLive,
  SharedValue,
  type SlotContext,
  TrafficStrategy,
  type WorkloadConfig,
} from '../../../lib';

/** Its function is made, and then the stack fails: what a slot's very first deployment leaves behind is in the way of the next. */
class BrokenWorkload extends LambdaWorkload {
  override bind(scope: Construct, slot: SlotContext): WorkloadConfig {
    const made = super.bind(scope, slot);
    const broken = new CfnResource(scope, 'Broken', {
      type: 'AWS::CloudFormation::CustomResource',
      properties: { ServiceToken: 'arn:aws:lambda:eu-west-2:000000000000:function:there-is-no-such-function' },
    });
    broken.node.addDependency(scope.node.findChild('Function'));
    return made;
  }
}

const env = { account: process.env.CDK_DEFAULT_ACCOUNT as string, region: process.env.CDK_DEFAULT_REGION as string };
const shared = {
  env,
  tests: [EnvironmentTest.http('/health')],
  healthGates: [HealthGate.http('/health')],
};
const app = new App();

/** Of an app with the context `without` no version uses the table's name any more, and it is no longer offered: the slots that are deployed still do. */
const without = app.node.tryGetContext('without') === 'true';
const sharedState: ISharedState = {
  bind: (scope) => {
    const table = new Table(scope, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING }, removalPolicy: RemovalPolicy.DESTROY });
    const values: Record<string, string> = without ? {} : { TableName: table.tableName };
    return { values };
  },
};

/** One that fails half way, and the same mended. */
const MIGRATIONS = {
  failing: `exports.handler = async ({ next }) => { if (!next) return { done: false, next: 'half' }; throw new Error('locked after ' + next); };`,
  mended: `exports.handler = async ({ next }) => ({ done: true, said: 'begins anew: ' + (next === undefined) });`,
};
const owners = Party.of('Service owners', { members: [`arn:aws:iam::${env.account}:role/IntegOwner`] });
const migration: keyof typeof MIGRATIONS = app.node.tryGetContext('migration') ?? 'mended';
const Workload = app.node.tryGetContext('broken') === 'true' ? BrokenWorkload : LambdaWorkload;
new PathToLive(app, 'Integ', {
  hub: env,
  workload: new Workload({
    code: Code.fromAsset('examples/service'),
    handler: 'index.handler',
    environment: without ? {} : { TABLE: SharedValue.named('TableName') },
  }),
  sharedState,
  migrations: [Migration.expand('half-way', new LambdaMigration({ code: Code.fromInline(MIGRATIONS[migration]), handler: 'index.handler' }))],
  removalPolicy: RemovalPolicy.DESTROY,
  environments: [
    new Environment('Test', { ...shared, traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(1) }) }),
    new Environment('Live', {
      ...shared,
      firebreak: Firebreak.none({ reason: 'nobody is asked in this integration test' }),
      goNoGo: GoNoGo.none({ reason: 'nobody is asked in this integration test' }),
      // The tests' own requests are fewer.
      healthGates: [...shared.healthGates, HealthGate.alarms([HealthAlarm.serverErrors()], { minimumRequests: 10 })],
      inconclusive: Inconclusive.ask(GoNoGo.by(owners, { timeout: Duration.hours(1) })),
      traffic: TrafficStrategy.steps([
        { percent: 50, bakeTime: Duration.seconds(2), tests: [EnvironmentTest.http('/health', { name: 'health at half', timeout: Duration.seconds(2) })] },
        { percent: 100, bakeTime: Duration.seconds(2) },
      ]),
    }),
  ],
});

new Role(new Stack(app, 'IntegPeople', { env }), 'IntegOwner', { roleName: 'IntegOwner', assumedBy: new AccountRootPrincipal() });

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
