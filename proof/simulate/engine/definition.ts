import type { Compiled, Scope } from './expression';

/** A state machine's definition in Amazon States Language, as far as our machines use it. */
export interface DefinitionJson {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateJson>>;
  readonly TimeoutSeconds?: number;
}

export interface StateJson {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Resource?: string;
  readonly Arguments?: unknown;
  readonly Output?: unknown;
  readonly Assign?: unknown;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly RetryJson[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string; readonly Assign?: unknown; readonly Output?: unknown }[];
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string; readonly Assign?: unknown }[];
  readonly Default?: string;
  readonly Branches?: readonly DefinitionJson[];
  readonly Error?: string;
  readonly Cause?: unknown;
}

export interface RetryJson {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly JitterStrategy?: string;
}

/** What became of reading a definition once: every template a function of what its state sees. */
export interface Definition {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export interface State {
  readonly name: string;
  readonly type: string;
  readonly next?: string;
  readonly resource: string;
  readonly arguments?: Compiled;
  readonly output?: Compiled;
  readonly assign?: Compiled;
  readonly timeoutSeconds?: number;
  readonly retry: readonly RetryJson[];
  readonly catches: readonly { readonly errors: readonly string[]; readonly next: string; readonly assign?: Compiled; readonly output?: Compiled }[];
  readonly choices: readonly { readonly condition: Compiled; readonly next: string; readonly assign?: Compiled }[];
  readonly otherwise?: string;
  readonly branches: readonly Definition[];
  readonly error?: string;
  readonly cause?: Compiled;
}

/** Compiles one expression, the text between `{%` and `%}`. */
export type Compiler = (text: string) => Compiled;

/** @throws Error when it uses what the simulated engine does not know: it would be simulated as something else */
export function read(json: DefinitionJson, compile: Compiler): Definition {
  const states = Object.entries(json.States).map(([name, state]) => [name, stateOf(name, state, compile)] as const);
  return { startAt: json.StartAt, states: new Map(states) };
}

const KNOWN = new Set(
  'Type Next End Resource Arguments Output Assign TimeoutSeconds Retry Catch Choices Default Branches Error Cause QueryLanguage Comment'.split(' '),
);

function stateOf(name: string, json: StateJson, compile: Compiler): State {
  const unknown = Object.keys(json).find((field) => !KNOWN.has(field));
  if (unknown !== undefined)
    throw new Error(`the simulated engine does not know the field ${unknown} of the state ${JSON.stringify(name)}; add it to proof/simulate/engine`);
  const template = (value: unknown) => (value === undefined ? undefined : compiledTemplate(value, compile));
  return {
    name,
    type: json.Type,
    next: json.Next,
    resource: (json.Resource ?? '').replace(/^arn:aws:states:::/, ''),
    arguments: template(json.Arguments),
    output: template(json.Output),
    assign: template(json.Assign),
    timeoutSeconds: json.TimeoutSeconds,
    retry: json.Retry ?? [],
    catches: (json.Catch ?? []).map(({ ErrorEquals, Next, Assign, Output }) => ({
      errors: ErrorEquals,
      next: Next,
      assign: template(Assign),
      output: template(Output),
    })),
    choices: (json.Choices ?? []).map(({ Condition, Next, Assign }) => ({
      condition: compiledTemplate(Condition, compile),
      next: Next,
      assign: template(Assign),
    })),
    otherwise: json.Default,
    branches: (json.Branches ?? []).map((branch) => read(branch, compile)),
    error: json.Error,
    cause: template(json.Cause),
  };
}

function compiledTemplate(value: unknown, compile: Compiler): Compiled {
  if (typeof value === 'string') {
    const text = /^\{%(.*)%\}$/s.exec(value)?.[1]?.trim();
    return text === undefined ? () => value : compile(text);
  }
  if (typeof value !== 'object' || value === null) return () => value;
  if (Array.isArray(value)) {
    const items = value.map((item) => compiledTemplate(item, compile));
    return (scope: Scope) => items.map((item) => item(scope));
  }
  const fields = Object.entries(value).map(([name, field]) => [name, compiledTemplate(field, compile)] as const);
  return (scope: Scope) => {
    const made: Record<string, unknown> = {};
    for (const [name, field] of fields) made[name] = field(scope);
    return made;
  };
}
