import { setTimeout as wait } from 'node:timers/promises';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AwsV4Signer } from 'aws4fetch';
import type { StatusView } from '../../lambda/contract';
import type { Aws } from '../aws';
import { Problem } from '../problem';
import type { Person } from './people';

const LOOK_EVERY_MS = 700;

/** Looks at the hub through its API, to know when somebody's part has come. */
export class Hub {
  private constructor(
    private readonly url: string,
    private readonly region: string,
    private readonly watcher: Person,
    private readonly patienceSeconds: number,
  ) {}

  /** @param patienceSeconds how long anybody waits for their part */
  static async find(aws: Aws, path: string, watcher: Person, patienceSeconds: number): Promise<Hub> {
    const { Parameter } = await new SSMClient(aws.client).send(new GetParameterCommand({ Name: `/path-to-live/${path}/api-url` }));
    return new Hub(Parameter?.Value ?? '', aws.region, watcher, patienceSeconds);
  }

  async status(): Promise<StatusView> {
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '', AWS_SESSION_TOKEN: sessionToken } = this.watcher.env;
    const signer = new AwsV4Signer({ url: `${this.url}/status`, service: 'execute-api', region: this.region, accessKeyId, secretAccessKey, sessionToken });
    const { url, headers } = await signer.sign();
    const answer = await fetch(url, { headers });
    if (!answer.ok) throw new Problem(`The hub did not answer GET /status: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as StatusView;
  }

  /**
   * Looks until it is so.
   *
   * @param what for the message, for example `1.1.0 waits at the firebreak`
   * @throws Problem when it is not so in time
   */
  async until(what: string, isSo: (status: StatusView) => boolean, timeoutSeconds = this.patienceSeconds): Promise<StatusView> {
    for (const begun = Date.now(); ; await wait(LOOK_EVERY_MS)) {
      const status = await this.status();
      if (isSo(status)) return status;
      if (Date.now() - begun > timeoutSeconds * 1000) {
        const now = status.releases.map(({ version, now }) => `${version}: ${now}`).join('; ');
        throw new Problem(`After ${timeoutSeconds} s it is still not so that ${what}. The hub says: ${now || 'no release is under way'}.`);
      }
    }
  }
}
