import { dirname } from 'node:path';
import type { AssetManifestArtifact, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { UserError } from '../user-error';

/** What the placeholders of an assembly stand for where its stacks name no account or region: the caller's own. */
export interface Caller {
  account(): Promise<string>;
  region(): Promise<string>;
  partition(): Promise<string>;
}

/** The files one stack needs, with buckets, keys, regions and roles as they really are. */
export interface StackFiles {
  readonly stackName: string;
  /** Directory that the manifest's source paths are relative to. */
  readonly directory: string;
  readonly manifest: AssetManifestArtifact['contents'];
  readonly region: string;
  /** `s3://<bucket>/<key>` of the template. */
  readonly templateUrl: string;
}

/**
 * The asset manifest of a stack with its placeholders filled in: account and region from the stack's own environment, and only where it has
 * none from the caller, as when the CDK deploys it.
 *
 * @throws UserError for a stack whose template is not among its assets
 */
export async function stackFiles(stack: CloudFormationStackArtifact, caller: Caller): Promise<StackFiles> {
  const cxapi = await import('aws-cdk-lib/cx-api');
  const { EnvironmentPlaceholders } = cxapi;
  const manifest = stack.dependencies.find(cxapi.AssetManifestArtifact.isAssetManifestArtifact);
  if (manifest === undefined || stack.stackTemplateAssetObjectUrl === undefined) {
    throw new UserError(
      'TemplateNotPublished',
      `the template of stack ${JSON.stringify(stack.stackName)} is not among its assets, so it cannot be published with the release; use the CDK's DefaultStackSynthesizer for the slots, not a synthesizer that leaves templates to the CLI`,
    );
  }
  const { account, region } = stack.environment;
  const values = {
    accountId: () => (account === cxapi.UNKNOWN_ACCOUNT ? caller.account() : Promise.resolve(account)),
    region: () => (region === cxapi.UNKNOWN_REGION ? caller.region() : Promise.resolve(region)),
    partition: () => caller.partition(),
  };
  return {
    stackName: stack.stackName,
    directory: dirname(manifest.file),
    manifest: await EnvironmentPlaceholders.replaceAsync(manifest.contents, values),
    region: await values.region(),
    templateUrl: await EnvironmentPlaceholders.replaceAsync(stack.stackTemplateAssetObjectUrl, values),
  };
}
