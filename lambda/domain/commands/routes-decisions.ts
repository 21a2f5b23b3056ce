import { abort } from './abort';
import { parseBody } from './bodies';
import { decide } from './decide';
import { viewRelease, viewReleases, viewTickets } from './read';
import { resume } from './resume';
import type { Routes } from './route';

/** What the API does of which only the ledger is asked: looking, deciding, resuming and aborting. */
export const DECISION_ROUTES: Routes = {
  'GET /releases': ({ ports }) => viewReleases(ports),
  'GET /releases/{version}': ({ ports, name }) => viewRelease(ports, name),
  'POST /releases/{version}/decisions': ({ ports, caller, name, body }) => decide(ports, caller, name, parseBody.decision(body)),
  'POST /releases/{version}/resume': ({ ports, caller, name, body }) => resume(ports, caller, name, parseBody.resume(body)),
  'POST /releases/{version}/abort': ({ ports, caller, name, body }) => abort(ports, caller, name, parseBody.reason(body)),
  'GET /tickets': ({ ports, query }) => viewTickets(ports, query.get('before') ?? undefined),
};
