import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Credentials } from '../../../cli/hub/aws';
import { HubApi } from '../../../cli/hub/hub-api';
import type { FrontDoor } from '../../../lambda/contract';
import type { Aws } from '../../../rehearsal/aws';
import { authorityOf, type Place } from '../names';
import { surroundings } from './surroundings';

/** What the platform has published about itself. */
export interface Published {
  readonly apiUrl: string;
  readonly frontDoor: FrontDoor;
}

export async function readPublished({ client }: Aws, { path, environment }: Place): Promise<Published> {
  const ssm = new SSMClient(client);
  const read = async (Name: string) => (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value ?? '';
  const frontDoor = JSON.parse(await read(`/path-to-live/${path}/${environment}/front-door`)) as FrontDoor;
  return { apiUrl: await read(`/path-to-live/${path}/api-url`), frontDoor };
}

/** The hub's API, asked with these keys. */
export function hubAs({ region }: Aws, { path }: Place, { apiUrl }: Published, credentials: () => Promise<Credentials>): HubApi {
  const identity = { credentials, region: async () => region, who: async () => undefined };
  return new HubApi({ url: apiUrl, region, path }, identity, surroundings());
}

/** Keys of who decides: anew each time, since the clock that they run out by is moved on. */
export function authority({ account, client }: Aws, place: Place): () => Promise<Credentials> {
  const sts = new STSClient(client);
  return async () => {
    const RoleArn = `arn:aws:iam::${account}:role/${authorityOf(place)}`;
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'faults' }));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  };
}
