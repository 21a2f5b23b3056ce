import type { Ports } from '../ports';

/** Who asks for what. `caller` comes from the authorizer, the rest from the request. */
export interface Asked {
  readonly ports: Ports;
  readonly caller: string;
  /** What stands for `{…}` in the route; empty for a route without. */
  readonly name: string;
  readonly body: unknown;
  /** What came behind the `?`. */
  readonly query: URLSearchParams;
}

/** What a route does. */
export type Command = (asked: Asked) => Promise<unknown>;

/** One `{…}` a route at most; it stands for one path segment. */
export type Routes = Readonly<Record<string, Command>>;

/** Patterns of the routes that were asked for before. */
const patterns = new Map<string, RegExp>();

/** Which of the routes a method and a path are, and what stands for `{…}` in it; undefined when there is none. */
export function routeOf(
  routes: Routes,
  method: string,
  path: string,
): { readonly route: string; readonly command: Command; readonly name: string } | undefined {
  for (const [route, command] of Object.entries(routes)) {
    const match = patternOf(route).exec(`${method} ${path}`);
    if (match) return { route, command, name: match[1] ?? '' };
  }
  return undefined;
}

function patternOf(route: string): RegExp {
  const known = patterns.get(route) ?? new RegExp(`^${route.replace(/\{\w+\}/, '([^/]+)')}$`);
  patterns.set(route, known);
  return known;
}
