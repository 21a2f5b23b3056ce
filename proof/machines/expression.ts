import jsonata from 'jsonata';

/** What an expression of a state can see. */
export interface Scope {
  readonly states: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
}
export type Compiled = (scope: Scope) => unknown;

interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly stages?: readonly { readonly type: string; readonly expr: Node }[];
  readonly lhs?: Node | readonly (readonly [Node, Node])[];
  readonly rhs?: Node;
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
  readonly expressions?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly procedure?: Node;
}
/** What stands for `$` is `item`: the element that a filter looks at. */
type Run = (scope: Scope, item: unknown) => unknown;

/**
 * The JSONata of our machines, compiled once: the interpreter takes a thousand times as long as the rules it chains. What the definitions do not use is
 * refused, and a test holds every expression of theirs against the interpreter.
 */
export function compile(text: string): Compiled {
  const run = compiled(jsonata(text).ast() as unknown as Node, text);
  return (scope) => run(scope, undefined);
}

function compiled(node: Node, text: string): Run {
  const of = (child: Node | undefined) => compiled(child as Node, text);
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return () => node.value;
    case 'variable':
      return variable(String(node.value));
    case 'path':
      return path(node.steps ?? [], text);
    case 'name':
      return (_scope, item) => field(item, String(node.value));
    case 'condition':
      return condition(of(node.condition), of(node.then), node.else && of(node.else));
    case 'block':
      return block(node.expressions ?? [], text);
    case 'binary':
      return binary(String(node.value), of(node.lhs as Node), of(node.rhs), text);
    case 'unary':
      return node.value === '[' ? list((node.expressions ?? []).map(of)) : object(node, text);
    case 'function':
      return call(String(node.procedure?.value), (node.arguments ?? []).map(of), text);
    default:
      throw notCompiled(node.type, text);
  }
}

function notCompiled(what: string, text: string): Error {
  return new Error(`the proofs do not compile ${what} of JSONata yet, in: ${text}; add it to proof/machines/expression.ts`);
}

function variable(name: string): Run {
  if (name === 'states') return (scope) => scope.states;
  return (scope, item) => (name === '' ? item : scope.variables[name]);
}

const field = (value: unknown, name: string) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>)[name] : undefined;

function path(steps: readonly Node[], text: string): Run {
  const [first, ...names] = steps;
  if (first && steps.every(({ stages = [] }) => stages.length === 0) && names.every(({ type }) => type === 'name')) {
    return fields(
      compiled(first, text),
      names.map(({ value }) => String(value)),
    );
  }
  const walked = steps.map((step) => ({
    run: compiled({ ...step, stages: undefined }, text),
    filters: (step.stages ?? []).map(({ expr }) => (expr.type === 'number' ? Number(expr.value) : compiled(expr, text))),
  }));
  return (scope, item) => {
    let found: unknown = item;
    for (const { run, filters } of walked) {
      found = run(scope, found);
      for (const filter of filters) found = filtered(found, filter, scope);
    }
    return found;
  };
}

/** What most paths are: `$states.result.Payload`. */
function fields(start: Run, names: readonly string[]): Run {
  return (scope, item) => {
    let found = start(scope, item);
    for (const name of names) found = field(found, name);
    return found;
  };
}

/** A sequence of one is that one, of none nothing. */
function filtered(value: unknown, filter: number | Run, scope: Scope): unknown {
  const items = value === undefined ? [] : Array.isArray(value) ? value : [value];
  const kept = typeof filter === 'number' ? items.slice(filter, filter + 1) : items.filter((item) => filter(scope, item) === true);
  return kept.length > 1 ? kept : kept[0];
}

function condition(when: Run, then: Run, otherwise: Run | undefined): Run {
  return (scope, item) => (when(scope, item) === true ? then(scope, item) : otherwise?.(scope, item));
}

function block(expressions: readonly Node[], text: string): Run {
  const parts = expressions.map((each) =>
    each.type === 'bind' ? { name: String((each.lhs as Node).value), run: compiled(each.rhs as Node, text) } : { name: undefined, run: compiled(each, text) },
  );
  return (outer, item) => {
    const variables: Record<string, unknown> = Object.create(outer.variables);
    const scope = { states: outer.states, variables };
    let last: unknown;
    for (const { name, run } of parts) {
      last = run(scope, item);
      if (name !== undefined) variables[name] = last;
    }
    return last;
  };
}

function binary(operator: string, left: Run, right: Run, text: string): Run {
  const known: Readonly<Record<string, Run>> = {
    '=': (scope, item) => isSame(left(scope, item), right(scope, item)),
    and: (scope, item) => left(scope, item) === true && right(scope, item) === true,
    in: (scope, item) => {
      const [value, values] = [left(scope, item), right(scope, item)];
      return value !== undefined && Array.isArray(values) && values.includes(value);
    },
    '&': (scope, item) => asText(left(scope, item)) + asText(right(scope, item)),
    '+': (scope, item) => Number(left(scope, item)) + Number(right(scope, item)),
    '<': (scope, item) => Number(left(scope, item)) < Number(right(scope, item)),
  };
  const run = known[operator];
  if (!run) throw notCompiled(operator, text);
  return run;
}

const isSame = (a: unknown, b: unknown) => a !== undefined && b !== undefined && a === b;
const asText = (value: unknown) => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

function list(items: readonly Run[]): Run {
  return (scope, item) => items.map((each) => each(scope, item)).filter((value) => value !== undefined);
}

function object(node: Node, text: string): Run {
  const fields = (node.lhs as readonly (readonly [Node, Node])[]).map(([key, value]) => [String(key.value), compiled(value, text)] as const);
  return (scope, item) => {
    const made: Record<string, unknown> = {};
    for (const [name, run] of fields) {
      const value = run(scope, item);
      if (value !== undefined) made[name] = value;
    }
    return made;
  };
}

const before = (text: string, mark: string) => (text.includes(mark) ? text.slice(0, text.indexOf(mark)) : text);
const after = (text: string, mark: string) => (text.includes(mark) ? text.slice(text.indexOf(mark) + mark.length) : text);
/** By characters, as JSONata counts: one outside of the basic plane is one. */
const part = (text: string, from: number, length: number) => [...text].slice(from, from + length).join('');

/** What JSONata's functions make of defined arguments. */
const FUNCTIONS: Readonly<Record<string, (...values: never[]) => unknown>> = {
  not: (value: unknown) => value !== true,
  string: (value: unknown) => asText(value),
  contains: (text: string, token: string) => text.includes(token),
  substring: part,
  substringBefore: before,
  substringAfter: after,
  replace: (text: string, pattern: string, by: string) => text.replaceAll(pattern, () => by),
  merge: (objects: readonly object[]) => Object.assign({}, ...objects),
};

function call(name: string, given: readonly Run[], text: string): Run {
  const [first] = given as [Run];
  if (name === 'exists') return (scope, item) => first(scope, item) !== undefined;
  if (name === 'count') {
    return (scope, item) => {
      const value = first(scope, item);
      return value === undefined ? 0 : Array.isArray(value) ? value.length : 1;
    };
  }
  const run = FUNCTIONS[name];
  if (!run) throw notCompiled(`$${name}`, text);
  return (scope, item) => {
    const values = given.map((each) => each(scope, item));
    return values[0] === undefined ? undefined : run(...(values as never[]));
  };
}
