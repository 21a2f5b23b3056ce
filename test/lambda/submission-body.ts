import { createHash } from 'node:crypto';
import type { BundleFile, EnvironmentPlan, SubmitBody } from '../../lambda/contract';
import { bundleDigest } from '../../lambda/domain/release/bundle-digest';
import type { InMemoryPorts } from './in-memory-ports';

/** What `ptl release` sends for a version of an app with one template and one asset a slot. */
export function exampleBody(version: string, plan: readonly EnvironmentPlan[], given: Partial<SubmitBody> = {}): SubmitBody {
  const stacks = plan.flatMap(({ environment, slots }) =>
    slots.map(({ colour, stackName }) => ({
      stackName,
      environment,
      colour,
      template: file(`template of ${stackName} ${version}`, 'json'),
      assets: [file(`code ${version}`, 'zip')],
    })),
  );
  const bundle = given.bundle ?? { stacks };
  return { version, digest: bundleDigest(bundle), bundle, ...given };
}

/** Puts every file of a bundle where the body says it is. */
export function publish(ports: InMemoryPorts, body: SubmitBody): void {
  for (const { template, assets } of body.bundle.stacks) {
    for (const { bucket, key } of [template, ...assets]) ports.bundles.files.set(`${bucket}/${key}`, `etag-of-${key}`);
  }
}

function file(content: string, extension: string): BundleFile {
  const hash = createHash('sha256').update(content).digest('hex');
  return { bucket: 'cdk-assets-222222222222-eu-west-2', key: `${hash}.${extension}`, region: 'eu-west-2', hash };
}
