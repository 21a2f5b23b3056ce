import type { EnvironmentPlan, HealthRequest, ProbeAnswer, ProbeRequest, TestAnswer, TestRequest, Verdict } from '../contract';
import type { Tests } from '../domain/ports';
import { invokeOnce, type PatientClient } from './function-invocation';

const VERDICTS: readonly Verdict[] = ['passed', 'failed', 'inconclusive', 'error'];

/**
 * Tests as Lambda functions in the environment's account. Whatever keeps a function from answering is the verdict `error`, or status 0 of
 * a probe, with the reason; only a service that is busy is thrown, for the machine to try again.
 */
export class LambdaTests implements Tests {
  constructor(private readonly clientFor: PatientClient) {}

  async probe(plan: EnvironmentPlan, request: ProbeRequest): Promise<ProbeAnswer> {
    const found = await invokeOnce(this.clientFor, plan, plan.probeFunction, request, request.timeoutSeconds);
    return 'answer' in found ? (found.answer as ProbeAnswer) : { status: 0, milliseconds: 0, body: '', error: found.error };
  }

  async invoke(plan: EnvironmentPlan, functionArn: string, request: TestRequest | HealthRequest, timeoutSeconds: number): Promise<TestAnswer> {
    const found = await invokeOnce(this.clientFor, plan, functionArn, request, timeoutSeconds);
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
}
