/**
 * Weighted switching on a load balancer that serves users now. You have an Application Load Balancer, a VPC, a service behind a target group, and a
 * pipeline; they stay as they are. Change the identifiers below to yours and run, from the pipeline you have:
 *
 * ```
 * npx cdk deploy --all --app "node --import tsx existing-alb.ts"    # once: every request still goes to your own service
 * npx ptl release 1.0.0 --app "node --import tsx existing-alb.ts"   # for each version: 10, 50, 100 percent, watched
 * npx ptl roll-back Production --reason "…"                         # back to your own service
 * npx ptl retire --reason "…" --yes                                 # out again: your own service has everything, the slots are gone
 * ```
 *
 * Outside this repository it imports from `path-to-live`. docs/adopting.md says where to find each identifier.
 */
import { join } from 'node:path';
import { App, Duration } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Entrance, Environment, EnvironmentTest, Firebreak, GoNoGo, HealthGate, LambdaWorkload, PathToLive, TrafficStrategy } from '../../lib';

export const app = new App();

/** An identifier of yours: edit it here, or give it by `-c <name>=…`. */
const yours = (name: string, identifier: string): string => app.node.tryGetContext(name) ?? identifier;

/** The same for a number. */
function wholeNumber(name: string, number: number): number {
  const given = yours(name, String(number));
  if (/^\d+$/.test(given)) return Number(given);
  throw new Error(`-c ${name}=${given}: it must be a whole number, for example ${number}`);
}

const env = { account: yours('account', '111111111111'), region: yours('region', 'eu-west-2') };
/** Below which path of your listener the service is: its own rule there takes this, and what is under it. */
const path = yours('path', '/pay');
const arn = `arn:aws:elasticloadbalancing:${env.region}:${env.account}`;

const entrance = Entrance.existingListener({
  listenerArn: yours('listener', `${arn}:listener/app/front/50dc6c495c0c9188/f2f7dc8efc522ab2`),
  url: yours('url', 'https://www.example.com'),
  vpcId: yours('vpc', 'vpc-0a1b2c3d4e5f60718'),
  rulePriority: wholeNumber('rulePriority', 200), // 200-210 are free, and your own rule comes behind them
  pathPatterns: [path, `${path}/*`], // exactly what your own rule takes
  currentlyServing: yours('serving', `${arn}:targetgroup/pay/73e2d6bc24d8a067`),
  // Users who come by another rule, of this listener or another of the load balancer: moved with the first one, as one. Leave it out where there are none.
  furtherRules: [
    {
      name: 'Partners',
      priority: 211, // free, and your own rule comes behind it
      pathPatterns: ['/partners', '/partners/*'],
      currentlyServing: yours('partners', `${arn}:targetgroup/partners/a0673e2d6bc24d87`),
    },
  ],
});

new PathToLive(app, 'Pay', {
  hub: env,
  workload: new LambdaWorkload({ code: Code.fromAsset(join(__dirname, 'service')), handler: 'index.handler', environment: { BASE_PATH: path } }),
  environments: [
    new Environment('Production', {
      env,
      entrance,
      tests: [EnvironmentTest.http(`${path}/health`)],
      healthGates: [HealthGate.http(`${path}/health`)],
      traffic: TrafficStrategy.canary({ steps: [10, 50], bakeTime: Duration.seconds(wholeNumber('bakeSeconds', 600)) }),
      firebreak: Firebreak.none({ reason: 'the pipeline that releases is behind a review of its own' }),
      goNoGo: GoNoGo.none({ reason: 'the tests in the shadow decide' }),
    }),
  ],
});
