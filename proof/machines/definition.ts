import type { StateJson as StateOfTheReview, StatesJson as StatesOfTheReview } from '../../cli/review/machines/graph';
import type { Compiled } from './expression';

/** A state machine's definition in Amazon States Language, as far as our machines use it. */
export interface DefinitionJson extends StatesOfTheReview {
  readonly States: Readonly<Record<string, StateJson>>;
}

/** What the review reads, and what an execution needs besides. */
export interface StateJson extends StateOfTheReview {
  readonly Output?: unknown;
  readonly Catch?: readonly CatchJson[];
  readonly Branches?: readonly DefinitionJson[];
  readonly Cause?: unknown;
}

type CatchJson = NonNullable<StateOfTheReview['Catch']>[number] & { readonly Output?: unknown };

/** Machines by name. */
export type Definitions = Readonly<Record<string, DefinitionJson>>;

/** What became of reading a definition once: every template a function of what its state sees. */
export interface Definition {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export interface State {
  readonly name: string;
  readonly type: string;
  readonly next?: string;
  /** What a Task calls: `lambda:invoke`, `lambda:invoke.waitForTaskToken` or `states:startExecution.sync:2`. */
  readonly resource: string;
  /** ARN of the function that it calls. */
  readonly functionArn?: string;
  readonly arguments?: Compiled;
  readonly output?: Compiled;
  readonly assign?: Compiled;
  readonly timeoutSeconds?: number;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
  readonly choices: readonly { readonly condition: Compiled; readonly next: string; readonly assign?: Compiled }[];
  readonly otherwise?: string;
  readonly branches: readonly Definition[];
  readonly error?: string;
  readonly cause?: Compiled;
}

export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly hasJitter: boolean;
}

export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  readonly assign?: Compiled;
  readonly output?: Compiled;
}

/** Compiles one expression, the text between `{%` and `%}`. */
export type Compiler = (text: string) => Compiled;

/** @throws Error when it uses what the proofs do not know: it would be carried out as something else */
export function read(json: DefinitionJson, compile: Compiler): Definition {
  const states = Object.entries(json.States).map(([name, state]) => [name, stateOf(name, state, compile)] as const);
  return { startAt: json.StartAt, states: new Map(states) };
}

const KNOWN = new Set(
  'Type Next End Resource Arguments Output Assign TimeoutSeconds Retry Catch Choices Default Branches Error Cause QueryLanguage Comment'.split(' '),
);
const KNOWN_OF_RETRY = new Set('ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy Comment'.split(' '));

function stateOf(name: string, json: StateJson, compile: Compiler): State {
  refuseUnknown(json, KNOWN, name);
  const template = (value: unknown) => (value === undefined ? undefined : compiledTemplate(value, compile, name));
  const { FunctionName: functionArn } = json.Arguments ?? {};
  return {
    name,
    type: json.Type,
    next: json.Next,
    resource: (json.Resource ?? '').replace(/^arn:aws:states:::/, ''),
    ...(typeof functionArn === 'string' && { functionArn }),
    arguments: template(json.Arguments),
    output: template(json.Output),
    assign: template(json.Assign),
    timeoutSeconds: json.TimeoutSeconds === undefined ? undefined : Number(json.TimeoutSeconds),
    retriers: (json.Retry ?? []).map((retry) => retrierOf(name, retry)),
    catchers: (json.Catch ?? []).map(({ ErrorEquals, Next, Assign, Output }) => ({
      errors: ErrorEquals,
      next: Next,
      assign: template(Assign),
      output: template(Output),
    })),
    choices: (json.Choices ?? []).map(({ Condition, Next, Assign }) => ({
      condition: compiledTemplate(Condition, compile, name),
      next: Next,
      assign: template(Assign),
    })),
    otherwise: json.Default,
    branches: (json.Branches ?? []).map((branch) => read(branch, compile)),
    error: json.Error,
    cause: template(json.Cause),
  };
}

/** What is left out is as in https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
function retrierOf(name: string, json: NonNullable<StateJson['Retry']>[number] & { readonly JitterStrategy?: string }): Retrier {
  refuseUnknown(json, KNOWN_OF_RETRY, name);
  const { ErrorEquals: errors, IntervalSeconds: intervalSeconds = 1, MaxAttempts: maxAttempts = 3, BackoffRate: backoffRate = 2 } = json;
  const { MaxDelaySeconds: maxDelaySeconds = Number.POSITIVE_INFINITY, JitterStrategy } = json;
  return { errors, intervalSeconds, maxAttempts, backoffRate, maxDelaySeconds, hasJitter: JitterStrategy === 'FULL' };
}

function refuseUnknown(json: object, known: ReadonlySet<string>, name: string): void {
  const unknown = Object.keys(json).find((field) => !known.has(field));
  if (unknown === undefined) return;
  throw new Error(`the proofs do not know the field ${unknown} of the state ${JSON.stringify(name)}; add it to proof/machines`);
}

function compiledTemplate(value: unknown, compile: Compiler, name: string): Compiled {
  if (typeof value === 'string') {
    const text = /^\{%(.*)%\}$/s.exec(value)?.[1]?.trim();
    return text === undefined ? () => value : defined(compile(text), text, name);
  }
  if (typeof value !== 'object' || value === null || !JSON.stringify(value).includes('"{%')) return () => value;
  const parts: Compiled[] = [];
  const place = (run: Compiled) => `parts[${parts.push(run) - 1}](scope)`;
  const inner = (each: unknown) => place(compiledTemplate(each, compile, name));
  const made = Array.isArray(value)
    ? `[${value.map(inner).join(', ')}]`
    : `{ ${Object.entries(value)
        .map(([field, each]) => `${JSON.stringify(field)}: ${inner(each)}`)
        .join(', ')} }`;
  // As text, since what is written out field by field is made at once, and always of one shape.
  return new Function('parts', `return (scope) => (${made});`)(parts) as Compiled;
}

/** Step Functions fails a state whose expression yields nothing. */
function defined(run: Compiled, text: string, name: string): Compiled {
  return (scope) => {
    const value = run(scope);
    if (value === undefined) throw new Error(`an expression of ${JSON.stringify(name)} yields nothing, and Step Functions would fail there: ${text}`);
    return value;
  };
}
