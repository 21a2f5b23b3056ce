import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { EnvironmentPlan } from '../../lambda/contract';
import { claimHubNames } from '../private/name-claims';
import { PathNames } from '../private/names';
import { EnvironmentWorkflow } from '../release/environment-workflow';
import { ReleaseWorkflow } from '../release/release-workflow';
import { RetireWorkflow } from '../release/retire-workflow';
import { CapacitySchedule } from './capacity-schedule';
import { HubFunctions } from './hub-functions';
import { Ledger } from './ledger';
import { LookAfter } from './look-after';
import { PlanParameters } from './plan-parameters';
import { ReleaseApi } from './release-api';
import { SafetyNet } from './safety-net';
import { Submissions } from './submissions';

export interface HubProps {
  /** Id of the path to live. */
  readonly path: string;
  /** In the order of the path. */
  readonly plans: readonly EnvironmentPlan[];
  /**
   * What happens to the ledger when it leaves the template. With anything but `RETAIN` it is not protected against deletion either.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What a hub is made of: the ledger, the bus, the functions, the state machines, the API, and the net under them. */
export class Hub extends Construct {
  readonly ledger: Ledger;
  readonly bus: events.EventBus;
  readonly workflow: ReleaseWorkflow;
  readonly api: ReleaseApi;
  readonly submissions: Submissions;
  readonly safetyNet: SafetyNet;

  constructor(scope: Construct, id: string, { path, plans, removalPolicy }: HubProps) {
    super(scope, id);
    claimHubNames(Stack.of(this), new PathNames(path), Stack.of(this).account);
    this.ledger = new Ledger(this, 'Ledger', { removalPolicy });
    this.bus = new events.EventBus(this, 'Bus', { eventBusName: `${path}-path-to-live` });
    new PlanParameters(this, 'Plan', { plans });
    const functions = new HubFunctions(this, 'Functions', { path, plans, ledger: this.ledger, bus: this.bus });
    // A scope of their own: teams name environments, and may name one Ledger or Api.
    const environments = new Construct(this, 'Environments');
    const steps = plans.map((plan) => ({ plan, workflow: new EnvironmentWorkflow(environments, plan.environment, { plan, functions }) }));
    this.workflow = new ReleaseWorkflow(this, 'Path', { path, steps, functions });
    this.api = new ReleaseApi(this, 'Api', { path, calls: functions.api });
    this.submissions = new Submissions(this, 'Submissions', { path, functions, bus: this.bus, submitPolicy: this.api.submit });
    const retire = new RetireWorkflow(this, 'Retire', { path, environments: plans.map(({ environment }) => environment), functions });
    const machines = [this.workflow.stateMachine, retire.stateMachine, ...steps.map(({ workflow }) => workflow.stateMachine)];
    this.safetyNet = new SafetyNet(this, 'SafetyNet', { machineArns: machines.map(({ stateMachineArn }) => stateMachineArn), functions });
    new LookAfter(this, 'LookAfter', { calls: functions.doctor.function });
    if (functions.keepCapacity !== undefined) new CapacitySchedule(this, 'Capacity', { calls: functions.keepCapacity.function });
  }
}
