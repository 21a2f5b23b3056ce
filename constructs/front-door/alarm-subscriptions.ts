import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Environment } from '../environments/environment';
import { PathNames } from '../private/names';

export interface AlarmSubscriptionsProps {
  readonly path: string;
  /** Environments in other accounts. */
  readonly environments: Environment[];
}

/**
 * Subscribes the hub's function to the alarm topics of environments in other accounts, from the hub's account: only the owner of a function can
 * subscribe it without a confirmation. The topics must be there, so this comes after the front doors.
 */
export class AlarmSubscriptions extends Construct {
  constructor(scope: Construct, id: string, { path, environments }: AlarmSubscriptionsProps) {
    super(scope, id);
    for (const { name, account, region } of environments) {
      const topicName = new PathNames(path).environment(name).alarmTopic;
      new sns.CfnSubscription(this, name, {
        topicArn: Stack.of(this).formatArn({ service: 'sns', region, account, resource: topicName, arnFormat: ArnFormat.NO_RESOURCE_NAME }),
        region,
        protocol: sns.SubscriptionProtocol.LAMBDA,
        endpoint: alarmFunctionArn(this, path, Stack.of(this)),
      });
    }
  }
}

/**
 * The hub's function that hears of alarms; by name, because the hub is in another stack, often in another account.
 *
 * @internal
 */
export function alarmFunctionArn(scope: Construct, path: string, hub: { readonly account: string; readonly region: string }): string {
  const { account, region } = hub;
  const resourceName = new PathNames(path).hubAlarmFunction;
  return Stack.of(scope).formatArn({ service: 'lambda', account, region, resource: 'function', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}
