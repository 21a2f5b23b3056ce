import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from '../constructs/environments';
import { AlarmSubscriptions } from '../constructs/front-door/alarm-subscriptions';
import { PathStack } from './path-stack';

export interface AlarmSubscriptionsStackProps extends StackProps {
  /** Id of the path to live. */
  readonly path: string;
  /** Environments in other accounts than the hub's. */
  readonly environments: Environment[];
}

/** In the hub's account, after the front doors: makes the hub hear the alarms of environments in other accounts. */
export class AlarmSubscriptionsStack extends PathStack {
  constructor(scope: Construct, id: string, { path, environments, ...props }: AlarmSubscriptionsStackProps) {
    super(scope, id, { ...props, stackName: `${path}-Alarms`, description: `${path}: alarms of environments in other accounts` });
    new AlarmSubscriptions(this, 'Subscriptions', { path, environments });
  }
}
