import type { EnvironmentPlan, FunctionRunner, MigrationRequest } from '../contract';
import { type Invocation, invokeOnce, type PatientClient } from './function-invocation';

/** Migrations as functions in the environment's account, in the slot of their release. Whether one is called twice is for the ledger to say. */
export class LambdaMigrations {
  constructor(private readonly clientFor: PatientClient) {}

  call(plan: EnvironmentPlan, { functionName, timeoutSeconds }: FunctionRunner, request: MigrationRequest): Promise<Invocation> {
    return invokeOnce(this.clientFor, plan, functionName, request, timeoutSeconds);
  }
}
