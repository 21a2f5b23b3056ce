import type { HandlerFunction } from '../private/handler-function';
import type { HubFunctionEntry } from './hub-functions-table';

/** The functions, by the name of their handler, of a hub whose releases come by a machine of a team's own. */
export const OWN_PATH_FUNCTIONS = {
  register: {
    description: 'Registers the release that a team’s own machine brings to an environment',
    role: 'observer',
    seconds: 60,
    ports: ['ledger', 'plans', 'bundles', 'templates'],
    ledger: ['commits', 'entries'],
  },
  'path-ended': {
    description: 'Closes the release of a team’s own machine that has ended',
    role: 'own',
    seconds: 60,
    ports: ['ledger'],
    asks: ['answersGates'],
    ledger: ['commits', 'entries', 'lists'],
  },
} satisfies Record<string, HubFunctionEntry>;

/** They, made. */
export interface OwnPathFunctions {
  readonly register: HandlerFunction;
  readonly pathEnded: HandlerFunction;
}
