import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from './environment';
import { togetherWith } from './wave-rules';
import type { Waves } from './waves';

/**
 * Warns where the users of the last environment, or of one of its waves, go to a new version all at once, and nobody said so. Before it nobody is there to be
 * spared.
 *
 * @param scope something in the hub's stack, the one that knows every environment
 */
export function warnOfUnsaidTraffic(scope: Construct, environments: readonly Environment[], waves: readonly Waves[] = []): void {
  const last = environments.at(-1);
  if (last === undefined) return;
  const unsaid = togetherWith(last, waves)
    .filter(({ _saysTraffic }) => !_saysTraffic)
    .map(({ name }) => name);
  if (unsaid.length === 0) return;
  Validations.of(scope).addWarning(
    'path-to-live:UnsaidTraffic',
    `the first shift into ${unsaid.join(' and ')} takes all of its users: it has no traffic, and all at once is what holds then; ` +
      'write traffic: TrafficStrategy.canary({ steps: [10, 50], bakeTime: Duration.minutes(10) }), or TrafficStrategy.allAtOnce() where that is meant',
  );
}
