import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Aws } from '../aws';
import type { Person } from './people';

/** Reads secrets as somebody, with nothing but their own rights. */
export class Secrets {
  private readonly client: SecretsManagerClient;

  constructor({ client }: Aws, { env }: Person) {
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '', AWS_SESSION_TOKEN: sessionToken } = env;
    this.client = new SecretsManagerClient({ ...client, credentials: { accessKeyId, secretAccessKey, sessionToken } });
  }

  async read(name: string): Promise<string> {
    return (await this.client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString ?? '';
  }

  /** Whether IAM refuses it to them. */
  async isRefused(name: string): Promise<boolean> {
    return this.read(name).then(
      () => false,
      (error: Error) => /^AccessDenied/.test(error.name),
    );
  }
}
