import { SAFETY_NET_TIMEOUT_SECONDS } from '../../lambda/contract';
import { HUB_FUNCTIONS, type HubFunctionEntry } from '../hub/hub-functions-table';

/** The functions of a {@link TrafficHub}, by the name of their handler. Without gates and bakes, nobody answers tokens. */
export const TRAFFIC_FUNCTIONS = {
  'take-slot': {
    description: 'Registers a release of a team’s own machine, and gives it the slot that serves nobody',
    role: 'observer',
    seconds: 60,
    ports: ['ledger', 'frontDoors'],
  },
  'move-traffic': HUB_FUNCTIONS['move-traffic'],
  accept: HUB_FUNCTIONS.accept,
  'machine-ended': {
    description: 'Takes back what a machine that has ended still holds, and closes its release',
    role: 'own',
    seconds: SAFETY_NET_TIMEOUT_SECONDS,
    ports: ['ledger', 'machines'],
    asks: ['movesTraffic'],
    ledger: ['commits', 'entries'],
  },
  sweep: { ...HUB_FUNCTIONS.sweep, description: 'Delivers the events that a crash left in the outbox', asks: [] },
} satisfies Record<string, HubFunctionEntry>;

/** The functions of a {@link DecisionHub}, by the name of their handler. */
export const DECISION_FUNCTIONS = {
  'open-firebreak': {
    description: 'Registers a release of a team’s own machine, and opens a firebreak for it',
    role: 'own',
    seconds: 30,
    ports: ['ledger'],
    asks: ['answersGates'],
  },
  decisions: {
    description: 'Answers the API of decisions',
    role: 'own',
    // An HTTP API waits 30 seconds at most, https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html.
    seconds: 30,
    ports: ['ledger'],
    asks: ['answersGates'],
    ledger: ['commits', 'entries', 'lists'],
  },
  finish: HUB_FUNCTIONS.finish,
  'pipeline-ended': {
    description: 'Closes what a pipeline that has ended left open',
    role: 'own',
    seconds: 60,
    ports: ['ledger'],
    ledger: ['commits', 'entries', 'lists'],
  },
  sweep: { ...HUB_FUNCTIONS.sweep, asks: ['answersGates'] },
} satisfies Record<string, HubFunctionEntry>;
