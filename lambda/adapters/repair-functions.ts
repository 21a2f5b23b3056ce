import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { EnvironmentPlan, LookRequest, RemoveStuckSlotRequest, RestoreAcceptedRequest, RestoreAnswer } from '../contract';
import type { RuleLook, StackLook } from '../domain/doctor/look';
import { Retry } from '../domain/errors';
import type { Repairs } from '../domain/ports';
import { invokeFunction } from './function-invocation';

/** The functions whose roles reach live rules and stacks of slots, asked directly: whoever looks, or recovers, has no right to either. */
export class RepairFunctions implements Repairs {
  /**
   * @param trafficFunction the one writer of live rules
   * @param slotsFunction what removes slots, as who deploys them
   */
  constructor(
    private readonly client: LambdaClient,
    private readonly trafficFunction: string,
    private readonly slotsFunction: string,
  ) {}

  rule(plan: EnvironmentPlan): Promise<RuleLook> {
    return this.ask(this.trafficFunction, { look: 'rule', plan });
  }

  stacks(plan: EnvironmentPlan): Promise<StackLook[]> {
    return this.ask(this.slotsFunction, { look: 'stacks', plan });
  }

  /** Asked once: the writer may be at work already when its answer is lost. */
  restore(request: RestoreAcceptedRequest): Promise<RestoreAnswer> {
    return this.ask(this.trafficFunction, request);
  }

  async removeSlot(request: RemoveStuckSlotRequest): Promise<void> {
    const Payload = Buffer.from(JSON.stringify(request));
    await this.client.send(new InvokeCommand({ FunctionName: this.slotsFunction, InvocationType: 'Event', Payload }));
  }

  private async ask<Answer>(functionName: string, request: LookRequest | RestoreAcceptedRequest): Promise<Answer> {
    const invocation = await invokeFunction(this.client, functionName, request);
    // By its name: something it needs was busy or away.
    if ('error' in invocation) throw /^Retry: /.test(invocation.error) ? new Retry(invocation.error) : new Error(invocation.error);
    return invocation.answer as Answer;
  }
}
