import type { Bundle, BundleFile, BundleStack } from '../../lambda/contract';
import { UserError } from '../user-error';
import type { SlotStack } from './read-assembly';
import type { StackFiles } from './stack-files';

/** A slot's stack with the files it needs. */
export interface SlotFiles {
  readonly slot: SlotStack['slot'];
  readonly files: StackFiles;
}

/**
 * Everything a release deploys, in a fixed order.
 *
 * Container images are published with the release and not listed: the templates name them by a tag that is the hash of their content, so
 * the digest covers them all the same.
 */
export function bundleOf(slots: readonly SlotFiles[]): Bundle {
  return { stacks: slots.map(bundleStack) };
}

function bundleStack({ slot, files }: SlotFiles): BundleStack {
  const published = filesOf(files);
  const template = published.find((file) => `s3://${file.bucket}/${file.key}` === files.templateUrl);
  if (template === undefined) {
    throw new UserError(
      'TemplateNotPublished',
      `the template of stack ${JSON.stringify(files.stackName)}, ${files.templateUrl}, is not in the stack's asset manifest; synthesize the assembly again`,
    );
  }
  return {
    stackName: files.stackName,
    environment: slot.environment,
    colour: slot.colour,
    template,
    assets: published.filter((file) => file !== template),
  };
}

function filesOf({ manifest, region }: StackFiles): BundleFile[] {
  return Object.entries(manifest.files ?? {})
    .flatMap(([hash, file]) =>
      Object.values(file.destinations).map((destination) => ({
        bucket: destination.bucketName,
        key: destination.objectKey,
        region: destination.region ?? region,
        hash,
      })),
    )
    .sort((a, b) => (`${a.bucket}/${a.key}` < `${b.bucket}/${b.key}` ? -1 : 1));
}
