import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { EndInput, RollBackAnswer, RollBackRequest, RollBackWaveInput } from '../contract';
import { Retry } from '../domain/errors';
import { invokeFunction } from './function-invocation';

/** The function that moves traffic, asked directly. Its role alone may write live rules, so whoever wants one written asks it. */
export class TrafficWriter {
  constructor(
    private readonly client: LambdaClient,
    private readonly functionName: string,
  ) {}

  /** @throws Retry when it did not answer, or said that it could not act now */
  async rollBack(request: RollBackRequest | EndInput | RollBackWaveInput): Promise<RollBackAnswer> {
    const invocation = await invokeFunction(this.client, this.functionName, request);
    if ('error' in invocation) throw new Retry(`the function that moves traffic did not roll back: ${invocation.error}`);
    return invocation.answer as RollBackAnswer;
  }
}
