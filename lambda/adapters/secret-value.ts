import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../domain/ports';

/** A rotated key counts after this long. */
const KEEP_MS = 60_000;

/** One secret's text, read when it is first needed and kept for a minute. */
export class SecretValue {
  private kept?: { readonly until: number; readonly value: string };

  constructor(
    private readonly client: SecretsManagerClient,
    private readonly name: string,
    private readonly clock: Clock,
  ) {}

  async read(): Promise<string> {
    const now = Date.parse(this.clock.now());
    if (this.kept && now < this.kept.until) return this.kept.value;
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: this.name }));
    if (!SecretString) throw new Error(`the secret ${JSON.stringify(this.name)} holds no text; put one key there, without punctuation`);
    this.kept = { until: now + KEEP_MS, value: SecretString };
    return SecretString;
  }
}
