import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { RaiseRequest } from '../contract';

/** The function that raises and lowers slots, asked without waiting: raising takes longer than whoever asks may run. */
export class CapacityKeeper {
  constructor(
    private readonly client: LambdaClient,
    private readonly functionName: string,
  ) {}

  async raise(request: RaiseRequest): Promise<void> {
    const Payload = Buffer.from(JSON.stringify(request));
    await this.client.send(new InvokeCommand({ FunctionName: this.functionName, InvocationType: 'Event', Payload }));
  }
}
