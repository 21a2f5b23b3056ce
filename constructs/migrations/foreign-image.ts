import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { listed } from '../../lambda/contract';
import { EnvironmentNames } from '../private/names';
import { tryPullsOffer } from '../private/shared-offers';
import { matches } from '../private/wildcards';
import { PULLING_ACTIONS } from '../workloads/fargate-permissions';
import type { ServiceImage } from '../workloads/service-image';
import type { MigrationContext } from './migration-task';

/** Repositories of Amazon ECR that these statements let their holder pull from, as far as they name any: `<region>:<account>:repository/<name>`. */
export function pulledFrom(statements: readonly PolicyStatement[]): string[] {
  const pulling = statements.filter(
    ({ effect, actions }) => effect === 'Allow' && PULLING_ACTIONS.every((action) => actions.some((one) => matches(one, action))),
  );
  return pulling.flatMap(({ resources }) => resources).map((resource) => (resource === '*' ? '*' : placeOf(resource)));
}

/**
 * Warns of an image in the Amazon ECR of another account or region that the shared state does not let migrations pull: a release brings code and no rights, so the
 * task would not start. Whether that repository lets the environment's account in, its own policy says, which is elsewhere.
 *
 * @param scope the migration's construct in its slot
 */
export function warnOfForeignImage(scope: Construct, image: ServiceImage, { path, environment }: Pick<MigrationContext, 'path' | 'environment'>): void {
  const stack = Stack.of(scope);
  const { account, region, partition } = stack;
  const granted = tryPullsOffer(stack, new EnvironmentNames(path, environment)) ?? [];
  const foreign = image
    ._repositories({ account, region, partition })
    .filter((arn) => !placeOf(arn).startsWith(`${region}:${account}:`) && !granted.some((one) => matches(one, placeOf(arn))));
  if (foreign.length === 0) return;
  Validations.of(scope).addWarning(
    'path-to-live:ForeignImage',
    `its image is in ${foreign.map((arn) => JSON.stringify(arn.replace(/^arn:[^:]*:/, ''))).join(', ')}, and the shared state of ${environment}, in ${account}/${region}, does not let migrations pull from there: the task would not start; ` +
      `allow ${listed([...PULLING_ACTIONS])} on that repository among the migrations that its bind returns, and have the policy of the repository let account ${account} in`,
  );
}

const placeOf = (arn: string) => arn.split(':ecr:').at(-1) ?? '';
