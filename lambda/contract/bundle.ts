/** What a release deploys. */

/** Everything a release deploys, everywhere. Never changes once registered. */
export interface Bundle {
  readonly stacks: readonly BundleStack[];
}
export interface BundleStack {
  readonly stackName: string;
  readonly environment: string;
  readonly colour: string;
  readonly template: BundleFile;
  readonly assets: readonly BundleFile[];
}
export interface BundleFile {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** What the CDK identifies the content by: the hash in the assembly's asset manifest, lower case hex. */
  readonly hash: string;
}
