import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

declare const requireShared: NodeJS.Require;

test('a client that a file has mocked is itself again when the file has ended', async () => {
  const ask = () => new S3Client({ region: 'eu-west-2', endpoint: 'http://127.0.0.1:1', maxAttempts: 1 }).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
  process.env.AWS_ACCESS_KEY_ID = process.env.AWS_SECRET_ACCESS_KEY = 'none';
  mockClient(S3Client).on(GetObjectCommand).resolves({ ETag: 'mocked' });
  expect(await ask()).toMatchObject({ ETag: 'mocked' });
  requireShared(require.resolve('./unmocked-clients'))();
  await expect(ask()).rejects.toThrow('ECONNREFUSED');
});
