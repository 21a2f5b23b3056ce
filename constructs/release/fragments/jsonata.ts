import type { SlotTaskInput, TaskInput, TokenTurn } from '../../../lambda/contract';

/** An expression Step Functions evaluates when it reaches the state. */
export function jsonata(expression: string): string {
  return `{% ${expression} %}`;
}

/** A text within an expression. JSONata reads JSON's strings. */
export function literal(text: string): string {
  return JSON.stringify(text);
}

/** What a task is sent: the contract's fields, each as a literal or as an expression that yields it. */
export type Payload<Input> = { readonly [Field in keyof Input]: Input[Field] | string };

/** ARN of the running execution. */
export const EXECUTION = '$states.context.Execution.Id';
/** Version of the release the execution is about. */
export const RELEASE = '$states.context.Execution.Input.release';
/** Digest of the release, where the machine is a team's own. */
export const DIGEST = '$states.context.Execution.Input.digest';
/** Answers the waiting state; whoever has it decides. */
const TOKEN = '$states.context.Task.Token';

/** What a state that waits on a token hands out: the token, and which try of the state it is of. */
export function tokenOfTry(): Payload<TokenTurn & { readonly token: string }> {
  return { token: jsonata(TOKEN), enteredAt: jsonata('$states.context.State.EnteredTime'), retries: jsonata('$states.context.State.RetryCount') };
}

/** What every task of an environment machine is told. */
export function taskInput(environment: string): Payload<TaskInput> {
  return { environment, release: jsonata(RELEASE), execution: jsonata(EXECUTION) };
}

/** The same, about the slot in the variable `$colour`. */
export function slotInput(environment: string): Payload<SlotTaskInput> {
  return { ...taskInput(environment), colour: jsonata('$colour') };
}
