import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { ReleaseWorkflow } from '../release/release-workflow';
import { HubParts, type HubPartsProps } from './hub-parts';
import type { Ledger } from './ledger';
import { ReleaseApi } from './release-api';
import type { SafetyNet } from './safety-net';
import { Submissions } from './submissions';

export type HubProps = Omit<HubPartsProps, 'ownPath'>;

/** What a hub is made of: the ledger, the bus, the functions, the state machines, the API, and the net under them. */
export class Hub extends Construct {
  readonly ledger: Ledger;
  readonly bus: EventBus;
  readonly workflow: ReleaseWorkflow;
  readonly api: ReleaseApi;
  readonly submissions: Submissions;
  readonly safetyNet: SafetyNet;

  constructor(scope: Construct, id: string, props: HubProps) {
    super(scope, id);
    const { path } = props;
    const parts = new HubParts(this, props);
    const { ledger, bus, steps } = parts;
    const functions = { ...parts.functions.forPath(), openGate: parts.functions.openGate, moveTraffic: parts.functions.moveTraffic };
    this.ledger = ledger;
    this.bus = bus;
    this.workflow = new ReleaseWorkflow(this, 'Path', { path, steps, functions });
    this.api = new ReleaseApi(this, 'Api', { path, calls: parts.functions.api });
    this.submissions = new Submissions(this, 'Submissions', { path, functions, bus, submitPolicy: this.api.submit });
    this.safetyNet = parts.net([this.workflow.stateMachine.stateMachineArn]);
  }
}
