/** What the plain path has not: a firebreak, shared state, a pause for a person, a planned outage. */
import { CALL_SECONDS } from '../app/stock';
import { ALARM, BY_HAND, because, causeOf, DIED } from './causes';
import type { Expected } from './cell';
import { ANOTHER_FAULT, COMMIT, IN_ITS_BRANCHES, L, passing, question, R, READ_ALARMS, rowsOf, S, servesNobody, task, WRITE_RULE, type Written } from './make';

const commits = { effect: COMMIT } as const;
const expands = { kind: 'expands', ...commits } as const;
const breaks = { kind: 'breaks', ...commits } as const;
const writer = { kind: 'breaks', effect: WRITE_RULE, writes: true } as const;

const ABORTED = because(S, 'Take the release to Shop', /the path machine: ABORTED/);
const SAFETY_NET = { step: 'Leave Shop to the safety net', says: BY_HAND };

/** Who is stopped where the live version may not understand the state any more leaves users without a version, whoever looks after it. */
const OUT: Expected = { outcome: S, out: true, cause: SAFETY_NET };

/** From when a migration has run in an outage: a failure takes it back, and gives users what they had; a machine that is stopped takes nothing back. */
const inOutage = { killedBefore: R, killedAfter: R, throttled: L, stopped: OUT, stoppedMidway: OUT, redeployed: L, decidedTwice: L } as const;

const ON_THE_WAY_BACK = 'Bake Shop at 100 percent after the outage';
const behind = { state: ON_THE_WAY_BACK, deaths: 1 } as const;
/** On the way back it dies, too: nothing has been taken back. */
const DIED_ON_THE_WAY_BACK: Expected = { outcome: S, out: true, cause: causeOf('Shop', '', { kind: 'breaks', behind }, 'killedBefore', S) };
const onTheWayBack = {
  killedBefore: DIED_ON_THE_WAY_BACK,
  killedAfter: DIED_ON_THE_WAY_BACK,
  throttled: R,
  stopped: OUT,
  stoppedMidway: OUT,
  redeployed: R,
  alarm: R,
  decidedTwice: R,
} as const;

const WRITTEN: Readonly<Record<string, Written>> = {
  'Wait at the firebreak in front of Shop': task(
    { ...commits, kind: 'good', waits: true, gate: 'firebreak' },
    {
      killedBefore: S,
      killedAfter: S,
      throttled: L,
      stopped: ABORTED,
      stoppedMidway: ABORTED,
      redeployed: L,
      // Nothing of it is deployed: it may be memory of what the slot held before, and is waited for.
      alarm: L,
      decidedTwice: L,
    },
  ),
  'Is the firebreak in front of Shop open?': question(ABORTED),
  'Migrate the shared state of Shop': task(
    { ...expands, callSeconds: CALL_SECONDS },
    {
      ...servesNobody,
      // Of the new version, by now in its slot: before anybody is asked.
      alarm: because(S, 'Test the shadow of Shop', ALARM),
      decidedTwice: L,
    },
  ),
  'Is the shared state of Shop migrated?': question(S, { kind: 'expands' }),
  'Pause Shop at 50 percent': task(
    { ...commits, kind: 'good', waits: true, gate: 'pause' },
    { killedBefore: R, killedAfter: R, throttled: L, stopped: R, stoppedMidway: R, redeployed: L, alarm: R, decidedTwice: L },
  ),
  'Does Shop go on from 50 percent?': question(R),
  'Ask for an outage of Shop': task(
    { ...breaks, waits: true, gate: 'goNoGo', isBeforeOutage: true },
    {
      ...servesNobody,
      alarm: because(S, 'Begin the outage of Shop', ALARM),
      decidedTwice: L,
    },
  ),
  'Is an outage of Shop agreed to?': question(S, { kind: 'breaks', isBeforeOutage: true }),
  'Begin the outage of Shop': task(writer, {
    killedBefore: { ...because(S, 'Begin the outage of Shop', DIED), told: false },
    // Users had none for a while; nothing was migrated, and none of them was on the release.
    killedAfter: S,
    throttled: L,
    stopped: { outcome: S, cause: SAFETY_NET, told: false },
    stoppedMidway: S,
    redeployed: L,
    alarm: because(R, 'Test the shadow of Shop in the outage', ALARM),
    decidedTwice: L,
  }),
  'Are the users of Shop out?': question(S, { kind: 'breaks' }),
  'Migrate the shared state of Shop in the outage': task(
    { ...breaks, callSeconds: CALL_SECONDS },
    {
      ...inOutage,
      // The ledger does not know of the call, so it is not made.
      killedBefore: S,
      stopped: S,
      stoppedMidway: S,
      alarm: because(R, 'Test the shadow of Shop in the outage', ALARM),
    },
  ),
  'Is the shared state of Shop migrated in the outage?': question(OUT, { kind: 'breaks' }),
  'Test the shadow of Shop in the outage': passing({ kind: 'breaks' }, OUT, IN_ITS_BRANCHES),
  'Run GET /health in Shop in the outage': task(breaks, {
    ...inOutage,
    killedBefore: because(R, 'Test the shadow of Shop in the outage', DIED),
    killedAfter: because(R, 'Test the shadow of Shop in the outage', DIED),
    alarm: because(R, 'Shift Shop to 100 percent after the outage', ALARM),
  }),
  'No verdict from GET /health in Shop in the outage': passing(
    { kind: 'breaks', behind: { state: 'Run GET /health in Shop in the outage', deaths: 1 } },
    OUT,
    ANOTHER_FAULT,
  ),
  'Did every test of Shop in the outage pass?': question(OUT, { kind: 'breaks' }),
  'Shift Shop to 100 percent after the outage': task(writer, { ...inOutage, alarm: because(R, 'Bake Shop at 100 percent after the outage', ALARM) }),
  'Is Shop at 100 percent after the outage?': question(OUT, { kind: 'breaks' }),
  'Bake Shop at 100 percent after the outage': task({ ...breaks, waits: true }, { ...inOutage, alarm: R }),
  'Read the health gates of Shop at 100 percent after the outage': task(
    { ...breaks, effect: READ_ALARMS },
    { ...inOutage, alarm: because(R, 'Read the health gates of Shop at 100 percent after the outage', ALARM) },
  ),
  'Is Shop healthy at 100 percent after the outage?': question(OUT, { kind: 'breaks' }),
  'Accept in Shop after the outage': task(breaks, {
    ...inOutage,
    // It is recorded as live, and stays so, whoever could not be told.
    killedAfter: L,
    alarm: L,
  }),
  'Is the release accepted in Shop after the outage?': question(L, { kind: 'breaks' }),
  'Keep the users of Shop out': task({ ...writer, behind }, onTheWayBack),
  'Undo the migration of Shop': task({ ...breaks, behind }, onTheWayBack),
  'Is the migration of Shop undone, as far as it can be?': question(R, { kind: 'breaks', behind }),
};

const CONTRACT = 'a contract is another way through the machine, of a release that is live';
const PATH = 'the machine of the path records an end here, or follows that of the environment';

/** States that have no row, and why. One that is neither here nor there fails a test. */
export const WITHOUT_ROW: Readonly<Record<string, string>> = {
  'Ask for the contract in Shop': CONTRACT,
  'Is the contract in Shop agreed to?': CONTRACT,
  'Begin the contract in Shop': CONTRACT,
  'May the contract in Shop begin?': CONTRACT,
  'Contract the shared state of Shop': CONTRACT,
  'Is the shared state of Shop contracted?': CONTRACT,
  'The shared state of Shop is contracted': CONTRACT,
  'Stop the contract in Shop': CONTRACT,
  'The contract in Shop is stopped': CONTRACT,
  'Take the release through Shop': PATH,
  'Is the release live in Shop?': PATH,
  'Record that the release is live': PATH,
  'The release is live': PATH,
  'Record how the release ended': PATH,
  'The release ended early': PATH,
  'Record that the release stopped at a firebreak': PATH,
  'Leave the release of FaultsShop to the safety net': PATH,
};

export const SHOP = rowsOf('Shop', WRITTEN);
