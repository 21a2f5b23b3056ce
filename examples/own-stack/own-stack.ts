/**
 * A stack a team has already, on its path to live: `npx cdk deploy --all --app "node --import tsx examples/own-stack/own-stack.ts"` puts the platform in
 * place, `npx ptl release 1.0.0 --app …` takes the stack through it. docs/workloads.md says what a slot must offer.
 */
import { App } from 'aws-cdk-lib';
import { Environment, EnvironmentTest, Firebreak, GoNoGo, PathToLive, TrafficStrategy } from '../../lib';
import { OrdersWorkload } from './orders-stack';

export const app = new App();

/** An identifier of yours: edit it here, or give it by `-c <name>=…`. */
const yours = (name: string, identifier: string): string => app.node.tryGetContext(name) ?? identifier;

const env = { account: yours('account', '111111111111'), region: yours('region', 'eu-west-2') };
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
