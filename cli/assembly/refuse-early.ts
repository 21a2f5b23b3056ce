import { didYouMean, type ReleaseView, type StatusView, type SubmitBody } from '../../lambda/contract';
import type { HubApi } from '../hub/hub-api';
import { UserError } from '../user-error';

/**
 * What the hub would refuse of a submission for reasons that need no file of it: publishing takes long, and would be for nothing. The hub checks all of
 * it again, and more, when it is submitted.
 *
 * @returns the release as it is registered; undefined for a version that is not
 * @throws UserError with the hub's own code
 */
export async function refuseEarly(hub: HubApi, submission: SubmitBody): Promise<ReleaseView | undefined> {
  const { version, digest, again } = submission;
  const [status, registered] = await Promise.all([hub.status(), hub.tryRelease(version)]);
  if (registered === undefined) {
    // One that is registered goes by the path it was submitted for.
    requireEnvironments(status, submission);
    requireChanges(status, submission);
  } else if (registered.digest !== digest) {
    throw new UserError(
      'VersionTaken',
      `the version ${JSON.stringify(version)} is registered with digest ${registered.digest}, and this content has ${digest}; ${again ? notItsContent(version) : 'a version never changes, release this content under a new one'}. Nothing was published`,
    );
  }
  return registered;
}

/** With `--again` it is an old version that is meant, and not a new one. */
function notItsContent(version: string): string {
  return `this is not the content of ${version}: check out the source it was built from and give the same --context, or give the assembly that was kept of it with --assembly`;
}

function requireEnvironments({ path, environments }: StatusView, { bundle }: SubmitBody): void {
  const deployed = environments.map(({ environment }) => environment);
  const ours = [...new Set(bundle.stacks.map(({ environment }) => environment))];
  const problems = [
    ...ours.filter((name) => !deployed.includes(name)).map((name) => `the path has no environment ${JSON.stringify(name)}${didYouMean(name, deployed)}`),
    ...deployed.filter((name) => !ours.includes(name)).map((name) => `the assembly has no slot for ${name}`),
  ];
  if (problems.length === 0) return;
  throw new UserError(
    'BundleIncomplete',
    `the assembly is not for the path ${path} as it is deployed: ${problems.join('; ')}; the path has ${deployed.join(', ') || 'no environment yet'}. Synthesize it from the app that the platform was deployed from, or run cdk deploy for the platform first. Nothing was published`,
  );
}

function requireChanges({ changes: known }: StatusView, { changes = [] }: SubmitBody): void {
  // A hub from before this was told says nothing of them.
  const unknown = known === undefined ? [] : changes.filter((change) => !known.includes(change));
  if (known === undefined || unknown.length === 0) return;
  const named = unknown.map((change) => `${JSON.stringify(change)}${didYouMean(change, known)}`).join(', ');
  throw new UserError(
    'UnknownChange',
    `no firebreak of the path knows the change ${named}; known are ${known.join(', ')}; declare one of those, or have a firebreak know it by .when(Change.named(…)) and run cdk deploy for the platform first. Nothing was published`,
  );
}
