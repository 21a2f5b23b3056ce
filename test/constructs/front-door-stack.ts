import { RemovalPolicy } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Environment, type EnvironmentProps, FrontDoorStack, type FrontDoorStackProps, LambdaWorkload } from '../../lib';
import { bundled } from '../bundles';
import { testApp } from '../test-app';

const env = { account: '222222222222', region: 'eu-west-2' };

/** The front door of Production, with a hub in the same account unless the test says otherwise. */
export function frontDoor(environment: Partial<EnvironmentProps> = {}, props: Partial<FrontDoorStackProps> = {}, app = testApp()): FrontDoorStack {
  bundled();
  return new FrontDoorStack(app, 'Production', {
    path: 'Payments',
    environment: new Environment('Production', { env, ...environment }),
    hub: env,
    workload: new LambdaWorkload({ code: Code.fromInline('exports.handler = () => 1'), handler: 'index.handler' }),
    removalPolicy: RemovalPolicy.RETAIN,
    ...props,
  });
}
