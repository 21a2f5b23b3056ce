/**
 * A path to live of two environments that are waves of one, each in a region of its own, in another account than the hub. Users stay with the version that answered
 * them first. With the context `bad` the version answers errors in the second one, once it has traffic there.
 */
import { App, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Environment, Firebreak, GoNoGo, HealthAlarm, HealthGate, LambdaWorkload, PathToLive, TrafficStrategy, Waves } from '../../../lib';
import { DUBLIN, LONDON } from '../places';
import { env } from './live';

const SERVICE = `const { PATH_TO_LIVE_VERSION: version, PATH_TO_LIVE_COLOUR: colour, PATH_TO_LIVE_ENVIRONMENT: environment, BAD_IN: bad } = process.env;
exports.handler = async ({ path }) => ({
  statusCode: path !== '/health' && environment === bad ? 500 : 200,
  headers: { 'content-type': 'application/json', 'x-service-version': version, 'x-service-colour': colour },
  body: JSON.stringify({ version }),
});`;

const app = new App();
const shared = {
  healthGates: [HealthGate.alarms([HealthAlarm.serverErrors()], { minimumRequests: 0 }), HealthGate.http('/health')],
  stickySessions: Duration.hours(1),
};
const reason = 'nobody is asked in this integration test';
const second = Duration.seconds(1);
const london = new Environment('London', {
  ...shared,
  env: LONDON,
  traffic: TrafficStrategy.canary({ steps: [50], bakeTime: second }),
  firebreak: Firebreak.none({ reason }),
  goNoGo: GoNoGo.none({ reason }),
});
const dublin = new Environment('Dublin', {
  ...shared,
  env: DUBLIN,
  // Long enough for an alarm to end it: from this region and account to the hub, and back.
  traffic: TrafficStrategy.steps([
    { percent: 50, bakeTime: Duration.seconds(8) },
    { percent: 100, bakeTime: second },
  ]),
});

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
