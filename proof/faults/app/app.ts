/** The paths to live that the faults happen on: one environment each, with everything a state can be about that does not need minutes. */
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LambdaWorkload, PathToLive } from '../../../lib';
import { ACCOUNT, REGION } from '../../../rehearsal/emulator/environment';
import { ANSWERED_BY } from '../../../rehearsal/traffic/generator';
import { authorityOf, ordersOf, PLACES, type PlaceName } from '../names';
import { ENVIRONMENTS } from './environments';
import { type Brings, broughtBy, Stock } from './stock';

const SERVICE = `exports.handler = async ({ path }) => {
  const { PATH_TO_LIVE_VERSION: version, PATH_TO_LIVE_COLOUR: colour, BAD } = process.env;
  const headers = { '${ANSWERED_BY.version}': version, '${ANSWERED_BY.colour}': colour };
  return { statusCode: BAD && path !== '/health' ? 500 : 200, isBase64Encoded: false, headers, body: version };
};`;

export interface Synthesized {
  readonly place: PlaceName;
  /** @default - the platform alone */
  readonly version?: string;
  /** Answers users with 500; its health is fine. @default false */
  readonly bad?: boolean;
  /** What it does to the state that slots share. @default - nothing */
  readonly brings?: Brings;
  /** The version that brought it first. @default - this one */
  readonly as?: string;
  /** Which deployment of the hub this is: each has functions and machines of its own. @default 0 */
  readonly deployment?: number;
  /** Directory of the assembly. */
  readonly outdir?: string;
}

export function faultsApp({ place, version, bad = false, brings, as = version, deployment = 0, outdir }: Synthesized): {
  readonly app: App;
  readonly path: PathToLive;
} {
  const context = { 'aws:cdk:disable-asset-staging': true, 'aws:cdk:disable-creation-stack-traces': true, ...(version && { release: version }) };
  const app = new App({ analyticsReporting: false, treeMetadata: false, outdir, context });
  const env = { account: ACCOUNT, region: REGION };
  const path = new PathToLive(app, PLACES[place].path, {
    hub: env,
    workload: new LambdaWorkload({ code: Code.fromInline(SERVICE), handler: 'index.handler', environment: bad ? { BAD: 'true' } : {} }),
    removalPolicy: RemovalPolicy.DESTROY,
    environments: [ENVIRONMENTS[place](env)],
    ...(place === 'Shop' && { sharedState: new Stock() }),
    ...(brings && { migrations: [broughtBy(brings, as)] }),
  });
  for (const child of path.hub.node.findAll()) if (child instanceof LambdaFunction) child.addEnvironment('DEPLOYMENT', String(deployment));
  team(app, place, env);
  return { app, path };
}

/** What the team has beside its path. */
function team(app: App, name: PlaceName, env: { readonly account: string; readonly region: string }): void {
  const place = PLACES[name];
  const stack = new Stack(app, `${place.path}Team`, { env });
  new Role(stack, 'Authority', { roleName: authorityOf(place), assumedBy: new AccountRootPrincipal() });
  const { alarm: alarmName, namespace, metric: metricName, periodSeconds: period } = ordersOf(place);
  new CfnAlarm(stack, 'Orders', {
    alarmName,
    namespace,
    metricName,
    statistic: 'Sum',
    period,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    treatMissingData: 'notBreaching',
    alarmActions: [`arn:aws:sns:${env.region}:${env.account}:${place.path}-${place.environment}-alarms`],
  });
}
