import type { Ports } from '../ports';
import { abort } from './abort';
import { parseBody } from './bodies';
import { decide } from './decide';
import { viewRelease, viewReleases, viewStatus, viewTickets } from './read';
import { resume } from './resume';
import { retire, viewRetirement } from './retire';
import { rollBack } from './roll-back';
import { submit } from './submit';

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

type Command = (asked: Asked) => Promise<unknown>;

/** Everything the hub's API does. One `{…}` a route at most; it stands for one path segment. */
export const ROUTES: Readonly<Record<string, Command>> = {
  'POST /releases': ({ ports, caller, body }) => submit(ports, caller, parseBody.submit(body)),
  'GET /releases': ({ ports }) => viewReleases(ports),
  'GET /releases/{version}': ({ ports, name }) => viewRelease(ports, name),
  'POST /releases/{version}/decisions': ({ ports, caller, name, body }) => decide(ports, caller, name, parseBody.decision(body)),
  'POST /releases/{version}/resume': ({ ports, caller, name, body }) => resume(ports, caller, name, parseBody.resume(body)),
  'POST /releases/{version}/abort': ({ ports, caller, name, body }) => abort(ports, caller, name, parseBody.reason(body)),
  'POST /environments/{environment}/roll-back': ({ ports, caller, name, body }) => rollBack(ports, caller, name, parseBody.reason(body)),
  'GET /retirement': ({ ports }) => viewRetirement(ports),
  'POST /retirement': ({ ports, caller, body }) => retire(ports, caller, parseBody.retire(body)),
  'GET /status': ({ ports }) => viewStatus(ports),
  'GET /tickets': ({ ports, query }) => viewTickets(ports, query.get('before') ?? undefined),
};

/** The command of a method and a path, and what stands for `{…}` in it; undefined when there is none. */
export function routeOf(method: string, path: string): { readonly route: string; readonly command: Command; readonly name: string } | undefined {
  for (const [route, command] of Object.entries(ROUTES)) {
    const pattern = new RegExp(`^${route.replace(/\{\w+\}/, '([^/]+)')}$`);
    const match = pattern.exec(`${method} ${path}`);
    if (match) return { route, command, name: match[1] ?? '' };
  }
  return undefined;
}
