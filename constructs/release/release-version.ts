import type { IConstruct } from 'constructs';
import { PathToLiveError } from '../private/errors';

/** Key of the context by which an app is told which release it is synthesized for. */
const RELEASE_CONTEXT = 'release';

/**
 * The version an app is synthesized for, from `-c release=1.4.2`.
 *
 * @returns undefined when the app was not told one
 * @throws PathToLiveError for anything but a string: a number has lost its zeros, 1.10 would be 1.1
 */
export function tryReleaseVersion(scope: IConstruct): string | undefined {
  const version: unknown = scope.node.tryGetContext(RELEASE_CONTEXT);
  if (version === undefined || typeof version === 'string') return version;
  throw new PathToLiveError(
    'ReleaseVersion',
    scope.node.path,
    `the context ${JSON.stringify(RELEASE_CONTEXT)} is ${JSON.stringify(version)}, which is no string; write it in quotes, or say it on the command line: -c release=1.4.2`,
  );
}
