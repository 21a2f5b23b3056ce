import { RemovalPolicy, type Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Environment } from '../constructs/environments';
import type { Migration } from '../constructs/migrations';
import { requireMigrations } from '../constructs/migrations/migration-rules';
import { tryReleaseVersion } from '../constructs/release/release-version';
import type { HubPlace } from '../constructs/roles/hub-place';
import type { ISharedState } from '../constructs/shared-state';
import type { IWorkload } from '../constructs/workloads';
import { AlarmSubscriptionsStack } from './alarm-subscriptions-stack';
import { FrontDoorStack } from './front-door-stack';
import { SharedStack } from './shared-stack';
import { SlotStack } from './slot-stack';

export interface PathStacksProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly hub: HubPlace;
  readonly environments: readonly Environment[];
  readonly workload: IWorkload;
  /** @default - none */
  readonly sharedState?: ISharedState;
  /** @default - nothing */
  readonly migrations?: Migration[];
  /** @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** The stacks of a path in its environments, in a scope of the caller's: front doors and shared state first, the rest once there is a hub. */
export class PathStacks {
  readonly sharedStacks: SharedStack[] = [];
  readonly frontDoors: FrontDoorStack[];

  constructor(
    private readonly scope: Construct,
    private readonly props: PathStacksProps,
  ) {
    const migrated = props.environments.map((environment) => ({ environment, hasSharedState: this.sharedStateOf(environment) !== undefined }));
    requireMigrations(scope.node.path, props.migrations ?? [], migrated);
    this.frontDoors = props.environments.map((environment) => this.frontDoor(environment));
  }

  private frontDoor(environment: Environment): FrontDoorStack {
    const { path, hub, removalPolicy = RemovalPolicy.RETAIN } = this.props;
    const shared = this.shared(environment);
    const [workload, sharedState] = [this.workloadOf(environment), this.sharedStateOf(environment)];
    const frontDoor = new FrontDoorStack(this.scope, environment.name, { path, environment, hub, workload, sharedState, removalPolicy });
    if (shared !== undefined) frontDoor.addStackDependency(shared, 'what slots may do names values of the shared state');
    return frontDoor;
  }

  private shared(environment: Environment): SharedStack | undefined {
    const sharedState = this.sharedStateOf(environment);
    if (sharedState === undefined) return undefined;
    const stack = new SharedStack(this.scope, `${environment.name}-Shared`, { path: this.props.path, environment, sharedState });
    this.sharedStacks.push(stack);
    return stack;
  }

  /** What needs the hub to be there: alarms that call it, and releases. @returns the release assembly */
  afterHub(hub: Stack): Stage {
    for (const frontDoor of this.frontDoors) frontDoor.addStackDependency(hub, 'its alarms call a function of the hub');
    this.listenToOtherAccounts();
    return this.release();
  }

  /** Alarms of environments in other accounts than the hub's. */
  private listenToOtherAccounts(): void {
    const { environments, hub, path } = this.props;
    const others = environments.filter(({ account }) => account !== hub.account);
    if (others.length === 0) return;
    const stack = new AlarmSubscriptionsStack(this.scope, 'Alarms', { env: hub, path, environments: others });
    for (const frontDoor of this.frontDoors) stack.addStackDependency(frontDoor, 'subscribes to its topic');
  }

  /** A stage of its own, so that no `cdk deploy --all` reaches a slot. */
  private release(): Stage {
    const stage = new Stage(this.scope, 'Release');
    const version = tryReleaseVersion(this.scope);
    const { path, migrations } = this.props;
    for (const environment of this.props.environments) {
      const slots = new Construct(stage, environment.name);
      for (const colour of environment.colours) {
        new SlotStack(slots, colour.name, { path, environment, colour, workload: this.workloadOf(environment), version, migrations });
      }
    }
    return stage;
  }

  private sharedStateOf(environment: Environment): ISharedState | undefined {
    return environment.sharedState ?? this.props.sharedState;
  }

  private workloadOf(environment: Environment): IWorkload {
    return environment.workload ?? this.props.workload;
  }
}
