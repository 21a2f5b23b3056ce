/** The path to live that the faults happen on: one environment, with everything a state can be about that does not need minutes. */
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Environment, EnvironmentTest, Firebreak, GoNoGo, HealthAlarm, HealthGate, LambdaWorkload, Party, PathToLive, TrafficStrategy } from '../../../lib';
import { ACCOUNT, REGION } from '../../../rehearsal/emulator/environment';
import { ANSWERED_BY } from '../../../rehearsal/traffic/generator';
import { ENVIRONMENT, PATH } from '../names';

/** Raised by whoever puts this metric: a team's own alarm, beside the one that counts what a slot failed. */
export const ORDERS = { alarm: 'FaultsOrders', namespace: 'Faults', metric: 'OrdersFailed', periodSeconds: 10 } as const;
/** Role of the one who decides. */
export const AUTHORITY = 'FaultsAuthority';
/** The first of two steps; the second is all of the traffic. */
export const FIRST_PERCENT = 50;

const SERVICE = `exports.handler = async ({ path }) => {
  const { PATH_TO_LIVE_VERSION: version, PATH_TO_LIVE_COLOUR: colour, BAD } = process.env;
  const headers = { '${ANSWERED_BY.version}': version, '${ANSWERED_BY.colour}': colour };
  return { statusCode: BAD && path !== '/health' ? 500 : 200, isBase64Encoded: false, headers, body: version };
};`;

export interface Synthesized {
  /** @default - the platform alone */
  readonly version?: string;
  /** Answers users with 500; its health is fine. @default false */
  readonly bad?: boolean;
  /** Which deployment of the hub this is: each has functions and machines of its own. @default 0 */
  readonly deployment?: number;
  /** Directory of the assembly. */
  readonly outdir?: string;
}

export function faultsApp({ version, bad = false, deployment = 0, outdir }: Synthesized = {}): { readonly app: App; readonly path: PathToLive } {
  const context = { 'aws:cdk:disable-asset-staging': true, 'aws:cdk:disable-creation-stack-traces': true, ...(version && { release: version }) };
  const app = new App({ analyticsReporting: false, treeMetadata: false, outdir, context });
  const env = { account: ACCOUNT, region: REGION };
  const role = `arn:aws:iam::${ACCOUNT}:role/${AUTHORITY}`;
  const path = new PathToLive(app, PATH, {
    hub: env,
    workload: new LambdaWorkload({ code: Code.fromInline(SERVICE), handler: 'index.handler', environment: bad ? { BAD: 'true' } : {} }),
    removalPolicy: RemovalPolicy.DESTROY,
    environments: [
      new Environment(ENVIRONMENT, {
        env,
        tests: [EnvironmentTest.http('/health')],
        healthGates: [HealthGate.alarms([HealthAlarm.serverErrors(), HealthAlarm.fromAlarmName(ORDERS.alarm)]), HealthGate.http('/health')],
        firebreak: Firebreak.none({ reason: 'the go/no-go asks, too, and the firebreak is a state of another machine' }),
        goNoGo: GoNoGo.by(Party.of('Change authority', { members: [role] })),
        traffic: TrafficStrategy.canary({ steps: [FIRST_PERCENT], bakeTime: Duration.seconds(2) }),
      }),
    ],
  });
  for (const child of path.hub.node.findAll()) if (child instanceof LambdaFunction) child.addEnvironment('DEPLOYMENT', String(deployment));
  team(app, env);
  return { app, path };
}

/** What the team has beside its path. */
function team(app: App, env: { readonly account: string; readonly region: string }): void {
  const stack = new Stack(app, 'FaultsTeam', { env });
  new Role(stack, 'Authority', { roleName: AUTHORITY, assumedBy: new AccountRootPrincipal() });
  new CfnAlarm(stack, 'Orders', {
    alarmName: ORDERS.alarm,
    namespace: ORDERS.namespace,
    metricName: ORDERS.metric,
    statistic: 'Sum',
    period: ORDERS.periodSeconds,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    treatMissingData: 'notBreaching',
    alarmActions: [`arn:aws:sns:${env.region}:${env.account}:${PATH}-${ENVIRONMENT}-alarms`],
  });
}
