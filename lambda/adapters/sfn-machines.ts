import { DescribeExecutionCommand, SendTaskFailureCommand, SendTaskSuccessCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { EndInput, MachineInput, OwnPathInput, RaiseRequest, RetireMachineInput, RollBackAnswer, RollBackRequest, RollBackWaveInput } from '../contract';
import type { EndedLook } from '../domain/doctor/look';
import type { Machines } from '../domain/ports';

/** Step Functions' own limits for what a failed task says. */
const MAX_ERROR = 256;
const MAX_CAUSE = 32_768;
/** What people read of why an execution ended. */
const MAX_SAID = 500;
/** Standard executions are kept for 90 days, https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html. */
const GONE = new Set(['ExecutionDoesNotExist', 'StateMachineDoesNotExist']);
const NOBODY_WAITS = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** Answers task tokens of Standard state machines. */
export class SfnTokens implements Pick<Machines, 'answer'> {
  constructor(protected readonly client: SFNClient) {}

  async answer(token: string, answer: { readonly success: unknown } | { readonly error: string; readonly cause: string }): Promise<boolean> {
    try {
      await ('success' in answer
        ? this.client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(answer.success ?? null) }))
        : this.client.send(new SendTaskFailureCommand({ taskToken: token, error: answer.error.slice(0, MAX_ERROR), cause: answer.cause.slice(0, MAX_CAUSE) })));
      return true;
    } catch (error) {
      if (NOBODY_WAITS.has((error as Error).name)) return false;
      throw error;
    }
  }
}

/** The path machine, and the writer of live rules, as state machine and function. */
export class SfnMachines extends SfnTokens implements Machines {
  /**
   * @param pathMachineArn the path machine
   * @param askWriter invokes the function that moves traffic
   * @param askKeeper starts the function that raises slots
   * @param retireMachineArn the machine that takes the path out again; asked for by whoever uses it only
   * @param environmentMachines what the ARNs of the environments' machines begin with; asked for by whoever uses it only
   */
  constructor(
    client: SFNClient,
    private readonly pathMachineArn: string,
    private readonly askWriter: (request: RollBackRequest | EndInput | RollBackWaveInput) => Promise<RollBackAnswer>,
    private readonly askKeeper: (request: RaiseRequest) => Promise<void>,
    private readonly retireMachineArn: () => string,
    private readonly environmentMachines: () => string,
  ) {
    super(client);
  }

  async start(name: string, input: MachineInput): Promise<string> {
    await this.begin(this.pathMachineArn, name, input);
    return this.executionArn(name);
  }

  retire(name: string, input: RetireMachineInput): Promise<void> {
    return this.begin(this.retireMachineArn(), name, input);
  }

  contract(environment: string, name: string, input: MachineInput | OwnPathInput): Promise<void> {
    return this.begin(this.environmentMachines() + environment, name, input);
  }

  private async begin(stateMachineArn: string, name: string, input: object): Promise<void> {
    try {
      await this.client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    } catch (error) {
      // It ran already, and has ended: the same release was submitted twice at once, or an answer was lost.
      if ((error as Error).name !== 'ExecutionAlreadyExists') throw error;
    }
  }

  executionArn(name: string): string {
    return executionOf(this.pathMachineArn, name);
  }

  retireArn(name: string): string {
    return executionOf(this.retireMachineArn(), name);
  }

  contractArn(environment: string, name: string): string {
    return executionOf(this.environmentMachines() + environment, name);
  }

  rollBack(request: RollBackRequest | EndInput | RollBackWaveInput): Promise<RollBackAnswer> {
    return this.askWriter(request);
  }

  raise(request: RaiseRequest): Promise<void> {
    return this.askKeeper(request);
  }

  async ended(executionArn: string): Promise<EndedLook | undefined> {
    try {
      const { status = '', error, cause, stopDate } = await this.client.send(new DescribeExecutionCommand({ executionArn }));
      if (status === 'RUNNING') return undefined;
      const why = [error, cause].filter(Boolean).join(': ').slice(0, MAX_SAID);
      return { how: why ? `${status}, ${why}` : status, ...(stopDate && { at: new Date(stopDate).toISOString() }) };
    } catch (error) {
      if (!GONE.has((error as Error).name)) throw error;
      return { how: 'it is not there any more' };
    }
  }
}

function executionOf(machineArn: string, name: string): string {
  return `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}
