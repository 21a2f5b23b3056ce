import jsonata from 'jsonata';

/** What an expression may read. */
export interface Scope {
  readonly states: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

const known = new Map<string, unknown>();
const parsed = new Map<string, ReturnType<typeof jsonata>>();

/** A part of a definition with its JSONata expressions replaced by what they yield. The same question is asked of the library once. */
export async function evaluated(template: unknown, scope: Scope): Promise<unknown> {
  if (typeof template === 'string') return template.startsWith('{%') ? expression(template.slice(2, -2).trim(), scope) : template;
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return Promise.all(template.map((each) => evaluated(each, scope)));
  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(template)) entries.push([name, await evaluated(value, scope)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

const PATH = /^\$(\w+)((?:\.\w+)*)$/;

async function expression(text: string, scope: Scope): Promise<unknown> {
  const path = PATH.exec(text);
  if (path) {
    const [, variable = '', rest = ''] = path;
    const start = variable === 'states' ? scope.states : scope.variables[variable];
    return rest
      .split('.')
      .slice(1)
      .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], start);
  }
  const key = `${text}\n${JSON.stringify(scope)}`;
  if (known.has(key)) return known.get(key);
  const ready = parsed.get(text) ?? jsonata(text);
  parsed.set(text, ready);
  const found: unknown = await ready.evaluate(undefined, { ...scope.variables, states: scope.states });
  // jsonata's own arrays have more on them than their elements.
  const plain = found === undefined ? undefined : JSON.parse(JSON.stringify(found));
  known.set(key, plain);
  return plain;
}
