import { type RemovalPolicy, Stack, type Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { listOf, object, optional } from '../constructs/kinds/kind';
import { made, REMOVAL_POLICY, requireConstructed } from '../constructs/kinds/kinds';
import { MIGRATION, type Migration } from '../constructs/migrations/migration';
import { EnvironmentHub } from '../constructs/pieces/environment-hub';
import type { FrontDoorStack } from './front-door-stack';
import { PathStacks } from './path-stacks';
import type { SharedStack } from './shared-stack';

export interface EnvironmentStacksProps {
  /** Says which environments there are, and what they run. */
  readonly hub: EnvironmentHub;
  /**
   * What releases of this app bring for the shared state, in the order it runs. What has finished in an environment is not run there again: leave it in
   * the list until it has finished everywhere.
   *
   * @default - nothing
   */
  readonly migrations?: Migration[];
  /**
   * What becomes of the access logs when their stacks are removed. With anything but `RETAIN` the load balancers are not protected against deletion
   * either; for paths that are made to be thrown away.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

const PROPS = object<EnvironmentStacksProps>({
  hub: made(EnvironmentHub, 'new EnvironmentHub(…)'),
  migrations: optional(listOf(MIGRATION)),
  removalPolicy: optional(REMOVAL_POLICY),
});

/**
 * What is in the environments of an `EnvironmentHub`: a front door each, the state that versions share, and a release assembly with a stack for each slot.
 * `cdk deploy --all` puts the front doors in place, after the hub's stack, and never touches a slot.
 *
 * @example
 * new EnvironmentStacks(app, 'Shop', { hub: shop });
 */
export class EnvironmentStacks extends Construct {
  /** In the order of the hub's environments. */
  readonly frontDoors: FrontDoorStack[];
  /** One for each environment that has shared state, in the same order. */
  readonly sharedStacks: SharedStack[];
  /** The release assembly: a stack for each slot of each environment. */
  readonly release: Stage;

  constructor(scope: Construct, id: string, props: EnvironmentStacksProps) {
    requireConstructed('EnvironmentStacks', scope, id, props, PROPS);
    super(scope, id);
    const { hub, migrations, removalPolicy } = props;
    hub._requireBeside(this);
    const { path, _environments: environments, _content: content } = hub;
    const { account, region } = Stack.of(hub);
    const stacks = new PathStacks(this, { path, hub: { account, region }, environments, ...content, migrations, removalPolicy });
    this.sharedStacks = stacks.sharedStacks;
    this.frontDoors = stacks.frontDoors;
    this.release = stacks.afterHub(Stack.of(hub));
  }
}
