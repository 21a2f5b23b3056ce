import { encryptedAs, encryptedAtRest } from '../../cli/review/facts/encryption';

test.each([
  ['AWS::RDS::DBInstance', { DBClusterIdentifier: 'orders' }, 'as its cluster'],
  ['AWS::RDS::DBInstance', { DBSnapshotIdentifier: 'last-night' }, 'as the snapshot it is made from'],
  ['AWS::RDS::DBInstance', { SourceDBInstanceIdentifier: 'orders' }, 'as the instance it is made from'],
  ['AWS::RDS::DBCluster', { DBClusterIdentifier: 'orders', SnapshotIdentifier: 'last-night' }, 'as the snapshot it is made from'],
  ['AWS::RDS::DBCluster', { DBClusterIdentifier: 'orders', SourceDBClusterIdentifier: 'others' }, 'as the cluster it is made from'],
  ['AWS::DocDB::DBCluster', { SnapshotIdentifier: 'last-night' }, 'as the snapshot it is made from'],
])('%s with %j is encrypted %s, which its template does not decide', (type, properties, as) => {
  expect([encryptedAs(type, properties), encryptedAtRest(type, properties)]).toEqual([as, undefined]);
});

test.each([
  ['AWS::RDS::DBCluster', { DBClusterIdentifier: 'orders' }, false],
  ['AWS::RDS::DBCluster', { DBClusterIdentifier: 'orders', StorageEncrypted: true }, true],
  ['AWS::EFS::FileSystem', { SnapshotIdentifier: 'none of its properties' }, false],
])('%s with %j is encrypted as it says itself: %s', (type, properties, encrypted) => {
  expect([encryptedAs(type, properties), encryptedAtRest(type, properties)]).toEqual([undefined, encrypted]);
});
