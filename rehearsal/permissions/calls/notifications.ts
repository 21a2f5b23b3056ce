import type { Assembly, Resource } from '../assembly/assembly';
import { type Attempt, derived, requestOf, roleCaller, serviceCaller } from './attempt';

/** What services tell one another by themselves: alarms a topic, topics and rules a function, and what could not be told a queue. */
export function notificationAttempts(assembly: Assembly): Attempt[] {
  return [
    ...assembly.resources('AWS::CloudWatch::Alarm').flatMap(alarm),
    ...assembly.resources('AWS::SNS::Subscription').flatMap(subscription),
    ...assembly.resources('AWS::Events::Rule').flatMap((rule) => ruled(rule)),
    ...assembly.resources('AWS::Scheduler::Schedule').flatMap(scheduled),
  ];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
function alarm({ id, stack, properties }: Resource): Attempt[] {
  const source = { 'aws:SourceAccount': stack.account, 'aws:SourceArn': `arn:aws:cloudwatch:${stack.region}:${stack.account}:alarm:${id}` };
  const topics = [properties.AlarmActions ?? [], properties.OKActions ?? []].flat(2).map(String);
  return [...new Set(topics)].map((topic) =>
    derived(`the alarm ${id} fires`, requestOf(serviceCaller('cloudwatch.amazonaws.com'), 'sns:Publish', topic, source)),
  );
}

/**
 * Delivering, and, where the topic is another account's, subscribing in the first place: CloudFormation does that as the role that deploys the
 * stack of the subscription.
 */
function subscription({ stack, properties }: Resource): Attempt[] {
  const { TopicArn, Endpoint, Protocol } = properties as Readonly<Record<string, string>>;
  if (Protocol !== 'lambda' || TopicArn === undefined || Endpoint === undefined) return [];
  const told = requestOf(serviceCaller('sns.amazonaws.com'), 'lambda:InvokeFunction', Endpoint, { 'aws:SourceArn': TopicArn });
  const deployer = roleCaller(`arn:aws:iam::${stack.account}:role/cdk-hnb659fds-cfn-exec-role-${stack.account}-${stack.region}`);
  const subscribed = requestOf(deployer, 'sns:Subscribe', TopicArn, { 'sns:Protocol': Protocol, 'sns:Endpoint': Endpoint });
  return [derived(`${TopicArn.split(':').at(-1)} tells its subscriber`, told), derived(`${stack.stackName} subscribes to ${TopicArn}`, subscribed)];
}

interface Target {
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly DeadLetterConfig?: { readonly Arn: string };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html */
function ruled({ id, stack, properties }: Resource): Attempt[] {
  const source = { 'aws:SourceArn': `arn:aws:events:${stack.region}:${stack.account}:rule/${id.replace('|', '/')}`, 'aws:SourceAccount': stack.account };
  const events = serviceCaller('events.amazonaws.com');
  return ((properties.Targets ?? []) as Target[]).flatMap((target) => [
    ...reach(`the rule ${id}`, events.arn, target, source, stack.account),
    ...(target.DeadLetterConfig
      ? [derived(`the rule ${id} gives an event up`, requestOf(events, 'sqs:SendMessage', target.DeadLetterConfig.Arn, source))]
      : []),
  ]);
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role */
function scheduled({ id, stack, properties }: Resource): Attempt[] {
  const source = { 'aws:SourceAccount': stack.account, 'aws:SourceArn': `arn:aws:scheduler:${stack.region}:${stack.account}:schedule-group/default` };
  return reach(`the schedule ${id}`, 'scheduler.amazonaws.com', properties.Target as Target, source, stack.account);
}

/** A target that names a role is reached as that role, any other as the service itself. */
function reach(who: string, service: string, { Arn, RoleArn }: Target, source: Readonly<Record<string, string>>, account: string): Attempt[] {
  const action = Arn.includes(':lambda:')
    ? 'lambda:InvokeFunction'
    : Arn.includes(':states:')
      ? 'states:StartExecution'
      : Arn.includes(':sqs:')
        ? 'sqs:SendMessage'
        : 'events:PutEvents';
  if (RoleArn === undefined) return [derived(`${who} tells its target`, requestOf(serviceCaller(service), action, Arn, source))];
  return [
    derived(`${who} acts as a role`, requestOf(serviceCaller(service), 'sts:AssumeRole', RoleArn, source, account)),
    derived(`${who} tells its target`, requestOf(roleCaller(RoleArn), action, Arn)),
  ];
}
