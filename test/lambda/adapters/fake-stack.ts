import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import type { AwsClientStub } from 'aws-sdk-client-mock';

/** How an operation goes: the statuses that the next looks find, the last one for good, and the failed resources on the way. */
interface Script {
  readonly statuses: readonly string[];
  readonly failures?: readonly { readonly resource: string; readonly reason: string }[];
  readonly outputs?: Readonly<Record<string, string>>;
}

const STACK_ID = 'arn:aws:cloudformation:eu-west-2:222222222222:stack/Payments-Production-Green/1';

/** An event of the stack, with what the service puts in each. */
export function stackEvent(given: Partial<StackEvent>): StackEvent {
  return { StackId: STACK_ID, EventId: 'e', StackName: 'Payments-Production-Green', Timestamp: new Date(0), ...given };
}

/** One stack that behaves as CloudFormation documents it: statuses, change sets, and events that carry the token of their operation. */
export class FakeStack {
  status?: string;
  reason?: string;
  outputs: Readonly<Record<string, string>> = {};
  /** Newest first. */
  events: StackEvent[] = [];
  changeSet?: { name: string; type: string; status: string; reason?: string; execution: string };
  /** What executing a change set, and removing the stack, do. */
  onExecute: Script = { statuses: ['CREATE_COMPLETE'] };
  onDelete: Script = { statuses: ['DELETE_IN_PROGRESS', 'gone'] };
  /** What a new change set turns out as. */
  onCreateChangeSet: { status: string; reason?: string; execution?: string } = { status: 'CREATE_COMPLETE', execution: 'AVAILABLE' };
  /** An executed change set cannot be described any more. */
  forgetful = false;
  private coming: string[] = [];
  private afterwards?: () => void;

  constructor(cloudFormation: AwsClientStub<CloudFormationClient>) {
    cloudFormation.on(DescribeStacksCommand).callsFake(() => this.describe());
    cloudFormation.on(DescribeStackEventsCommand).callsFake(() => ({ StackEvents: this.events }));
    cloudFormation.on(CreateChangeSetCommand).callsFake((input) => this.createChangeSet(input));
    cloudFormation.on(DescribeChangeSetCommand).callsFake(({ ChangeSetName }) => this.describeChangeSet(ChangeSetName));
    cloudFormation.on(ExecuteChangeSetCommand).callsFake((input) => this.run(this.onExecute, input.ClientRequestToken, 'EXECUTE_IN_PROGRESS'));
    cloudFormation.on(DeleteChangeSetCommand).callsFake(() => {
      this.changeSet = undefined;
    });
    cloudFormation.on(DeleteStackCommand).callsFake(({ ClientRequestToken }) => this.run(this.onDelete, ClientRequestToken));
  }

  private describe() {
    const before = this.status;
    const next = this.coming.shift();
    if (next) this.status = next === 'gone' ? undefined : next;
    if (this.status !== before || this.coming.length === 0) this.begun();
    if (!this.status) throw named('ValidationError', 'Stack with id Payments-Production-Green does not exist');
    const Outputs = Object.entries(this.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
    return { Stacks: [{ StackId: STACK_ID, StackName: 'Payments-Production-Green', StackStatus: this.status, StackStatusReason: this.reason, Outputs }] };
  }

  /** Events come with the first status of an operation, not with the call that asked for it. */
  private begun(): void {
    this.afterwards?.();
    this.afterwards = undefined;
  }

  private createChangeSet({ ChangeSetName, ChangeSetType }: { ChangeSetName: string; ChangeSetType: string }) {
    if (this.changeSet?.name === ChangeSetName) throw named('AlreadyExistsException', `ChangeSet ${ChangeSetName} already exists`);
    if (ChangeSetType === 'CREATE') this.status = 'REVIEW_IN_PROGRESS';
    const { status, reason, execution = 'UNAVAILABLE' } = this.onCreateChangeSet;
    this.changeSet = { name: ChangeSetName, type: ChangeSetType, status, reason, execution };
    return {};
  }

  private describeChangeSet(name: string) {
    if (!this.status) throw named('ValidationError', 'Stack [Payments-Production-Green] does not exist');
    if (this.changeSet?.name !== name) throw named('ChangeSetNotFound', `ChangeSet [${name}] does not exist`);
    const { status, reason, execution } = this.changeSet;
    return { Status: status, StatusReason: reason, ExecutionStatus: execution };
  }

  private run({ statuses, failures = [], outputs }: Script, token: string | undefined, execution?: string) {
    if (this.changeSet && execution) this.changeSet.execution = execution;
    if (this.forgetful && execution) this.changeSet = undefined;
    this.coming = [...statuses];
    if (outputs) this.outputs = outputs;
    const failed = failures.map(({ resource, reason }) =>
      stackEvent({ LogicalResourceId: resource, ResourceStatus: 'CREATE_FAILED', ResourceStatusReason: reason, ClientRequestToken: token }),
    );
    const started = stackEvent({ ResourceStatus: 'UPDATE_IN_PROGRESS', ResourceStatusReason: 'User Initiated', ClientRequestToken: token });
    const events = [...failed.reverse(), started];
    this.afterwards = () => {
      this.events = [...events, ...this.events];
    };
    return {};
  }
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
