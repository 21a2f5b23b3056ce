import jsonata from 'jsonata';

export interface Expression {
  /** Between `{%` and `%}`. */
  readonly text: string;
  /** Workflow variables it reads, without `$`; its own are left out. */
  readonly variables: string[];
}

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly lhs?: Node;
}

/** Every JSONata expression in a part of a definition. @throws when one cannot be parsed, or is not closed */
export function expressionsIn(json: unknown): Expression[] {
  if (typeof json === 'string') return json.startsWith('{%') || json.endsWith('%}') ? [parse(json)] : [];
  if (typeof json !== 'object' || json === null) return [];
  return Object.values(json).flatMap(expressionsIn);
}

/** What an expression yields in a state that has this input, and so on; see `$states` of Step Functions. */
export function evaluate(expression: string, states: object, variables: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
  return jsonata(parse(expression).text).evaluate(undefined, { ...variables, states });
}

/** Machines have the same expressions again and again. */
const parsed = new Map<string, Expression>();

function parse(field: string): Expression {
  const known = parsed.get(field) ?? parseAnew(field);
  parsed.set(field, known);
  return known;
}

function parseAnew(field: string): Expression {
  const text = /^\{%(.*)%\}$/s.exec(field)?.[1]?.trim();
  if (text === undefined) throw new Error(`an expression that is not closed: ${field}`);
  const nodes = nodesOf(jsonata(text).ast());
  const bound = new Set(nodes.filter(({ type }) => type === 'bind').map(({ lhs }) => lhs?.value));
  const functions = new Set(nodes.filter(({ type }) => type === 'function').map((node) => (node as { procedure?: Node }).procedure?.value));
  const read = nodes.filter(({ type, value }) => type === 'variable' && value !== '' && value !== 'states' && !bound.has(value) && !functions.has(value));
  return { text, variables: [...new Set(read.map(({ value }) => String(value)))] };
}

function nodesOf(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodesOf)];
}
