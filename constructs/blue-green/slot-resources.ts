/** What kinds of CloudFormation resources mean for a slot. */

/**
 * Resources that hold what a team cannot make again. The first block is what CloudFormation's own tools call stateful, cfn-lint's
 * StatefulResources.json and `isStateful` of the CDK's service specification, but for log groups, which a version may take along, nested
 * stacks, whose resources are looked at themselves, and accounts; the second is what is of the same kind.
 */
const STATE: ReadonlySet<string> = new Set([
  'AWS::Backup::BackupVault',
  'AWS::Cognito::UserPool',
  'AWS::DocDB::DBCluster',
  'AWS::DocDB::DBInstance',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::EC2::Volume',
  'AWS::EFS::FileSystem',
  'AWS::EMR::Cluster',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::Elasticsearch::Domain',
  'AWS::FSx::FileSystem',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::Neptune::DBCluster',
  'AWS::Neptune::DBInstance',
  'AWS::OpenSearchService::Domain',
  'AWS::QLDB::Ledger',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::Redshift::Cluster',
  'AWS::S3::Bucket',
  'AWS::SDB::Domain',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',

  'AWS::AmazonMQ::Broker',
  'AWS::Cassandra::Table',
  'AWS::Cognito::IdentityPool',
  'AWS::DAX::Cluster',
  'AWS::DSQL::Cluster',
  'AWS::ECR::Repository',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::Events::Archive',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::KinesisVideo::Stream',
  'AWS::MSK::Cluster',
  'AWS::MSK::ServerlessCluster',
  'AWS::MemoryDB::Cluster',
  'AWS::OpenSearchServerless::Collection',
  'AWS::RDS::GlobalCluster',
  'AWS::RedshiftServerless::Namespace',
  'AWS::S3Express::DirectoryBucket',
  'AWS::S3Tables::TableBucket',
  'AWS::SNS::Topic',
  'AWS::SSM::Parameter',
  'AWS::Timestream::Table',
]);

/** Whether a resource of this type is state. */
export function holdsState(type: string): boolean {
  return STATE.has(type);
}

type Properties = Readonly<Record<string, unknown>>;

/** Resource type -> whether it brings events as it stands. Rules that are off, and rules of a state machine's own, do not. */
const EVENT_SOURCES: Readonly<Record<string, (properties: Properties) => boolean>> = {
  'AWS::IoT::TopicRule': ({ TopicRulePayload: payload }) => (payload as Properties | undefined)?.RuleDisabled !== true,
  'AWS::Events::Rule': ({ State }) => State !== 'DISABLED',
  'AWS::Lambda::EventSourceMapping': ({ Enabled }) => Enabled !== false,
  'AWS::Logs::SubscriptionFilter': () => true,
  'AWS::Pipes::Pipe': ({ DesiredState }) => DesiredState !== 'STOPPED',
  'AWS::SES::ReceiptRule': ({ Rule }) => (Rule as Properties | undefined)?.Enabled !== false,
  'AWS::SNS::Subscription': () => true,
  'AWS::Scheduler::Schedule': ({ State }) => State !== 'DISABLED',
  'Custom::S3BucketNotifications': () => true,
};

/** Whether a resource is an active event source: it takes work whoever serves the users. */
export function bringsEvents(type: string, properties: Properties): boolean {
  return EVENT_SOURCES[type]?.(properties) ?? false;
}

/** A rule of a security group that lets in the whole internet: what stands behind it may have a public address. */
function isFromAnywhere(rule: unknown): boolean {
  const { CidrIp, CidrIpv6 } = (rule ?? {}) as Properties;
  return CidrIp === '0.0.0.0/0' || CidrIpv6 === '::/0';
}

/** Resource type -> whether it lets requests in from outside by a way of its own. */
const ENTRANCES: Readonly<Record<string, (properties: Properties) => boolean>> = {
  'AWS::ApiGateway::RestApi': () => true,
  'AWS::ApiGatewayV2::Api': () => true,
  'AWS::AppRunner::Service': () => true,
  'AWS::AppSync::GraphQLApi': () => true,
  'AWS::CloudFront::Distribution': () => true,
  'AWS::EC2::SecurityGroup': ({ SecurityGroupIngress: rules }) => (Array.isArray(rules) ? rules : []).some(isFromAnywhere),
  'AWS::EC2::SecurityGroupIngress': isFromAnywhere,
  'AWS::ElasticLoadBalancingV2::Listener': () => true,
  'AWS::ElasticLoadBalancingV2::ListenerRule': () => true,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ Scheme }) => Scheme !== 'internal',
  'AWS::Lambda::Url': ({ AuthType }) => AuthType !== 'AWS_IAM',
};

/** Whether a resource is an entrance beside the front door. */
export function letsRequestsIn(type: string, properties: Properties): boolean {
  return ENTRANCES[type]?.(properties) ?? false;
}

/** Whether it takes the properties of a resource to say what it brings or lets in. */
export function isJudgedByProperties(type: string): boolean {
  return Object.hasOwn(EVENT_SOURCES, type) || Object.hasOwn(ENTRANCES, type);
}

/** Services and types whose names are labels, or only need to be unique within something that is the slot's own. */
const NAMES_THAT_ARE_LABELS = [
  /^AWS::ApiGateway(V2)?::/,
  /^AWS::AppConfig::/,
  /^AWS::AppSync::/,
  /^AWS::ApplicationAutoScaling::ScalingPolicy$/,
  /^AWS::AutoScaling::ScalingPolicy$/,
  /^AWS::IAM::(Policy|RolePolicy|GroupPolicy|UserPolicy)$/,
  /^AWS::Lambda::Alias$/,
  /^AWS::Logs::(MetricFilter|SubscriptionFilter)$/,
];

/**
 * The property by which a template fixes the physical name of a resource: `Name`, or the kind and `Name`, as in `FunctionName`,
 * `AlarmName` of a composite alarm, `GroupName` of a security group. A name that is put together at deployment is not fixed.
 */
export function fixedName(type: string, properties: Properties): string | undefined {
  return Object.keys(properties).find((property) => typeof properties[property] === 'string' && isNameOf(type, property));
}

/** Whether a property is the physical name of a resource of this type. */
function isNameOf(type: string, property: string): boolean {
  return property.endsWith('Name') && kindOf(type).endsWith(property.slice(0, -4)) && !NAMES_THAT_ARE_LABELS.some((pattern) => pattern.test(type));
}

/** The same of a property as constructs spell it, for example `functionName`. */
export function mayBeNameOf(type: string, property: string): boolean {
  const small = property.toLowerCase();
  return small.endsWith('name') && kindOf(type).toLowerCase().endsWith(small.slice(0, -4)) && !NAMES_THAT_ARE_LABELS.some((pattern) => pattern.test(type));
}

/** For example `Function`. */
function kindOf(type: string): string {
  return type.split('::').at(-1) ?? '';
}
