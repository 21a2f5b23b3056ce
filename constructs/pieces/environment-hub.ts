import { type RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentPlan } from '../../lambda/contract';
import { planOf, requirePath } from '../environments';
import { CONCURRENCY, type Concurrency } from '../environments/concurrency';
import { ENVIRONMENT, type Environment } from '../environments/environment';
import { requireUnreservedNames } from '../environments/reserved-names';
import { warnOfUnsaidTraffic } from '../environments/unsaid-traffic';
import { warnOfPlainHttp } from '../front-door/plain-http';
import { warnOfUsersUnserved } from '../front-door/users-unserved';
import { HubParts } from '../hub/hub-parts';
import { listOf, object, optional } from '../kinds/kind';
import { REMOVAL_POLICY, requireConstructed, STRING } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import type { EnvironmentWorkflow } from '../release/environment-workflow';
import { requireHub } from '../roles/hub-place';
import { type ISharedState, SHARED_STATE } from '../shared-state/shared-state';
import { type IWorkload, WORKLOAD } from '../workloads/workload';
import { EnvironmentApi } from './environment-api';
import { requireMachineName } from './machine-name';

export interface EnvironmentHubProps {
  /** Id of the path to live: 1-20 letters and digits, starting with an upper case letter; part of stack, role and state names. */
  readonly path: string;
  /** Name of the state machine that the steps are chained in: what watches it must know it before it is made. */
  readonly machineName: string;
  /** All that the machine takes releases through, in whatever order; the last one is where the users are. */
  readonly environments: Environment[];
  /** What every environment runs, unless one says otherwise. */
  readonly workload: IWorkload;
  /**
   * State that all versions in an environment use, made once in each, unless one says otherwise.
   *
   * @default - none
   */
  readonly sharedState?: ISharedState;
  /**
   * What a release does that comes to an environment in which another is on its way.
   *
   * @default Concurrency.refuse()
   */
  readonly concurrency?: Concurrency;
  /**
   * What happens to the ledger when it leaves the template. With anything but `RETAIN` it is not protected against deletion either.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

const PROPS = object<EnvironmentHubProps>({
  path: STRING,
  machineName: STRING,
  environments: listOf(ENVIRONMENT),
  workload: WORKLOAD,
  sharedState: optional(SHARED_STATE),
  concurrency: optional(CONCURRENCY),
  removalPolicy: optional(REMOVAL_POLICY),
});

/**
 * What takes releases through environments, one at a time and when a state machine of a team's own says so: a state machine for each, the ledger, the one writer
 * of live rules, an API for signed calls, and a net under all machines, the team's included. There is no path machine, and nobody submits: the order of the
 * environments, and what is between them, is the team's.
 *
 * Chain its steps: each `ThroughEnvironmentStep` is one state of the machine. `EnvironmentStacks` makes what is in the environments. The stack it is in has a
 * literal account and region.
 *
 * @example
 * const hub = new EnvironmentHub(this, 'Hub', {
 *   path: 'Shop',
 *   machineName: 'ShopPath',
 *   environments: [
 *     new Environment('Integration', { env: integration, tests: [EnvironmentTest.http('/health')] }),
 *     new Environment('Production', { env: production, firebreak: Firebreak.parties([security]), goNoGo: GoNoGo.by(changeAuthority), traffic: TrafficStrategy.allAtOnce() }),
 *   ],
 *   workload: new LambdaWorkload({ code: Code.fromAsset('service'), handler: 'index.handler' }),
 * });
 */
export class EnvironmentHub extends Construct {
  readonly path: string;
  /** Name of the machine that its steps are for. */
  readonly machineName: string;
  readonly apiUrl: string;
  /** Where everything that happens is an event. */
  readonly bus: IEventBus;
  /** Looking, which the other three include. */
  readonly readPolicy: IManagedPolicy;
  /** Accepting and refusing: for the members of parties. */
  readonly decidePolicy: IManagedPolicy;
  /** Resuming, aborting and rolling back: for release managers. */
  readonly managePolicy: IManagedPolicy;
  /** Taking everything out again. */
  readonly retirePolicy: IManagedPolicy;
  /** Fires when the net gave up on a workflow that died. Give it an action: somebody must look. */
  readonly safetyNetAlarm: Alarm;

  /** @internal */
  readonly _environments: readonly Environment[];
  /** @internal */
  readonly _content: Pick<EnvironmentHubProps, 'workload' | 'sharedState'>;

  private readonly workflows: ReadonlyMap<string, EnvironmentWorkflow>;

  constructor(scope: Construct, id: string, props: EnvironmentHubProps) {
    requireConstructed('EnvironmentHub', scope, id, props, PROPS);
    super(scope, id);
    const { path, machineName, environments, workload, sharedState, removalPolicy } = props;
    this.validate(props);
    this.path = path;
    this.machineName = machineName;
    this._environments = environments;
    this._content = { workload, sharedState };
    warnOfPlainHttp(this, environments);
    warnOfUsersUnserved(this, environments);
    warnOfUnsaidTraffic(this, environments);
    const parts = new HubParts(this, { path, plans: this.plans(props), ownPath: machineName, removalPolicy });
    this.bus = parts.bus;
    this.workflows = new Map(parts.steps.map(({ plan, workflow }) => [plan.environment, workflow]));
    const api = new EnvironmentApi(this, 'Api', { path, calls: parts.functions.api });
    this.apiUrl = api.url;
    this.readPolicy = api.read;
    this.decidePolicy = api.decide;
    this.managePolicy = api.manage;
    this.retirePolicy = api.retire;
    this.safetyNetAlarm = parts.net([]).alarm;
  }

  /** @internal the machine of one of its environments. @throws PathToLiveError */
  _workflow(where: string, environment: string): EnvironmentWorkflow {
    const found = this.workflows.get(environment);
    if (found) return found;
    const names = [...this.workflows.keys()].join(', ');
    throw new PathToLiveError('UnknownEnvironment', where, `environment is ${JSON.stringify(environment)}; the hub ${this.node.path} has ${names}`);
  }

  /** @internal that what is deployed after the hub can be. @throws PathToLiveError */
  _requireBeside(scope: Construct): void {
    if (Stage.of(scope) === Stage.of(this)) return;
    const problem = `the hub ${this.node.path} is in another app or stage; make both in the same one: front doors are deployed after the hub`;
    throw new PathToLiveError('HubElsewhere', scope.node.path, problem);
  }

  private validate({ path, machineName, environments }: EnvironmentHubProps): void {
    const where = this.node.path;
    const { account, region } = Stack.of(this);
    requireMachineName(this, machineName);
    requirePath(where, path, environments);
    requireUnreservedNames(where, environments);
    requireHub(where, { account, region });
  }

  private plans({ path, machineName, environments, ...content }: EnvironmentHubProps): EnvironmentPlan[] {
    return environments.map((environment, order) => {
      const { workload = content.workload, sharedState = content.sharedState } = environment;
      return { ...planOf(this, path, environment, order, { workload, sharedState, concurrency: content.concurrency }), ownMachine: machineName };
    });
  }
}
