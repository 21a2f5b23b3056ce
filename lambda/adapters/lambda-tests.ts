import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { EnvironmentPlan, ProbeAnswer, ProbeRequest, TestAnswer, TestRequest, Verdict } from '../contract';
import type { Tests } from '../domain/ports';
import { type Invocation, invokeFunction } from './function-invocation';
import { isTransient, messageOf } from './transient-error';

const VERDICTS: readonly Verdict[] = ['passed', 'failed', 'inconclusive', 'error'];
/** Room for the function to start and to answer, beyond what the test itself may take. */
const START_SECONDS = 15;

/**
 * Tests as Lambda functions in the environment's account. Whatever keeps a function from answering is the verdict `error`, or status 0 of
 * a probe, with the reason; only a service that is busy is thrown, for the machine to try again.
 */
export class LambdaTests implements Tests {
  /** @param clientFor with a client that gives up after so many seconds and does not try again: a test must not run twice unasked */
  constructor(private readonly clientFor: (plan: EnvironmentPlan, timeoutSeconds: number) => LambdaClient) {}

  async probe(plan: EnvironmentPlan, request: ProbeRequest): Promise<ProbeAnswer> {
    const found = await this.invoked(plan, plan.probeFunction, request, request.timeoutSeconds);
    return 'answer' in found ? (found.answer as ProbeAnswer) : { status: 0, milliseconds: 0, body: '', error: found.error };
  }

  async invoke(plan: EnvironmentPlan, functionArn: string, request: TestRequest, timeoutSeconds: number): Promise<TestAnswer> {
    const found = await this.invoked(plan, functionArn, request, timeoutSeconds);
    if ('error' in found) return { verdict: 'error', expected: 'an answer', actual: found.error, logs: functionArn };
    const answer = found.answer as TestAnswer | null;
    if (VERDICTS.includes(answer?.verdict as Verdict)) return answer as TestAnswer;
    return {
      verdict: 'error',
      expected: `an answer with a verdict: ${VERDICTS.join(', ')}`,
      actual: JSON.stringify(found.answer).slice(0, 500),
      logs: functionArn,
    };
  }

  private async invoked(plan: EnvironmentPlan, name: string, request: unknown, timeoutSeconds: number): Promise<Invocation> {
    const seconds = timeoutSeconds + START_SECONDS;
    try {
      return await invokeFunction(this.clientFor(plan, seconds), name, request);
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') return { error: `no answer within ${seconds} seconds` };
      if (isTransient(error)) throw error;
      return { error: messageOf(error) };
    }
  }
}
