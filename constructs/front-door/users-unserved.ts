import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { listed } from '../../lambda/contract';
import type { Environment } from '../environments/environment';

/**
 * Warns of the environments on a listener that was there before, where nobody said what serves their requests now: the live rule answers 503 until a release is
 * live, whatever a rule or the default action behind it did for them.
 *
 * @param scope something in the hub's stack, the one that knows every environment
 */
export function warnOfUsersUnserved(scope: Construct, environments: readonly Environment[]): void {
  const unsaid = environments
    .filter(({ entrance: { _place: place } }) => place.listenerArn !== undefined && place.currentlyServing === undefined)
    .map(({ name }) => name);
  if (unsaid.length === 0) return;
  Validations.of(scope).addWarning(
    'path-to-live:UsersUnserved',
    `from the deployment of its front door on, users of ${listed(unsaid)} are answered 503 until the first release is live: the listener is one you have, and its entrance has no currentlyServing; ` +
      'write currentlyServing: the ARN of the target group that serves these requests now, or acknowledge this where nothing does',
  );
}
