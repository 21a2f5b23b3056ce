import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Environment } from '../environments/environment';
import { PathNames } from '../private/names';
import { alarmFunctionArn } from './alarm-subscriptions';

export interface AlarmTopicProps {
  readonly path: string;
  readonly environment: Environment;
  /** Whose function listens. */
  readonly hub: { readonly account: string; readonly region: string };
}

/**
 * What the alarms of an environment's slots tell: CloudWatch publishes, the hub's function listens.
 *
 * A function in another account is subscribed from there, see `AlarmSubscriptions`: a subscription made here would wait for a confirmation that a
 * function cannot give.
 *
 * Not encrypted with a key of its own: what is in it is the name and the state of an alarm, and with the key that AWS manages for SNS CloudWatch
 * could not publish at all, https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html.
 */
export class AlarmTopic extends Construct {
  readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, { path, environment, hub }: AlarmTopicProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    const names = new PathNames(path);
    this.topic = new sns.Topic(this, 'Topic', { topicName: names.environment(environment.name).alarmTopic, enforceSSL: true });
    this.allow('AlarmsOfThisAccount', 'sns:Publish', new iam.ServicePrincipal('cloudwatch.amazonaws.com'), { 'aws:SourceAccount': account });
    if (hub.account === account) {
      new sns.Subscription(this, 'Hub', { topic: this.topic, protocol: sns.SubscriptionProtocol.LAMBDA, endpoint: alarmFunctionArn(this, path, hub) });
    } else {
      this.allow('TheHubSubscribes', 'sns:Subscribe', new iam.AccountPrincipal(hub.account), { 'sns:Protocol': 'lambda' });
    }
  }

  private allow(sid: string, action: string, principal: iam.IPrincipal, equal: Record<string, string>): void {
    const resources = [this.topic.topicArn];
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({ sid, principals: [principal], actions: [action], resources, conditions: { StringEquals: equal } }),
    );
  }
}
