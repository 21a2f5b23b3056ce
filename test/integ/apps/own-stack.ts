/** The stack of a team's own on a path of one environment. */
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { OrdersWorkload } from '../../../examples/own-stack/orders-stack';
import { PathToLive } from '../../../lib';
import { env, live } from './live';

new PathToLive(new App(), 'OwnStack', { hub: env, workload: new OrdersWorkload(), removalPolicy: RemovalPolicy.DESTROY, environments: [live()] });
