import { setTimeout as wait } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ACCOUNT, REGION } from '../../rehearsal/emulator/environment';
import type { Integ } from './integ';

/** What takes seconds takes many on a machine with others at work. */
const PATIENCE_MS = 90_000;

/** Executions of a team's own state machine. */
export class Executions {
  private readonly client: SFNClient;

  constructor(
    integ: Integ,
    private readonly stateMachineArn: string,
  ) {
    this.client = new SFNClient(integ.emulator.client);
  }

  /** @returns its ARN */
  async start(input: object): Promise<string> {
    const { executionArn = '' } = await this.client.send(new StartExecutionCommand({ stateMachineArn: this.stateMachineArn, input: JSON.stringify(input) }));
    return executionArn;
  }

  async stop(executionArn: string): Promise<void> {
    await this.client.send(new StopExecutionCommand({ executionArn }));
  }

  /** As it is when it has ended, or when nobody waits any longer. */
  async ended(executionArn: string): Promise<DescribeExecutionCommandOutput> {
    for (const begun = Date.now(); ; await wait(300)) {
      const execution = await this.client.send(new DescribeExecutionCommand({ executionArn }));
      if (execution.status !== 'RUNNING' || Date.now() - begun > PATIENCE_MS) return execution;
    }
  }

  /** From start to end. */
  async run(input: object): Promise<DescribeExecutionCommandOutput> {
    return this.ended(await this.start(input));
  }
}

/** Stops by hand whatever runs of a machine of the hub's. @returns how many that were */
export async function stopRunning({ emulator }: Integ, machine: string): Promise<number> {
  const client = new SFNClient(emulator.client);
  const stateMachineArn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${machine}`;
  const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }));
  for (const { executionArn } of executions) await client.send(new StopExecutionCommand({ executionArn }));
  return executions.length;
}

/** Looks until it is so. @returns what was seen last */
export async function until<T>(look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  for (const begun = Date.now(); ; await wait(300)) {
    const seen = await look();
    if (isSo(seen) || Date.now() - begun > PATIENCE_MS) return seen;
  }
}
