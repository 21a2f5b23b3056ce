import type { Account, ClientOptions, DefaultAwsClient, IAws, IECRClient, IS3Client, ISecretsManagerClient } from '@aws-cdk/cdk-assets-lib';
import type { Caller } from './stack-files';

/**
 * AWS as the publishing library sees it: the caller's credentials, and for each destination the publishing role the assembly names.
 *
 * Each destination has a client of the library's own: one of those remembers the last role it assumed, and would then ask "who am I" in
 * its name, which is the wrong account as soon as environments are in several.
 */
export class PublishingAws implements IAws {
  private readonly s3Clients = new Map<string, Promise<IS3Client>>();
  private account?: Promise<Account>;
  private region?: string;

  constructor(private readonly fresh: () => DefaultAwsClient) {}

  /** Has AWS asked in a region who the caller is, who need not have one of their own; undefined: in their own. */
  askIn(region: string | undefined): void {
    this.region = region;
  }

  discoverCurrentAccount(): Promise<Account> {
    this.account ??= this.region === undefined ? this.fresh().discoverCurrentAccount() : this.fresh().discoverTargetAccount({ region: this.region });
    return this.account;
  }

  async discoverPartition(): Promise<string> {
    return (await this.discoverCurrentAccount()).partition;
  }

  discoverDefaultRegion(): Promise<string> {
    return this.fresh().discoverDefaultRegion();
  }

  discoverTargetAccount(options: ClientOptions): Promise<Account> {
    return this.fresh().discoverTargetAccount(options);
  }

  /** One per destination, so that its role is assumed once and not once a file. */
  s3Client(options: ClientOptions): Promise<IS3Client> {
    const destination = JSON.stringify(options);
    const client = this.s3Clients.get(destination) ?? this.fresh().s3Client(options);
    this.s3Clients.set(destination, client);
    return client;
  }

  ecrClient(options: ClientOptions): Promise<IECRClient> {
    return this.fresh().ecrClient(options);
  }

  secretsManagerClient(options: ClientOptions): Promise<ISecretsManagerClient> {
    return this.fresh().secretsManagerClient(options);
  }
}

/** AWS for one run of a command. The library is loaded here and not at the top: most commands publish nothing. */
export async function publishingAws(): Promise<PublishingAws> {
  const { DefaultAwsClient } = await import('@aws-cdk/cdk-assets-lib');
  return new PublishingAws(() => new DefaultAwsClient());
}

/**
 * Whose account stacks are in that are for whatever account they are deployed from.
 *
 * @param region where to ask that; undefined: in the caller's own
 */
export function callerOf(aws: PublishingAws, region: string | undefined): Caller {
  aws.askIn(region);
  return {
    account: async () => (await aws.discoverCurrentAccount()).accountId,
    region: () => aws.discoverDefaultRegion(),
    partition: () => aws.discoverPartition(),
  };
}
