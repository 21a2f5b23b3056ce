import type { ClientOptions, FailedAsset, IAws, IPublishProgressListener } from '@aws-cdk/cdk-assets-lib';
import { UserError } from '../user-error';
import type { StackFiles } from './stack-files';

/**
 * Publishes the files of all stacks, each where its asset manifest says and with the role it names. Files that several stacks share are
 * published once. Says how many there were; files are named by the hash of their content, so some may be there already.
 *
 * @throws UserError naming the first file that was refused, its bucket and its role
 */
export async function publish(stacks: readonly StackFiles[], aws: IAws, say: (line: string) => void): Promise<void> {
  const { AssetManifest, AssetPublishing, EventType } = await import('@aws-cdk/cdk-assets-lib');
  const counts = { uploaded: 0, found: 0 };
  const progressListener: IPublishProgressListener = {
    onPublishEvent(type, { message }) {
      if (type === EventType.UPLOAD) counts.uploaded += 1;
      else if (type === EventType.FOUND) counts.found += 1;
      else if (type === EventType.SHELL_STDERR || type === EventType.SHELL_STDOUT) say(message.trimEnd());
    },
  };
  for (const [directory, manifest] of mergedByDirectory(stacks)) {
    const publishing = new AssetPublishing(new AssetManifest(directory, manifest), {
      aws,
      progressListener,
      publishInParallel: true,
      throwOnError: false,
      subprocessOutputDestination: 'publish',
    });
    await publishing.publish();
    const [failed] = publishing.failures;
    if (failed !== undefined) throw await refused(failed, publishing.failures.length, aws);
  }
  const { uploaded, found } = counts;
  say(`Published ${uploaded} ${uploaded === 1 ? 'file' : 'files'}, ${found} ${found === 1 ? 'was' : 'were'} there already`);
}

/** The slots of one environment share their assets: one manifest a directory, with each destination once. */
function mergedByDirectory(stacks: readonly StackFiles[]): Map<string, StackFiles['manifest']> {
  const merged = new Map<string, StackFiles['manifest']>();
  for (const { directory, manifest } of stacks) {
    const sofar = merged.get(directory) ?? { version: manifest.version };
    merged.set(directory, {
      version: manifest.version,
      files: union(sofar.files ?? {}, manifest.files ?? {}),
      dockerImages: union(sofar.dockerImages ?? {}, manifest.dockerImages ?? {}),
    });
  }
  return merged;
}

/** Ids are hashes: of the content for an asset, of bucket, key and role for a destination. */
function union<T extends { readonly destinations: Record<string, unknown> }>(one: Record<string, T>, other: Record<string, T>): Record<string, T> {
  const all = { ...one };
  for (const [id, asset] of Object.entries(other)) {
    all[id] = { ...asset, destinations: { ...all[id]?.destinations, ...asset.destinations } };
  }
  return all;
}

async function refused({ asset, error }: FailedAsset, count: number, aws: IAws): Promise<UserError> {
  const destination = asset.genericDestination as Destination;
  const place = destination.bucketName ?? destination.repositoryName;
  const role = destination.assumeRoleArn;
  const others = count > 1 ? `, and ${count - 1} more` : '';
  const advice =
    role === undefined
      ? `your own credentials must be allowed to write to ${place}`
      : `it is published with the role ${role}: your credentials must be allowed to assume it, and its account bootstrapped (cdk bootstrap, with --trust <your account> when it is another account)`;
  const why = await reason(error, destination, aws);
  return new UserError('PublishingRefused', `${asset.displayName(false)} could not be published to ${place}${others}: ${why}; ${advice}`, { cause: error });
}

interface Destination extends ClientOptions {
  readonly bucketName?: string;
  readonly repositoryName?: string;
}

/** The library takes a role that cannot be assumed for a bucket that cannot be read; asking for the role alone tells them apart. */
async function reason(error: Error, { region, assumeRoleArn, assumeRoleExternalId }: Destination, aws: IAws): Promise<string> {
  if (assumeRoleArn === undefined) return error.message;
  return aws.discoverTargetAccount({ region, assumeRoleArn, assumeRoleExternalId }).then(
    () => error.message,
    (refusal: Error) => refusal.message,
  );
}
