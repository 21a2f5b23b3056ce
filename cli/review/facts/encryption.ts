type Properties = Readonly<Record<string, unknown>>;

/**
 * Types that AWS encrypts at rest only when it is asked to, and the property that asks. Others are encrypted without a word, or nothing is known about them here.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ has the default of each.
 */
const ASKS: Readonly<Record<string, (properties: Properties) => unknown>> = {
  'AWS::RDS::DBInstance': ({ StorageEncrypted }) => StorageEncrypted,
  'AWS::RDS::DBCluster': ({ StorageEncrypted }) => StorageEncrypted,
  'AWS::DocDB::DBCluster': ({ StorageEncrypted }) => StorageEncrypted,
  'AWS::Neptune::DBCluster': ({ StorageEncrypted }) => StorageEncrypted,
  'AWS::Redshift::Cluster': ({ Encrypted }) => Encrypted,
  'AWS::EFS::FileSystem': ({ Encrypted }) => Encrypted,
  'AWS::ElastiCache::ReplicationGroup': ({ AtRestEncryptionEnabled }) => AtRestEncryptionEnabled,
  'AWS::OpenSearchService::Domain': ({ EncryptionAtRestOptions }) => (EncryptionAtRestOptions as { Enabled?: unknown } | undefined)?.Enabled,
  'AWS::Kinesis::Stream': ({ StreamEncryption }) => StreamEncryption,
  // Encrypted unless somebody says no.
  'AWS::SQS::Queue': ({ SqsManagedSseEnabled, KmsMasterKeyId }) => KmsMasterKeyId !== undefined || String(SqsManagedSseEnabled ?? true) !== 'false',
};

/** What is encrypted as something else is: the cluster it is of, or what it is made from. */
const AS_ANOTHER = [
  'DBClusterIdentifier',
  'SnapshotIdentifier',
  'DBSnapshotIdentifier',
  'SourceDBInstanceIdentifier',
  'SourceDBClusterIdentifier',
  'ReplicationSourceIdentifier',
];

/** Whether its template has it encrypted at rest; undefined: AWS does it unasked, or another resource decides, or nothing is known. */
export function encryptedAtRest(type: string, properties: Properties): boolean | undefined {
  const asks = ASKS[type];
  if (asks === undefined || (type.includes('::DB') && AS_ANOTHER.some((name) => name !== ownName(type) && properties[name] !== undefined))) return undefined;
  const asked = asks(properties);
  return asked !== undefined && String(asked) !== 'false';
}

/** A cluster may name itself by the property that says, of an instance, whose it is. */
function ownName(type: string): string | undefined {
  return type.endsWith('::DBCluster') ? 'DBClusterIdentifier' : undefined;
}
