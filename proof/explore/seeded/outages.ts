import { BREAKS, bug, type SeededBug, TAKES_BACK } from './bug';

/** Rules about planned outages. */
export const OUTAGES: readonly SeededBug[] = [
  bug(
    'users go back to a version that does not understand the state',
    BREAKS,
    ['understood'],
    'outage/outage.ts',
    'return outage?.against !== undefined && rollBackRequested === undefined;',
    'return false;',
  ),
  bug(
    'what an outage is for begins before users are out',
    { ...BREAKS, troubles: 0 },
    ['out'],
    'outage/users-out.ts',
    'await begin(ports, view);\n      await record',
    'await record',
  ),
  bug(
    'it is not recorded that the live version does not understand what has started',
    BREAKS,
    ['understood'],
    'outage/migrate-in-outage.ts',
    '...(against === undefined && isAgainst && { against: contract }),',
    '',
  ),
  bug(
    'it is taken back while a writer that died may have given users a version',
    TAKES_BACK,
    ['out'],
    'outage/outage.ts',
    'Object.keys(state.weights).length === 0 && state.lock?.intended === undefined',
    'Object.keys(state.weights).length === 0',
  ),
  bug(
    'the ledger has users on the live version who stay out',
    BREAKS,
    ['rest'],
    'outage/outage.ts',
    'return { ...abandoned(state, now), weights: {}, outage };',
    'return { ...abandoned(state, now), outage };',
  ),
];
