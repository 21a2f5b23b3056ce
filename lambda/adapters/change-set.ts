import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';

/** What there is to execute. */
export type ChangeSet =
  | { readonly state: 'absent' | 'preparing' | 'ready' | 'executing' | 'unchanged' | 'outdated' }
  | { readonly state: 'failed'; readonly reason: string };

/** How CloudFormation says that there is nothing to do: as a failure. */
const NO_CHANGES = /didn't contain changes|No updates are to be performed/i;

/** One change set of one stack, known by a name that a second try arrives at too. */
export class NamedChangeSet {
  /** @param name also the request token by which the stack's events tell who started them */
  constructor(
    private readonly client: CloudFormationClient,
    private readonly stackName: string,
    readonly name: string,
  ) {}

  async create(options: Omit<CreateChangeSetCommandInput, 'StackName' | 'ChangeSetName'>): Promise<void> {
    await this.client.send(new CreateChangeSetCommand({ ...options, StackName: this.stackName, ChangeSetName: this.name }));
  }

  async look(): Promise<ChangeSet> {
    try {
      return stateOf(await this.client.send(new DescribeChangeSetCommand({ StackName: this.stackName, ChangeSetName: this.name })));
    } catch (error) {
      if (isAbsence(error)) return { state: 'absent' };
      throw error;
    }
  }

  async execute(): Promise<void> {
    await this.client.send(new ExecuteChangeSetCommand({ StackName: this.stackName, ChangeSetName: this.name, ClientRequestToken: this.name }));
  }

  async remove(): Promise<void> {
    await this.client.send(new DeleteChangeSetCommand({ StackName: this.stackName, ChangeSetName: this.name }));
  }
}

function stateOf({ Status, StatusReason = '', ExecutionStatus }: DescribeChangeSetCommandOutput): ChangeSet {
  if (Status === 'FAILED') return NO_CHANGES.test(StatusReason) ? { state: 'unchanged' } : { state: 'failed', reason: StatusReason };
  if (Status !== 'CREATE_COMPLETE') return { state: 'preparing' };
  switch (ExecutionStatus) {
    case 'AVAILABLE':
      return { state: 'ready' };
    // Somebody changed the stack after it was made.
    case 'OBSOLETE':
      return { state: 'outdated' };
    default:
      return ExecutionStatus?.startsWith('EXECUTE_')
        ? { state: 'executing' }
        : { state: 'failed', reason: StatusReason || `the change set is ${ExecutionStatus}` };
  }
}

/** Neither the change set, nor perhaps its stack, is there. */
function isAbsence(error: unknown): boolean {
  const { name, message } = error as Error;
  return name === 'ChangeSetNotFoundException' || name === 'ChangeSetNotFound' || (name === 'ValidationError' && /does not exist/.test(message));
}
