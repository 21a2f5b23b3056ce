/**
 * What the example app makes, written with aws-cdk-lib alone, as often as the environment variable SERVICES says. A yardstick for the benchmark
 * of synthesis, never deployed: the same stacks, resources and states, with literal names and without a check of anything.
 */
import { App, Stage } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PerformanceTests } from '../../examples/performance-tests/performance-tests';
import { ACCOUNT, COLOURS, PLACES, REGION } from './environments';
import { FrontDoor } from './front-door';
import { Hub } from './hub';
import { SharedState } from './shared-state';
import { Slot } from './slot';

export const app = new App();
for (const service of (process.env.SERVICES ?? '').split(',')) {
  const tests = new PerformanceTests(app, `${service}-PerformanceTests`, { env: { account: ACCOUNT, region: REGION } });
  const key = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:path-to-live/${service}/Preproduction/test-??????`;
  tests.function.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [key] }));
  const hub = new Hub(app, service, tests.function);
  for (const place of PLACES) new FrontDoor(app, service, place, tests.function).addStackDependency(hub, 'its alarms call a function of the hub');
  for (const { name } of PLACES) new SharedState(app, service, name);
  const release = new Stage(app, `${service}-Release`);
  for (const place of PLACES) {
    for (const colour of COLOURS) new Slot(release, service, place, colour);
  }
}
