/** The plain path: what each state of its environment comes to. */
import { ALARM, BY_HAND, because, DIED } from './causes';
import {
  ANOTHER_FAULT,
  COMMIT,
  end,
  everyFault,
  IN_ITS_BRANCHES,
  L,
  NOBODY_ASKED,
  OVER,
  passing,
  question,
  R,
  READ_ALARMS,
  rowsOf,
  S,
  servesNobody,
  task,
  WRITE_RULE,
  type Written,
} from './make';

const good = { kind: 'good', effect: COMMIT } as const;
const writer = { kind: 'good', effect: WRITE_RULE, writes: true } as const;

/** One step of the traffic: once users may have been moved, what goes wrong takes them back. */
const shift = { killedBefore: R, killedAfter: R, throttled: L, stopped: R, stoppedMidway: R, redeployed: L, decidedTwice: L } as const;

const WRITTEN: Readonly<Record<string, Written>> = {
  'Enter Live': task(good, {
    killedBefore: S,
    killedAfter: S,
    throttled: L,
    // Nothing is held yet: it is the path's machine that is left without an outcome.
    stopped: because(S, 'Take the release to Live', /the path machine: FAILED/),
    stoppedMidway: because(S, 'Take the release to Live', /the path machine: FAILED/),
    redeployed: L,
    // It may be memory of what the slot held before: it is waited for.
    alarm: L,
    decidedTwice: NOBODY_ASKED,
  }),
  'May the release enter Live?': question(S),
  'Deploy to the shadow slot of Live': task(
    { ...good, effect: 'cloudformation:ExecuteChangeSet' },
    { killedBefore: S, killedAfter: S, throttled: L, stopped: S, stoppedMidway: S, stackFailed: S, redeployed: L, alarm: L, decidedTwice: NOBODY_ASKED },
  ),
  'Is the shadow slot of Live deployed?': question(S),
  'Test the shadow of Live': passing({ kind: 'good' }, S, IN_ITS_BRANCHES),
  'Run GET /health in Live': task(good, {
    killedBefore: because(S, 'Test the shadow of Live', DIED),
    killedAfter: because(S, 'Test the shadow of Live', DIED),
    throttled: L,
    stopped: S,
    stoppedMidway: S,
    redeployed: L,
    alarm: because(S, 'Shift Live to 50 percent', ALARM),
    decidedTwice: NOBODY_ASKED,
  }),
  'No verdict from GET /health in Live': passing({ kind: 'good', behind: { state: 'Run GET /health in Live', deaths: 1 } }, S, ANOTHER_FAULT),
  'Did every test of Live pass?': question(S),
  'Ask for go/no-go in Live': task(
    { ...good, waits: true, gate: 'goNoGo' },
    {
      ...servesNobody,
      alarm: because(S, 'Shift Live to 50 percent', ALARM),
      decidedTwice: L,
    },
  ),
  'Is it a go in Live?': question(S),
  'Shift Live to 50 percent': task(writer, { ...shift, stopped: S, alarm: because(R, 'Bake Live at 50 percent', ALARM) }),
  'Is Live at 50 percent?': question(R),
  'Bake Live at 50 percent': task({ ...good, waits: true }, { ...shift, alarm: R }),
  'Read the health gates of Live at 50 percent': task({ ...good, effect: READ_ALARMS }, { ...shift, alarm: R }),
  'Is Live healthy at 50 percent?': question(R),
  'Shift Live to 100 percent': task(writer, { ...shift, alarm: because(R, 'Bake Live at 100 percent', ALARM) }),
  'Is Live at 100 percent?': question(R),
  'Bake Live at 100 percent': task({ ...good, waits: true }, { ...shift, alarm: R }),
  'Read the health gates of Live at 100 percent': task({ ...good, effect: READ_ALARMS }, { ...shift, alarm: R }),
  'Is Live healthy at 100 percent?': question(R),
  'Accept in Live': task(good, {
    ...shift,
    // It is recorded as live, and stays so, whoever could not be told.
    killedAfter: L,
    // The gates have been read: it is for people to take it back from here on.
    alarm: L,
  }),
  'Is the release accepted in Live?': question(L),
  'The release is live in Live': end(),
  'Stop the release in Live': task(
    { ...good, kind: 'refused' },
    {
      killedBefore: S,
      killedAfter: S,
      throttled: S,
      stopped: S,
      // The safety net is faster than what is held.
      stoppedMidway: because(S, 'Leave Live to the safety net', BY_HAND),
      redeployed: S,
      alarm: S,
      decidedTwice: S,
    },
  ),
  'The release is stopped in Live': end(),
  'Roll back Live': task(
    { ...writer, kind: 'bad' },
    { killedBefore: R, killedAfter: R, throttled: R, stopped: R, stoppedMidway: R, redeployed: R, alarm: R, decidedTwice: R },
  ),
  'Live is rolled back': end(),
  'Leave Live to the safety net': {
    kind: 'refused',
    behind: { state: 'Stop the release in Live', deaths: 4 },
    // The stop dies at each of its tries, and the safety net does it.
    cells: { ...everyFault(OVER), killedBefore: because(S, 'Leave Live to the safety net', DIED) },
  },
};

export const LIVE = rowsOf('Live', WRITTEN);
