/**
 * A path to live of two environments that are waves of one, both in the one region that the local AWS has. With the context `bad` the version is found unhealthy in
 * the second one, once it has traffic there.
 */
import { App, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Environment, Firebreak, GoNoGo, HealthGate, LambdaWorkload, PathToLive, TrafficStrategy, Waves } from '../../../lib';
import { env } from './live';

const SERVICE = `const { PATH_TO_LIVE_VERSION: version, PATH_TO_LIVE_ENVIRONMENT: environment, BAD_IN: bad } = process.env;
exports.handler = async ({ path }) => ({
  statusCode: path === '/health' && environment === bad ? 500 : 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ version }),
});`;

const app = new App();
const shared = { env, healthGates: [HealthGate.http('/health')], traffic: TrafficStrategy.canary({ steps: [50], bakeTime: Duration.seconds(1) }) };
const reason = 'nobody is asked in this integration test';
const london = new Environment('London', { ...shared, firebreak: Firebreak.none({ reason }), goNoGo: GoNoGo.none({ reason }) });
const dublin = new Environment('Dublin', shared);

new PathToLive(app, 'Waves', {
  hub: env,
  workload: new LambdaWorkload({
    code: Code.fromInline(SERVICE),
    handler: 'index.handler',
    environment: { BAD_IN: app.node.tryGetContext('bad') === 'true' ? 'Dublin' : 'nowhere' },
  }),
  removalPolicy: RemovalPolicy.DESTROY,
  environments: [london, dublin],
  waves: [Waves.of('Production', [london, dublin])],
});
