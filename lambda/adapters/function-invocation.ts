import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** What became of one invocation: the function's answer, or why there is none, in words. */
export type Invocation = { readonly answer: unknown } | { readonly error: string };

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
