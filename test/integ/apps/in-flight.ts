/**
 * A path to live of one environment, in which releases get into each other's way: what comes while another is on its way waits for its turn, or takes its place
 * where the context `concurrency` is `newestWins`; people are asked before it has users, and at half of them.
 */
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import {
  Change,
  Concurrency,
  Environment,
  EnvironmentTest,
  Firebreak,
  GoNoGo,
  HealthGate,
  LambdaWorkload,
  Party,
  PathToLive,
  TrafficStrategy,
} from '../../../lib';
import { env } from './live';

const SERVICE = `const { PATH_TO_LIVE_VERSION: version, BROKEN: broken } = process.env;
exports.handler = async ({ path }) => ({
  statusCode: path === '/health' && broken ? 500 : 200,
  headers: { 'content-type': 'application/json', 'x-service-version': version },
  body: JSON.stringify({ version }),
});`;

const app = new App();
const authority = Party.of('Change authority', { members: [`arn:aws:iam::${env.account}:role/InFlightAuthority`] });
const longest = Duration.hours(1);
const second = Duration.seconds(1);

new PathToLive(app, 'InFlight', {
  hub: env,
  workload: new LambdaWorkload({ code: Code.fromInline(SERVICE), handler: 'index.handler', healthCheckPath: '/health' }),
  removalPolicy: RemovalPolicy.DESTROY,
  concurrency: app.node.tryGetContext('concurrency') === 'newestWins' ? Concurrency.newestWins({ longest }) : Concurrency.queue({ longest }),
  environments: [
    new Environment('Production', {
      env,
      tests: [EnvironmentTest.http('/health')],
      healthGates: [HealthGate.http('/health')],
      firebreak: Firebreak.parties([authority]).when(Change.needsManualTest()),
      goNoGo: GoNoGo.by(authority),
      traffic: TrafficStrategy.steps([
        { percent: 50, bakeTime: second, pauseFor: GoNoGo.by(authority) },
        { percent: 100, bakeTime: second },
      ]),
    }),
  ],
});

const people = new Stack(app, 'InFlightPeople', { env });
for (const roleName of ['InFlightManager', 'InFlightAuthority']) new Role(people, roleName, { roleName, assumedBy: new AccountRootPrincipal() });
