import { AwsV4Signer } from 'aws4fetch';
import { REGION } from '../../rehearsal/emulator/environment';
import type { Integ } from './integ';

/** The services that are asked so: their SDK clients are no dependency of this project. */
const TARGETS = { sqs: 'AmazonSQS', logs: 'Logs_20140328' } as const;

/** What `aws <service> <call>` asks, and is answered. */
export async function askAws<Answer>({ emulator }: Integ, service: keyof typeof TARGETS, call: string, body: object): Promise<Answer> {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = emulator.env;
  const signer = new AwsV4Signer({
    ...{ accessKeyId, secretAccessKey, service, region: REGION },
    method: 'POST',
    url: `${emulator.endpoint}/`,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `${TARGETS[service]}.${call}` },
    body: JSON.stringify(body),
  });
  const signed = await signer.sign();
  const response = await fetch(signed.url, signed);
  const text = await response.text();
  if (!response.ok) throw new Error(`${call}: ${response.status} ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as Answer;
}
