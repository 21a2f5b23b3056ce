import { nameIn } from '../read/functions';
import type { ReviewedPath } from '../read/reviewed-path';
import { encryptedAs, encryptedAtRest } from './encryption';

/** Something that keeps data. */
export interface DataStore {
  readonly stack: string;
  readonly name: string;
  readonly type: string;
  /** How it is encrypted at rest, and with whose key. */
  readonly key: string;
  /** Whether its template has it encrypted; undefined: AWS does it unasked, or the template does not settle it. */
  readonly encrypted?: boolean;
  readonly kept: string;
  /** What becomes of it when it leaves the template, or its stack is removed. */
  readonly removed: string;
}

type Properties = Readonly<Record<string, unknown>>;

interface Reading {
  readonly key: (properties: Properties, type: string) => string;
  readonly kept: (properties: Properties) => string;
}

const own = (key: unknown) => `customer-managed key ${String(key).split('/').at(-1)}`;
const keyOr = (otherwise: string, property: string) => (properties: Properties) => (properties[property] === undefined ? otherwise : own(properties[property]));

/** Type -> how its template says what it does. What AWS does without being told is in the encryption page of each service. */
const TYPES: Readonly<Record<string, Reading>> = {
  'AWS::DynamoDB::Table': {
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
    key: ({ SSESpecification: sse }) => {
      const { SSEEnabled, KMSMasterKeyId } = (sse ?? {}) as { SSEEnabled?: boolean; KMSMasterKeyId?: string };
      if (KMSMasterKeyId !== undefined) return own(KMSMasterKeyId);
      return SSEEnabled ? 'AWS-managed key aws/dynamodb' : 'key owned by AWS (DynamoDB’s default)';
    },
    kept: ({ PointInTimeRecoverySpecification: recovery, DeletionProtectionEnabled, TimeToLiveSpecification: ttl }) =>
      listed([
        'until deleted',
        (recovery as { PointInTimeRecoveryEnabled?: boolean } | undefined)?.PointInTimeRecoveryEnabled ? 'point-in-time recovery' : 'no point-in-time recovery',
        DeletionProtectionEnabled ? 'protected against deletion' : 'not protected against deletion',
        ttl === undefined ? '' : 'items may expire',
      ]),
  },
  'AWS::S3::Bucket': {
    key: ({ BucketEncryption }) => {
      const [rule] = ((BucketEncryption as { ServerSideEncryptionConfiguration?: unknown[] } | undefined)?.ServerSideEncryptionConfiguration ?? []) as {
        ServerSideEncryptionByDefault?: { SSEAlgorithm?: string; KMSMasterKeyID?: string };
      }[];
      const { SSEAlgorithm, KMSMasterKeyID } = rule?.ServerSideEncryptionByDefault ?? {};
      if (KMSMasterKeyID !== undefined) return own(KMSMasterKeyID);
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
      return SSEAlgorithm === 'aws:kms' ? 'AWS-managed key aws/s3' : 'S3’s own keys (SSE-S3)';
    },
    kept: ({ LifecycleConfiguration, VersioningConfiguration }) => {
      const rules = ((LifecycleConfiguration as { Rules?: unknown[] } | undefined)?.Rules ?? []) as { ExpirationInDays?: number }[];
      const days = rules.flatMap(({ ExpirationInDays }) => ExpirationInDays ?? []);
      const versions = (VersioningConfiguration as { Status?: string } | undefined)?.Status === 'Enabled' ? 'versioned' : 'not versioned';
      return listed([days.length === 0 ? 'until deleted' : `${Math.min(...days)} days`, versions]);
    },
  },
  'AWS::Logs::LogGroup': {
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    key: keyOr('CloudWatch Logs’ own keys', 'KmsKeyId'),
    kept: ({ RetentionInDays: days }) => (days === undefined ? 'for ever' : `${days} days`),
  },
  'AWS::SecretsManager::Secret': {
    key: keyOr('AWS-managed key aws/secretsmanager', 'KmsKeyId'),
    kept: () => 'until deleted, then 30 days at most in recovery',
  },
  'AWS::SNS::Topic': { key: keyOr('no key of its own (messages pass through)', 'KmsMasterKeyId'), kept: () => 'until delivered' },
  'AWS::SQS::Queue': {
    key: keyOr('SQS’s own keys (SSE-SQS)', 'KmsMasterKeyId'),
    kept: ({ MessageRetentionPeriod: seconds = 345_600 }) => `${Number(seconds) / 86_400} days`,
  },
  'AWS::SSM::Parameter': { key: () => 'plain text, encrypted at rest by Systems Manager; no secret', kept: () => 'until deleted' },
  'AWS::Events::EventBus': { key: keyOr('key owned by AWS', 'KmsKeyIdentifier'), kept: () => 'until delivered' },
  'AWS::StepFunctions::StateMachine': {
    // https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html and https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    key: ({ EncryptionConfiguration: encryption }) => {
      const key = (encryption as { KmsKeyId?: string } | undefined)?.KmsKeyId;
      return key === undefined ? 'key owned by AWS' : own(key);
    },
    kept: () => '90 days after an execution has ended',
  },
  'AWS::KMS::Key': {
    key: ({ EnableKeyRotation }) => (EnableKeyRotation === true ? 'rotates every year' : 'does not rotate by itself'),
    kept: ({ PendingWindowInDays: days = 30 }) => `${days} days in recovery after it is deleted`,
  },
};

/** Other resources that hold what cannot be made again; of these the review repeats what their template says of keys. */
const OTHER =
  /^AWS::(RDS|DocDB|Neptune|Redshift|RedshiftServerless|ElastiCache|MemoryDB|EFS|FSx|OpenSearchService|Kinesis|KinesisFirehose|MSK|Cognito|Backup|ECR|Timestream|Cassandra|DSQL|QLDB)::(?!.*(Policy|(Subnet|Parameter|Security|Option|User)Group$|Association|Attachment|EventSubscription|Proxy))/;

/** Everything that keeps data: how it is encrypted, how long it is kept, what becomes of it. */
export function dataOf({ stacks, values }: ReviewedPath): DataStore[] {
  return stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources ?? {}).flatMap(([logicalId, { Type, DeletionPolicy }]) => {
      const reading = TYPES[Type] ?? (OTHER.test(Type) ? ANYTHING : undefined);
      if (reading === undefined) return [];
      const properties = values.properties(stack, logicalId);
      const encrypted = encryptedAtRest(Type, properties);
      return [
        {
          stack: stack.stackName,
          name: nameIn(stack, logicalId),
          type: Type,
          key: encrypted === false ? 'NOT ENCRYPTED' : reading.key(properties, Type),
          ...(encrypted !== undefined && { encrypted }),
          kept: reading.kept(properties),
          removed: removal(DeletionPolicy, Type),
        },
      ];
    }),
  );
}

const ANYTHING: Reading = {
  key: (properties, type) => {
    const said = Object.entries(properties).filter(([name]) => /encrypt|kms/i.test(name));
    return said.length === 0
      ? (encryptedAs(type, properties) ?? 'the template says nothing of encryption')
      : said.map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ');
  },
  kept: (properties) => {
    const days = properties.BackupRetentionPeriod;
    return days === undefined ? 'until deleted' : `until deleted, backups ${days} days`;
  },
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html */
function removal(policy: string | undefined, type: string): string {
  const snapshot = /^AWS::(RDS::DBCluster|RDS::DBInstance|Redshift::Cluster|DocDB::DBCluster|Neptune::DBCluster|EC2::Volume)$/;
  const chosen = policy ?? (snapshot.test(type) ? 'Snapshot' : 'Delete');
  return { Retain: 'stays', RetainExceptOnCreate: 'stays, unless its first deployment fails', Snapshot: 'deleted, a snapshot stays' }[chosen] ?? 'deleted';
}

function listed(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
