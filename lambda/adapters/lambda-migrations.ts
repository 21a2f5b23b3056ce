import type { EnvironmentPlan, MigrationRequest, MigrationRunner } from '../contract';
import type { Migrations } from '../domain/ports';
import { type Invocation, invokeOnce, type PatientClient } from './function-invocation';

/** Migrations as functions in the environment's account, in the slot of their release. Whether one is called twice is for the ledger to say. */
export class LambdaMigrations implements Migrations {
  constructor(private readonly clientFor: PatientClient) {}

  call(plan: EnvironmentPlan, { functionName, timeoutSeconds }: MigrationRunner, request: MigrationRequest): Promise<Invocation> {
    return invokeOnce(this.clientFor, plan, functionName, request, timeoutSeconds);
  }
}
