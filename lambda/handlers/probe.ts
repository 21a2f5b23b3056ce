import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { httpAnswer } from '../adapters/http-answer';
import { SecretValue } from '../adapters/secret-value';
import { SystemClock } from '../adapters/system-clock';
import { messageOf } from '../adapters/transient-error';
import { HEADERS, PROBE_ENV, type ProbeAnswer, type ProbeRequest } from '../contract';
import { patience } from './environment-clients';
import { jsonLog, required } from './task';

const BODY_CHARACTERS = 2_000;

/** Sends one request to a slot, through the load balancer and the rule that only the environment's own tests know the key of. */
export function probe(url: string, testKey: Pick<SecretValue, 'read'>) {
  return async ({ colour, path, timeoutSeconds }: ProbeRequest): Promise<ProbeAnswer> => {
    const started = performance.now();
    const milliseconds = () => Math.round(performance.now() - started);
    try {
      const key = await testKey.read();
      const headers = { [HEADERS.slot]: colour, [HEADERS.test]: key, 'user-agent': 'path-to-live-probe' };
      const { status, body } = await httpAnswer({ url: new URL(path, url), headers, timeoutMs: timeoutSeconds * 1_000, keep: BODY_CHARACTERS });
      // A service that echoes its headers must not carry the key into the evidence.
      return { status, milliseconds: milliseconds(), body: body.replaceAll(key, '(test key)') };
    } catch (error) {
      return { status: 0, milliseconds: milliseconds(), body: '', error: messageOf(error) };
    }
  };
}

let run: ReturnType<typeof probe> | undefined;

export async function handler(request: ProbeRequest): Promise<ProbeAnswer> {
  run ??= probe(required(PROBE_ENV.url), new SecretValue(new SecretsManagerClient(patience()), required(PROBE_ENV.testSecret), new SystemClock()));
  const answer = await run(request);
  const { status, milliseconds, error } = answer;
  jsonLog().info('probed', { ...request, status, milliseconds, error });
  return answer;
}
