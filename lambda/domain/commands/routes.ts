import { examine } from '../doctor/examine';
import { recover } from '../recovery/recover';
import { parseBody } from './bodies';
import { contract } from './contract';
import { freeze, unfreeze } from './freeze';
import { viewStatus } from './read';
import { retire, viewRetirement } from './retire';
import { rollBack } from './roll-back';
import type { Routes } from './route';
import { DECISION_ROUTES } from './routes-decisions';
import { submit } from './submit';

/** Everything the hub's API does. */
export const ROUTES: Routes = {
  'POST /releases': ({ ports, caller, body }) => submit(ports, caller, parseBody.submit(body)),
  ...DECISION_ROUTES,
  'POST /environments/{environment}/roll-back': ({ ports, caller, name, body }) => rollBack(ports, caller, name, parseBody.reason(body)),
  'POST /environments/{environment}/recover': ({ ports, caller, name, body }) => recover(ports, caller, name, parseBody.reason(body)),
  'POST /environments/{environment}/contract': ({ ports, caller, name, body }) => contract(ports, caller, name, parseBody.reason(body)),
  'POST /environments/{environment}/freeze': ({ ports, caller, name, body }) => freeze(ports, caller, name, parseBody.freeze(body)),
  'POST /environments/{environment}/unfreeze': ({ ports, caller, name, body }) => unfreeze(ports, caller, name, parseBody.reason(body)),
  'GET /retirement': ({ ports }) => viewRetirement(ports),
  'POST /retirement': ({ ports, caller, body }) => retire(ports, caller, parseBody.retire(body)),
  'GET /status': ({ ports, caller }) => viewStatus(ports, caller),
  'GET /doctor': ({ ports }) => examine(ports),
  'GET /doctor/{environment}': ({ ports, name }) => examine(ports, name),
};
