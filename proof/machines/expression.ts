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
/** What an expression is, as JavaScript. `locals` are what the names of a block's variables are there. */
interface Place {
  /** The whole expression, for an error. */
  readonly text: string;
  readonly locals: ReadonlyMap<string, string>;
}

/**
 * The JSONata of our machines, compiled once to JavaScript of its own: the interpreter takes a thousand times as long as the rules it chains. What the
 * definitions do not use is refused, and a test holds every expression of theirs against the interpreter.
 */
export function compile(text: string): Compiled {
  const body = sourceOf(jsonata(text).ast() as unknown as Node, { text, locals: new Map() });
  return new Function(...Object.keys(KNOWN), `return (scope, item) => ${body};`)(...Object.values(KNOWN)) as Compiled;
}

/** What stands for `$` is `item`: the element that a filter looks at. */
function sourceOf(node: Node, place: Place): string {
  const of = (child: Node | undefined) => sourceOf(child as Node, place);
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return JSON.stringify(node.value);
    case 'variable':
      return variable(String(node.value), place);
    case 'path':
      return (node.steps ?? []).reduce((found, step) => filtered(stepped(found, step, place), step, place), '');
    case 'name':
      return field('item', String(node.value), place);
    case 'condition':
      return `(${of(node.condition)} === true ? ${of(node.then)} : ${node.else ? of(node.else) : 'undefined'})`;
    case 'block':
      return block(node.expressions ?? [], place);
    case 'binary':
      return binary(String(node.value), of(node.lhs as Node), of(node.rhs), place);
    case 'unary':
      return node.value === '[' ? `list([${(node.expressions ?? []).map(of).join(', ')}])` : object(node, place);
    case 'function':
      return call(String(node.procedure?.value), (node.arguments ?? []).map(of), place);
    default:
      throw notCompiled(node.type, place);
  }
}

function notCompiled(what: string, { text }: Place): Error {
  return new Error(`the proofs do not compile ${what} of JSONata yet, in: ${text}; add it to proof/machines/expression.ts`);
}

function variable(name: string, { locals }: Place): string {
  if (name === 'states') return 'scope.states';
  return name === '' ? 'item' : (locals.get(name) ?? `scope.variables[${JSON.stringify(name)}]`);
}

/** A step of a path, from what the one before has found. */
function stepped(found: string, step: Node, place: Place): string {
  if (found === '') return sourceOf({ ...step, stages: undefined }, place);
  return step.type === 'name' ? field(found, String(step.value), place) : `((item) => ${sourceOf({ ...step, stages: undefined }, place)})(${found})`;
}

/** What has no such field of its own has none: texts, numbers and lists have others. */
function field(value: string, name: string, place: Place): string {
  if ([Object.prototype, Array.prototype, String.prototype, Number.prototype].some((each) => name in each)) throw notCompiled(`the field ${name}`, place);
  return `${value}?.[${JSON.stringify(name)}]`;
}

function filtered(found: string, { stages = [] }: Node, place: Place): string {
  return stages.reduce(
    (value, { expr }) => (expr.type === 'number' ? `nth(${value}, ${Number(expr.value)})` : `kept(${value}, (item) => ${sourceOf(expr, place)})`),
    found,
  );
}

function block(expressions: readonly Node[], { text, locals }: Place): string {
  const known = new Map(locals);
  const lines = expressions.map((each, index) => {
    const isLast = index === expressions.length - 1;
    const isBound = each.type === 'bind';
    const source = sourceOf(isBound ? (each.rhs as Node) : each, { text, locals: new Map(known) });
    const name = `local${known.size}`;
    if (isBound) known.set(String((each.lhs as Node).value), name);
    return `${isLast ? 'return' : isBound ? `const ${name} =` : ''} ${source};`;
  });
  return `(() => { ${lines.join(' ')} })()`;
}

function binary(operator: string, left: string, right: string, place: Place): string {
  switch (operator) {
    case '=':
      return `isSame(${left}, ${right})`;
    case 'and':
      return `(${left} === true && ${right} === true)`;
    case 'in':
      return `isIn(${left}, ${right})`;
    case '&':
      return `(asText(${left}) + asText(${right}))`;
    case '+':
    case '<':
      return `(Number(${left}) ${operator} Number(${right}))`;
    default:
      throw notCompiled(operator, place);
  }
}

function object(node: Node, place: Place): string {
  const fields = (node.lhs as readonly (readonly [Node, Node])[]).map(([key, value]) => `${JSON.stringify(String(key.value))}: ${sourceOf(value, place)}`);
  return `defined({ ${fields.join(', ')} })`;
}

const asText = (value: unknown) => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));
const before = (text: string, mark: string) => (text.includes(mark) ? text.slice(0, text.indexOf(mark)) : text);
const after = (text: string, mark: string) => (text.includes(mark) ? text.slice(text.indexOf(mark) + mark.length) : text);
/** By characters, as JSONata counts: one outside of the basic plane is one. */
const part = (text: string, from: number, length: number) =>
  /[\ud800-\udfff]/.test(text) ? [...text].slice(from, from + length).join('') : text.slice(from, from + length);

/** What JSONata's functions make of defined arguments. */
const FUNCTIONS = {
  not: (value: unknown) => value !== true,
  string: asText,
  contains: (text: string, token: string) => text.includes(token),
  substring: part,
  substringBefore: before,
  substringAfter: after,
  replace: (text: string, pattern: string, by: string) => text.replaceAll(pattern, () => by),
  merge: (objects: readonly object[]) => Object.assign({}, ...objects),
} as const;

/** What compiled expressions call. */
const KNOWN = {
  ...FUNCTIONS,
  asText,
  isSame: (a: unknown, b: unknown) => a !== undefined && b !== undefined && a === b,
  isIn: (value: unknown, values: unknown) => value !== undefined && Array.isArray(values) && values.includes(value),
  count: (value: unknown) => (value === undefined ? 0 : Array.isArray(value) ? value.length : 1),
  list: (items: readonly unknown[]) => items.filter((value) => value !== undefined),
  nth: (value: unknown, index: number) => sequence(itemsOf(value).slice(index, index + 1)),
  kept: (value: unknown, holds: (item: unknown) => unknown) => sequence(itemsOf(value).filter((item) => holds(item) === true)),
  /** A field that is nothing is none. */
  defined: (made: Record<string, unknown>) => {
    for (const name in made) if (made[name] === undefined) delete made[name];
    return made;
  },
} as const;

const itemsOf = (value: unknown): readonly unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
/** A sequence of one is that one, of none nothing. */
const sequence = (items: readonly unknown[]) => (items.length > 1 ? items : items[0]);

function call(name: string, given: readonly string[], place: Place): string {
  const [first = 'undefined', ...rest] = given;
  if (name === 'exists') return `(${first} !== undefined)`;
  if (name === 'count') return `count(${first})`;
  if (!Object.hasOwn(FUNCTIONS, name)) throw notCompiled(`$${name}`, place);
  return `((first) => (first === undefined ? undefined : ${name}(${['first', ...rest].join(', ')})))(${first})`;
}
