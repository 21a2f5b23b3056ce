/** How an execution goes from one state to the next, by the Amazon States Language. Whoever keeps executions says when. */
import type { Catcher, Retrier, State } from './definition';
import type { Scope } from './expression';

/** What a state leaves behind. */
export interface Move {
  readonly output: unknown;
  /** Variables that are set, for the states behind it. */
  readonly assigned: Readonly<Record<string, unknown>>;
}

const NOTHING: Move['assigned'] = {};

/** What states see of their execution, as `$states.context`; https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export interface Context {
  readonly Execution: { readonly Id: string; readonly Name: string; readonly Input: unknown };
  /** Of a Task: since when, and how often it was tried again. */
  readonly State?: { readonly EnteredTime: string; readonly RetryCount: number };
  /** Of a Task that waits. */
  readonly Task?: { readonly Token: string };
}

/** Where a Choice goes. @throws Error where Step Functions would fail: a condition that is no boolean, or none that holds */
export function chosen(state: State, scope: Scope): { readonly next: string; readonly assigned: Move['assigned'] } {
  for (const { condition, next, assign } of state.choices) {
    const answer = condition(scope);
    if (typeof answer !== 'boolean')
      throw new Error(`a condition of ${JSON.stringify(state.name)} is ${JSON.stringify(answer)}, no boolean: Step Functions would fail here`);
    if (answer) return { next, assigned: assigned(assign, scope) };
  }
  if (state.otherwise === undefined) throw new Error(`no condition of ${JSON.stringify(state.name)} holds: Step Functions would fail here`);
  return { next: state.otherwise, assigned: NOTHING };
}

/** A state has what it asked for, its result in the scope. */
export function done(state: State, result: unknown, scope: Scope): Move {
  return { output: state.output ? state.output(scope) : result, assigned: assigned(state.assign, scope) };
}

/** An error went to whoever catches it, and is in the scope. */
export function caught(catcher: Catcher, errorOutput: unknown, scope: Scope): Move {
  return { output: catcher.output ? catcher.output(scope) : errorOutput, assigned: assigned(catcher.assign, scope) };
}

export function retrierOf({ retriers }: State, error: string): Retrier | undefined {
  return retriers.find(({ errors }) => matches(errors, error));
}

export function catcherOf({ catchers }: State, error: string): Catcher | undefined {
  return catchers.find(({ errors }) => matches(errors, error));
}

export const startsChild = ({ resource }: State) => resource.startsWith('states:startExecution.sync');
export const waitsForToken = ({ resource }: State) => resource.endsWith('.waitForTaskToken');

function matches(errors: readonly string[], error: string): boolean {
  return errors.includes(error) || errors.includes('States.ALL');
}

function assigned(assign: State['assign'], scope: Scope): Move['assigned'] {
  return assign ? (assign(scope) as Move['assigned']) : NOTHING;
}
