import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type BundleFile, type EnvironmentPlan, SLOT_METADATA, type SlotMetadata } from '../contract';
import { Conflict } from '../domain/errors';
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

  async slotMetadata(plan: EnvironmentPlan, { bucket, key, region }: BundleFile, seal: string): Promise<SlotMetadata | undefined> {
    const { ETag, Body } = await this.clientFor(plan, region).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (ETag !== seal) throw new Conflict(`${bucket}/${key} has changed while it was looked at`);
    return metadataOf((await Body?.transformToString()) ?? '');
  }
}

/** A template that is no JSON says nothing of itself; CloudFormation will say what is wrong with it. */
function metadataOf(template: string): SlotMetadata | undefined {
  try {
    return (JSON.parse(template) as { Metadata?: { [SLOT_METADATA]?: SlotMetadata } } | null)?.Metadata?.[SLOT_METADATA];
  } catch {
    return undefined;
  }
}
