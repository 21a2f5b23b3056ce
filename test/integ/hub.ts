import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Identity } from '../../cli/hub/aws';
import { HubApi } from '../../cli/hub/hub-api';
import { processSurroundings } from '../../cli/surroundings';
import { REGION } from '../../rehearsal/emulator/environment';
import type { Integ } from './integ';

const surroundings = processSurroundings();

/**
 * The hub of a path, asked from within this process: for looking often, where starting `ptl` costs more than its answer.
 *
 * @param env of whoever asks; without it the account's own keys do
 */
export async function hubOf({ emulator }: Integ, path: string, env: NodeJS.ProcessEnv = emulator.env): Promise<HubApi> {
  const { Parameter } = await new SSMClient(emulator.client).send(new GetParameterCommand({ Name: `/path-to-live/${path}/api-url` }));
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '', AWS_SESSION_TOKEN: sessionToken } = env;
  const identity: Identity = {
    credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }),
    region: async () => REGION,
    who: async () => undefined,
  };
  return new HubApi({ url: Parameter?.Value ?? '', region: REGION, path }, identity, surroundings);
}
