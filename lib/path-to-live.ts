import type { RemovalPolicy, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { requirePath } from '../constructs/environments';
import { CONCURRENCY, type Concurrency } from '../constructs/environments/concurrency';
import { ENVIRONMENT, type Environment } from '../constructs/environments/environment';
import { requireUnreservedNames } from '../constructs/environments/reserved-names';
import { WAVES, type Waves } from '../constructs/environments/waves';
import { listOf, object, optional } from '../constructs/kinds/kind';
import { REMOVAL_POLICY, requireConstructed } from '../constructs/kinds/kinds';
import { MIGRATION, type Migration } from '../constructs/migrations/migration';
import { HUB_PLACE, type HubPlace, requireHub } from '../constructs/roles/hub-place';
import type { ISharedState } from '../constructs/shared-state';
import { SHARED_STATE } from '../constructs/shared-state/shared-state';
import { type IWorkload, WORKLOAD } from '../constructs/workloads/workload';
import type { FrontDoorStack } from './front-door-stack';
import { HubStack } from './hub-stack';
import { PathStacks } from './path-stacks';
import type { SharedStack } from './shared-stack';

export interface PathToLiveProps {
  /** Where the ledger, the workflow and the API are. */
  readonly hub: HubPlace;
  /** What every environment runs, unless one says otherwise. */
  readonly workload: IWorkload;
  /** In the order a release goes through them; the last one is where the users are. */
  readonly environments: Environment[];
  /**
   * Which of the environments are one place to their users, in more than one region or account: a release goes live in one after the other, and a failure in
   * one takes back all before it.
   *
   * @default - none: a release that fails in an environment stays live in those before it
   */
  readonly waves?: Waves[];
  /**
   * State that all versions in an environment use, made once in each, unless one says otherwise.
   *
   * @default - none
   */
  readonly sharedState?: ISharedState;
  /**
   * What releases of this app bring for the shared state, in the order it runs. What has finished in an environment is not run there again: leave it in
   * the list until it has finished everywhere.
   *
   * @default - nothing
   */
  readonly migrations?: Migration[];
  /**
   * What a release does that comes to an environment in which another is on its way.
   *
   * @default Concurrency.refuse()
   */
  readonly concurrency?: Concurrency;
  /**
   * What becomes of the ledger and of the access logs when their stacks are removed. With anything but `RETAIN` the ledger and the load balancers
   * are not protected against deletion either; for paths that are made to be thrown away.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

const PROPS = object<PathToLiveProps>({
  hub: HUB_PLACE,
  workload: WORKLOAD,
  environments: listOf(ENVIRONMENT),
  waves: optional(listOf(WAVES)),
  sharedState: optional(SHARED_STATE),
  migrations: optional(listOf(MIGRATION)),
  concurrency: optional(CONCURRENCY),
  removalPolicy: optional(REMOVAL_POLICY),
});

/**
 * The path to live of one service: a hub, a front door an environment, and a release assembly with a stack for each slot.
 *
 * `cdk deploy --all` puts the platform in place and never touches a slot; `ptl release 1.4.2` synthesizes the app for that version
 * (`-c release=1.4.2`), publishes the release assembly and takes it through the environments.
 *
 * @example
 * new PathToLive(app, 'Payments', {
 *   hub: { account: '111111111111', region: 'eu-west-2' },
 *   workload: new LambdaWorkload({ code: Code.fromAsset('service'), handler: 'index.handler' }),
 *   environments: [
 *     new Environment('Integration', { env: integration, tests: [EnvironmentTest.http('/health')] }),
 *     new Environment('Production', { env: production, firebreak: Firebreak.parties([security]), goNoGo: GoNoGo.by(changeAuthority), traffic: TrafficStrategy.allAtOnce() }),
 *   ],
 * });
 */
export class PathToLive extends Construct {
  readonly hub: HubStack;
  /** In the order of the path. */
  readonly frontDoors: FrontDoorStack[];
  /** One for each environment that has shared state, in the order of the path. */
  readonly sharedStacks: SharedStack[];
  /** The release assembly: a stack for each slot of each environment. */
  readonly release: Stage;

  /** @param id name of the path: 1-20 letters and digits, starting with an upper case letter; part of stack, role and state names */
  constructor(scope: Construct, id: string, props: PathToLiveProps) {
    requireConstructed('PathToLive', scope, id, props, PROPS);
    super(scope, id);
    requirePath(this.node.path, id, props.environments, props.waves);
    requireHub(this.node.path, props.hub);
    requireUnreservedNames(this.node.path, props.environments);
    const { hub, workload, environments, waves, sharedState, migrations, concurrency, removalPolicy } = props;
    const stacks = new PathStacks(this, { path: id, hub, environments, workload, sharedState, migrations, removalPolicy });
    this.sharedStacks = stacks.sharedStacks;
    this.frontDoors = stacks.frontDoors;
    this.hub = new HubStack(this, 'Hub', { path: id, hub, environments, waves, workload, sharedState, concurrency, removalPolicy });
    this.release = stacks.afterHub(this.hub);
  }
}
