import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { AwsV4Signer } from 'aws4fetch';
import type { Aws } from '../aws';
import { Problem } from '../problem';

/** Deletes a log group; one that is not there is no news. One call, for which a whole client would be too much. */
export async function deleteLogGroup({ region, client }: Aws, logGroupName: string): Promise<void> {
  const { accessKeyId, secretAccessKey, sessionToken } = client.credentials
    ? { ...client.credentials, sessionToken: undefined }
    : await fromNodeProviderChain()();
  const endpoint = client.endpoint ?? process.env.AWS_ENDPOINT_URL ?? `https://logs.${region}.amazonaws.com`;
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.DeleteLogGroup' };
  const body = JSON.stringify({ logGroupName });
  const signer = new AwsV4Signer({ url: `${endpoint}/`, method: 'POST', headers, body, service: 'logs', region, accessKeyId, secretAccessKey, sessionToken });
  const signed = await signer.sign();
  const answer = await fetch(signed.url, { method: 'POST', headers: signed.headers, body });
  const said = await answer.text();
  if (!answer.ok && !said.includes('ResourceNotFoundException'))
    throw new Problem(`The log group ${logGroupName} could not be deleted: ${answer.status} ${said}`);
}
