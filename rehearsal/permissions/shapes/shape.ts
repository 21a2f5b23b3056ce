/**
 * A call with everything left out that one deployment settled: names that CloudFormation made up, accounts, regions. What is left is the same
 * wherever the same app is deployed.
 */
export interface Shape {
  /** `<stack>/<logical id>` of the caller's role, or `person/<name>`. */
  readonly caller: string;
  readonly action: string;
  /** Its resource, with `{<stack>/<logical id>}` for names, `{account}` and `{region}`. */
  readonly resource: string;
  /** Values of the condition keys that a policy looks at. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

export const PERSON = 'person/';

/** One line a shape, sorted, so that a difference can be read. */
export function shapesAsText(shapes: readonly Shape[]): string {
  const lines = [...new Set(shapes.map((shape) => JSON.stringify(shape)))].sort();
  return `[\n${lines.map((line) => `  ${line}`).join(',\n')}\n]\n`;
}

/** What of the first list is not in the second. */
export function newShapes(shapes: readonly Shape[], known: readonly Shape[]): Shape[] {
  const all = new Set(known.map((shape) => JSON.stringify(shape)));
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).entries()].filter(([text]) => !all.has(text)).map(([, shape]) => shape);
}
