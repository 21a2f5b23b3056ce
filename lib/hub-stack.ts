import { CfnOutput, type RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { EnvironmentWorkflow } from '../constructs/release/environment-workflow';
import { HubFunctions } from '../constructs/release/hub-functions';
import { Ledger } from '../constructs/release/ledger';
import { PlanParameters } from '../constructs/release/plan-parameters';
import { ReleaseApi } from '../constructs/release/release-api';
import { ReleaseWorkflow } from '../constructs/release/release-workflow';
import { SafetyNet } from '../constructs/release/safety-net';
import { CONTRACT_VERSION, type EnvironmentPlan, HUB_METADATA, type HubMetadata } from '../lambda/contract';

export interface HubStackProps extends StackProps {
  /** Id of the path to live. */
  readonly path: string;
  /** In the order of the path. */
  readonly plans: readonly EnvironmentPlan[];
  /**
   * What happens to the ledger when the stack is deleted. With anything but `RETAIN` the ledger is not protected against deletion.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The hub of one path to live: the ledger, the workflow, the API, and the net under them. It holds no release and no traffic of its own.
 *
 * Deploying it again changes the rules of no release in flight. What runs keeps its definition and the versions of the functions it calls, and
 * a release keeps the plan that was frozen into it when it was submitted. An environment it has yet to enter has the machine of today: where that
 * one has other tests, another go/no-go or other steps than the release's plan, the release is not let in. It stops there, with a ticket that says
 * both; submitted again, it goes by the new rules.
 */
export class HubStack extends Stack {
  readonly ledger: Ledger;
  readonly bus: events.EventBus;
  readonly workflow: ReleaseWorkflow;
  readonly api: ReleaseApi;
  readonly safetyNet: SafetyNet;

  constructor(scope: Construct, id: string, props: HubStackProps) {
    super(scope, id, { description: `Path to live of ${props.path}: ledger, workflow and API`, ...props });
    const { path, plans } = props;
    this.ledger = new Ledger(this, 'Ledger', { removalPolicy: props.removalPolicy });
    this.bus = new events.EventBus(this, 'Bus', { eventBusName: `${path}-path-to-live` });
    new PlanParameters(this, 'Plan', { plans });
    const functions = new HubFunctions(this, 'Functions', { path, plans, ledger: this.ledger, bus: this.bus });
    // A scope of their own: teams name environments, and may name one Ledger or Api.
    const environments = new Construct(this, 'Environments');
    const steps = plans.map((plan) => ({ plan, workflow: new EnvironmentWorkflow(environments, plan.environment, { plan, functions }) }));
    this.workflow = new ReleaseWorkflow(this, 'Path', { path, steps, functions });
    this.api = new ReleaseApi(this, 'Api', { path, functions });
    const machines = [this.workflow.stateMachine, ...steps.map(({ workflow }) => workflow.stateMachine)];
    this.safetyNet = new SafetyNet(this, 'SafetyNet', { machines, functions });
    this.publish(path);
  }

  /** What the CLI reads from the assembly, and a person from the console. */
  private publish(path: string): void {
    const metadata: HubMetadata = {
      contract: CONTRACT_VERSION,
      path,
      account: this.account,
      region: this.region,
      apiParameter: this.api.urlParameterName,
    };
    this.addMetadata(HUB_METADATA, metadata);
    new CfnOutput(this, 'ApiUrl', { value: this.api.url, description: 'Where releases are submitted and decided about' });
    new CfnOutput(this, 'PathMachine', { value: this.workflow.stateMachine.stateMachineArn, description: 'The path to live as a state machine' });
    new CfnOutput(this, 'LedgerTable', { value: this.ledger.table.tableName, description: 'The ledger' });
    new CfnOutput(this, 'EventBus', { value: this.bus.eventBusName, description: 'Where everything that happens is an event' });
  }
}
