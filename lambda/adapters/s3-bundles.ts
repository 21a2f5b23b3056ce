import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { BundleFile, EnvironmentPlan } from '../contract';
import type { Bundles } from '../domain/ports';

/** Files of a release in the environments' asset buckets. */
export class S3Bundles implements Bundles {
  /** @param clientFor a bucket is asked in its own region, which need not be the environment's */
  constructor(private readonly clientFor: (plan: EnvironmentPlan, region: string) => S3Client) {}

  async seal(plan: EnvironmentPlan, file: BundleFile): Promise<string | undefined> {
    try {
      const { ETag } = await this.clientFor(plan, file.region).send(new HeadObjectCommand({ Bucket: file.bucket, Key: file.key }));
      return ETag;
    } catch (error) {
      const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      // S3 answers 403 for a missing key to whoever may not list the bucket, and our role may not.
      if (status === 404 || status === 403) return undefined;
      throw error;
    }
  }
}
