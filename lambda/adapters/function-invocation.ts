import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { EnvironmentPlan } from '../contract';
import { isTransient, messageOf } from './transient-error';

/** What became of one invocation: the function's answer, or why there is none, in words. */
export type Invocation = { readonly answer: unknown } | { readonly error: string };

/** A client for an environment that gives up after so many seconds and does not try again: whether a function runs twice is for its caller to say. */
export type PatientClient = (plan: EnvironmentPlan, timeoutSeconds: number) => LambdaClient;

/** Room for the function to start and to answer, beyond what the call itself may take. */
const START_SECONDS = 15;

/**
 * Invokes a function of an environment once. Whatever keeps it from answering in time is an `error`, in words.
 *
 * @throws only what a service that is busy answers, for the machine to try again
 */
export async function invokeOnce(
  clientFor: PatientClient,
  plan: EnvironmentPlan,
  functionName: string,
  payload: unknown,
  timeoutSeconds: number,
): Promise<Invocation> {
  const seconds = timeoutSeconds + START_SECONDS;
  try {
    return await invokeFunction(clientFor(plan, seconds), functionName, payload);
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') return { error: `no answer within ${seconds} seconds` };
    if (isTransient(error)) throw error;
    return { error: messageOf(error) };
  }
}

/**
 * Invokes a function and waits for its answer. A function that throws, times out or answers no JSON is an `error`, not an exception: for a
 * test that is a finding.
 *
 * @throws what the service itself refused with, for example a missing permission or a throttle
 */
export async function invokeFunction(client: LambdaClient, functionName: string, payload: unknown): Promise<Invocation> {
  const answer = await client.send(new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(payload)) }));
  const text = Buffer.from(answer.Payload ?? []).toString('utf8');
  const parsed = parse(text);
  if (answer.FunctionError) {
    const { errorType, errorMessage } = (parsed ?? {}) as { errorType?: string; errorMessage?: string };
    return { error: errorMessage ? `${errorType ?? 'Error'}: ${errorMessage}` : `${answer.FunctionError}: ${text}` };
  }
  return parsed === undefined ? { error: `the function answered no JSON but ${JSON.stringify(text.slice(0, 200))}` } : { answer: parsed };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
