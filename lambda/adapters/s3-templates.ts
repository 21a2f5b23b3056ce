import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type BundleFile, type EnvironmentPlan, SLOT_METADATA, type SlotMetadata } from '../contract';
import { Conflict } from '../domain/errors';
import type { Templates } from '../domain/ports';

/**
 * Templates of a release in the environments' asset buckets. Not with the seals: what reads a whole object of S3 checks it, too, and is 12 kB of a function
 * that deploys and never reads one.
 */
export class S3Templates implements Templates {
  /** @param clientFor a bucket is asked in its own region, which need not be the environment's */
  constructor(private readonly clientFor: (plan: EnvironmentPlan, region: string) => S3Client) {}

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
