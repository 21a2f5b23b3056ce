import { AssetManifestBuilder, type Stack } from 'aws-cdk-lib';

/**
 * Gives a stack an asset list of its own, before it has any assets.
 *
 * A synthesizer that an app has for all its stacks (`new App({ defaultStackSynthesizer })`) lists the assets of all of them in the manifest of
 * each, https://github.com/aws/aws-cdk/issues/29071: `cdk deploy` would then want to publish the slots' templates, which are in another assembly,
 * and those of other accounts. A synthesizer without such a list, or with one a stack, is left alone.
 */
export function ownAssetList({ synthesizer }: Stack): void {
  const ASSETS = 'assetManifest';
  if (ASSETS in synthesizer && !Object.hasOwn(synthesizer, ASSETS)) {
    Object.defineProperty(synthesizer, ASSETS, { value: new AssetManifestBuilder(), writable: true, configurable: true });
  }
}
