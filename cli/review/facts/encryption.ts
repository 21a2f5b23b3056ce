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

/** What is encrypted as something else is, by the property that names it: what it is made from, or the cluster it is of. */
const AS_ANOTHER: Readonly<Record<string, string>> = {
  SnapshotIdentifier: 'as the snapshot it is made from',
  DBSnapshotIdentifier: 'as the snapshot it is made from',
  SourceDBInstanceIdentifier: 'as the instance it is made from',
  SourceDBClusterIdentifier: 'as the cluster it is made from',
  ReplicationSourceIdentifier: 'as what it replicates',
  DBClusterIdentifier: 'as its cluster',
};

/** Whether its template has it encrypted at rest; undefined: AWS does it unasked, or another resource decides, or nothing is known. */
export function encryptedAtRest(type: string, properties: Properties): boolean | undefined {
  const asks = ASKS[type];
  if (asks === undefined || encryptedAs(type, properties) !== undefined) return undefined;
  const asked = asks(properties);
  return asked !== undefined && String(asked) !== 'false';
}

/** As what a database is encrypted whose own template does not decide that; undefined for any other. */
export function encryptedAs(type: string, properties: Properties): string | undefined {
  if (!type.includes('::DB')) return undefined;
  return Object.entries(AS_ANOTHER).find(([name]) => name !== ownName(type) && properties[name] !== undefined)?.[1];
}

/** A cluster may name itself by the property that says, of an instance, whose it is. */
function ownName(type: string): string | undefined {
  return type.endsWith('::DBCluster') ? 'DBClusterIdentifier' : undefined;
}
