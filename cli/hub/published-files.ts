import type { S3Client } from '@aws-sdk/client-s3';
import type { PublishedFile } from '../../lambda/contract';
import { awsProblem, type Identity } from './aws';

/** What became of a file: `gone`: it was not there. */
export type Removed = { readonly file: PublishedFile } & ({ readonly outcome: 'removed' | 'gone' } | { readonly outcome: 'left'; readonly why: string });

/** Files at a time. */
const AT_ONCE = 10;

/** Files that releases have published, in whatever account their buckets are, with the caller's own credentials. */
export class PublishedFiles {
  private readonly clients = new Map<string, S3Client>();

  private constructor(
    private readonly sdk: typeof import('@aws-sdk/client-s3'),
    private readonly identity: Identity,
  ) {}

  /** Loaded when it is asked for, so that no other command waits for it. */
  static async of(identity: Identity): Promise<PublishedFiles> {
    return new PublishedFiles(await import('@aws-sdk/client-s3'), identity);
  }

  /** Removes exactly these: one whose content is not what was registered is somebody else's by now, and is left. */
  async remove(files: readonly PublishedFile[]): Promise<Removed[]> {
    const removed: Removed[] = [];
    for (let from = 0; from < files.length; from += AT_ONCE) {
      removed.push(...(await Promise.all(files.slice(from, from + AT_ONCE).map((file) => this.removeOne(file)))));
    }
    return removed;
  }

  private async removeOne(file: PublishedFile): Promise<Removed> {
    const { bucket: Bucket, key: Key, region, seal } = file;
    if (seal === undefined) return { file, outcome: 'left', why: 'the ledger knows no seal of it' };
    const client = this.clientIn(region);
    try {
      const { ETag } = await client.send(new this.sdk.HeadObjectCommand({ Bucket, Key }));
      if (ETag !== seal) return { file, outcome: 'left', why: `it is not what was registered: its ETag is ${ETag}, not ${seal}` };
      await client.send(new this.sdk.DeleteObjectCommand({ Bucket, Key, IfMatch: ETag }));
      return { file, outcome: 'removed' };
    } catch (error) {
      const { name, message } = error as Error;
      if (['NotFound', 'NoSuchKey', 'NoSuchBucket'].includes(name)) return { file, outcome: 'gone' };
      // An answer to HEAD has no text.
      return { file, outcome: 'left', why: awsProblem(error, 'removing it')?.message ?? `S3 refused: ${message === 'UnknownError' ? name : message}` };
    }
  }

  private clientIn(region: string): S3Client {
    const client = this.clients.get(region) ?? new this.sdk.S3Client({ region, credentials: () => this.identity.credentials() });
    this.clients.set(region, client);
    return client;
  }
}
