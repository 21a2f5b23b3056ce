/**
 * A stack a team has already, on its path to live: `npx cdk deploy --all --app "node --import tsx examples/own-stack/own-stack.ts"` puts the platform in
 * place, `npx ptl release 1.0.0 --app …` takes the stack through it. docs/workloads.md says what a slot must offer.
 */
import { App } from 'aws-cdk-lib';
import { Environment, EnvironmentTest, Firebreak, GoNoGo, PathToLive, TrafficStrategy } from '../../lib';
import { OrdersWorkload } from './orders-stack';

export const app = new App();

const account: string = app.node.tryGetContext('account') ?? process.env.CDK_DEFAULT_ACCOUNT ?? '111111111111';
const region: string = app.node.tryGetContext('region') ?? process.env.CDK_DEFAULT_REGION ?? 'eu-west-2';
const env = { account, region };
const tests = [EnvironmentTest.http('/health')];

new PathToLive(app, 'Orders', {
  hub: env,
  workload: new OrdersWorkload(),
  environments: [
    new Environment('Integration', { env, tests }),
    new Environment('Production', {
      env,
      tests,
      firebreak: Firebreak.none({ reason: 'an example' }),
      goNoGo: GoNoGo.none({ reason: 'an example: its tests decide' }),
      traffic: TrafficStrategy.allAtOnce(),
    }),
  ],
});
