import { CfnOutput, type RemovalPolicy } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { PathNames, planOf } from '../constructs/environments';
import { CONCURRENCY, type Concurrency } from '../constructs/environments/concurrency';
import { ENVIRONMENT, type Environment } from '../constructs/environments/environment';
import { warnOfUnsaidTraffic } from '../constructs/environments/unsaid-traffic';
import { WAVES, type Waves } from '../constructs/environments/waves';
import { warnOfPlainHttp } from '../constructs/front-door/plain-http';
import { warnOfUsersUnserved } from '../constructs/front-door/users-unserved';
import { Hub } from '../constructs/hub/hub';
import { listOf, object, optional } from '../constructs/kinds/kind';
import { REMOVAL_POLICY, requireConstructed, STRING } from '../constructs/kinds/kinds';
import { HUB_PLACE, type HubPlace, requireHub } from '../constructs/roles/hub-place';
import type { ISharedState } from '../constructs/shared-state';
import { SHARED_STATE } from '../constructs/shared-state/shared-state';
import { type IWorkload, WORKLOAD } from '../constructs/workloads/workload';
import { CONTRACT_VERSION, HUB_METADATA, type HubMetadata } from '../lambda/contract';
import { PathStack } from './path-stack';

export interface HubStackProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly hub: HubPlace;
  /** In the order of the path. */
  readonly environments: Environment[];
  /**
   * Which of them are one place to their users.
   *
   * @default - none
   */
  readonly waves?: Waves[];
  /**
   * What every environment runs that does not say otherwise itself.
   *
   * @default - environments that say nothing are taken to run what has no capacity to raise, such as functions
   */
  readonly workload?: IWorkload;
  /**
   * State that every environment has that does not say otherwise itself: releases may then bring migrations for it.
   *
   * @default - environments that say nothing have none
   */
  readonly sharedState?: ISharedState;
  /**
   * What a release does that comes to an environment in which another is on its way.
   *
   * @default Concurrency.refuse()
   */
  readonly concurrency?: Concurrency;
  /**
   * What happens to the ledger when the stack is deleted. With anything but `RETAIN` the ledger is not protected against deletion.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

const PROPS = object<HubStackProps>({
  path: STRING,
  hub: HUB_PLACE,
  environments: listOf(ENVIRONMENT),
  waves: optional(listOf(WAVES)),
  workload: optional(WORKLOAD),
  sharedState: optional(SHARED_STATE),
  concurrency: optional(CONCURRENCY),
  removalPolicy: optional(REMOVAL_POLICY),
});

/**
 * The hub of one path to live: the ledger, the workflow, the API, and the net under them. It holds no release and no traffic of its own.
 *
 * Deploying it again changes the rules of no release in flight. What runs keeps its definition and the versions of the functions it calls, and
 * a release keeps the plan that was frozen into it when it was submitted. An environment it has yet to enter has the machine of today: where that
 * one has other tests, another go/no-go or other steps than the release's plan, the release is not let in. It stops there, with a ticket that says
 * both; submitted again, it goes by the new rules.
 *
 * @example
 * payments.hub.safetyNetAlarm.addAlarmAction(new actions.SnsAction(onCall));
 */
export class HubStack extends PathStack {
  /** Everything that was ever submitted, decided and done. */
  readonly ledger: ITable;
  /** Where everything that happens is an event. */
  readonly bus: IEventBus;
  /** The path to live as a state machine. */
  readonly pathMachine: IStateMachine;
  /** Submits what it is started with, see `ptl bundle`. */
  readonly submitMachine: IStateMachine;
  readonly apiUrl: string;
  /** Looking, which the others include. */
  readonly readPolicy: IManagedPolicy;
  /** Submitting releases: for pipelines. */
  readonly submitPolicy: IManagedPolicy;
  /** Accepting and refusing: for the members of parties. */
  readonly decidePolicy: IManagedPolicy;
  /** Resuming, aborting and rolling back: for release managers. */
  readonly managePolicy: IManagedPolicy;
  /** Taking the whole path out again: for whoever may end it. */
  readonly retirePolicy: IManagedPolicy;
  /** Fires when the safety net gave up on a workflow that died. Give it an action: somebody must look. */
  readonly safetyNetAlarm: Alarm;

  constructor(scope: Construct, id: string, props: HubStackProps) {
    requireConstructed('HubStack', scope, id, props, PROPS);
    const { path, hub, environments, waves = [], removalPolicy } = props;
    requireHub(id, hub);
    super(scope, id, { stackName: new PathNames(path).hubStack, env: hub, description: `Path to live of ${path}: ledger, workflow and API` });
    warnOfPlainHttp(this, environments);
    warnOfUsersUnserved(this, environments);
    warnOfUnsaidTraffic(this, environments, waves);
    const plans = environments.map((environment, order) => {
      const { workload = props.workload, sharedState = props.sharedState } = environment;
      const wave = waves.flatMap((each) => each._planOf(environment) ?? [])[0];
      return { ...planOf(this, path, environment, order, { workload, sharedState, concurrency: props.concurrency }), ...(wave && { wave }) };
    });
    // An id that leaves no trace in the template.
    const { ledger, bus, workflow, api, submissions, safetyNet } = new Hub(this, 'Default', { path, plans, removalPolicy });
    this.ledger = ledger.table;
    this.bus = bus;
    this.pathMachine = workflow.stateMachine;
    this.submitMachine = submissions.stateMachine;
    this.apiUrl = api.url;
    this.readPolicy = api.read;
    this.submitPolicy = api.submit;
    this.decidePolicy = api.decide;
    this.managePolicy = api.manage;
    this.retirePolicy = api.retire;
    this.safetyNetAlarm = safetyNet.alarm;
    this.publish(path, api.urlParameterName);
  }

  /** What the CLI reads from the assembly, and a person from the console. */
  private publish(path: string, apiParameter: string): void {
    const metadata: HubMetadata = { contract: CONTRACT_VERSION, path, account: this.account, region: this.region, apiParameter };
    this.addMetadata(HUB_METADATA, metadata);
    new CfnOutput(this, 'ApiUrl', { value: this.apiUrl, description: 'Where releases are submitted and decided about' });
    new CfnOutput(this, 'PathMachine', { value: this.pathMachine.stateMachineArn, description: 'The path to live as a state machine' });
    new CfnOutput(this, 'SubmitMachine', { value: this.submitMachine.stateMachineArn, description: 'What submits a release without ptl' });
    new CfnOutput(this, 'LedgerTable', { value: this.ledger.tableName, description: 'The ledger' });
    new CfnOutput(this, 'EventBus', { value: this.bus.eventBusName, description: 'Where everything that happens is an event' });
  }
}
