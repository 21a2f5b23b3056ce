import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from '../environments/environment';
import type { WorkloadConfig } from '../workloads/workload';

/**
 * Warns where somebody says how long what is open may go on once it is taken away, and nothing ever takes it away: without `warmFor` connections stay at a slot that has
 * lost its users until a release takes that slot. Once for an environment, in its first slot.
 */
export function warnOfConnectionsThatStay(scope: Construct, { name, warmFor }: Environment, { capacity, deregistrationDelay }: WorkloadConfig): void {
  if (deregistrationDelay === undefined || capacity === undefined || warmFor !== undefined) return;
  Validations.of(scope).addWarning(
    'path-to-live:ConnectionsStay',
    `deregistrationDelay is ${JSON.stringify(deregistrationDelay.toHumanString())}, but it begins when a slot that has lost its users is lowered, and nothing lowers one in ${name}: ` +
      'what is open stays there until a release takes the slot; give the environment warmFor, for example Duration.hours(1): a connection then ends within ' +
      'warmFor, a minute and deregistrationDelay after the weights',
  );
}
