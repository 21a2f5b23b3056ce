import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { EnvironmentPlan, MigrationRequest, MigrationRunner } from '../contract';
import type { Migrations } from '../domain/ports';
import { type Invocation, invokeFunction } from './function-invocation';
import { isTransient, messageOf } from './transient-error';

/** Room for the function to start and to answer, beyond what the call itself may take. */
const START_SECONDS = 15;

/** Migrations as functions in the environment's account, in the slot of their release. */
export class LambdaMigrations implements Migrations {
  /** @param clientFor with a client that gives up after so many seconds and does not try again: whether it is called twice is for the ledger to say */
  constructor(private readonly clientFor: (plan: EnvironmentPlan, timeoutSeconds: number) => LambdaClient) {}

  async call(plan: EnvironmentPlan, { functionName, timeoutSeconds }: MigrationRunner, request: MigrationRequest): Promise<Invocation> {
    const seconds = timeoutSeconds + START_SECONDS;
    try {
      return await invokeFunction(this.clientFor(plan, seconds), functionName, request);
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') return { error: `no answer within ${seconds} seconds` };
      if (isTransient(error)) throw error;
      return { error: messageOf(error) };
    }
  }
}
