/**
 * What must become of a release when something goes wrong in a state: written down before it is tried, row by row and fault by fault. Going back always
 * is wrong, too: `L` is a release that goes live all the same.
 */
import type { Outcome } from '../../../lambda/contract';
import { BY_HAND, because, causeOf, DIED } from './causes';
import type { Cell, Expected, Kind, Row, Senseless } from './cell';
import { FAULT_NAMES, type Fault } from './fault';

const [L, S, R] = ['live', 'stopped', 'rolledBack'] as const;

const no = (reason: string): Senseless => ({ reason });
const NO_STACK = no('no stack is changed here');
const NO_FUNCTION = no('no function is called here');
const NO_TIME = no('takes no time: what happens in it happens in the state before or after it');
const NOBODY_ASKED = no('nobody has been asked yet');
const OVER = no('the execution has ended with it');
const IN_ITS_BRANCHES = no('its functions are called in its branches, which are states of their own');
const ANOTHER_FAULT = no('only another fault leads here');

type Given = Outcome | Cell;
type Cells = Readonly<Record<Exclude<Fault, 'stackFailed'>, Given>> & { readonly stackFailed?: Given };
type About = Omit<Row, 'cells'>;

/** A state that calls a function. */
const task = (about: About & { readonly effect: string }, cells: Cells) => ({ ...about, cells: { stackFailed: NO_STACK, ...cells } });

/** A state that only decides: it can be entered, and that is all. */
const question = (stopped: Given, kind: Kind = 'good') => passing({ kind }, stopped, NO_FUNCTION);

/** A state that an execution can be stopped in, and nothing else. */
const passing = (about: About, stopped: Given, otherwise: Senseless) => ({
  ...about,
  cells: { ...everyFault(otherwise), stopped, stackFailed: NO_STACK, redeployed: NO_TIME, alarm: NO_TIME, decidedTwice: NO_TIME },
});

/** A state that ends the execution. */
const end = () => ({ kind: 'good' as const, cells: everyFault(OVER) });

function everyFault(cell: Given): Record<Fault, Given> {
  return Object.fromEntries(FAULT_NAMES.map((fault) => [fault, cell])) as Record<Fault, Given>;
}

const COMMIT = 'dynamodb:TransactWriteItems';
const READ_ALARMS = 'cloudwatch:DescribeAlarms';
const good = { kind: 'good', effect: COMMIT } as const;
const writer = { kind: 'good', effect: 'elasticloadbalancing:ModifyRule', writes: true } as const;

/** One step of the traffic: once users may have been moved, what goes wrong takes them back. */
const shift = { killedBefore: R, killedAfter: R, throttled: L, stopped: R, stoppedMidway: R, redeployed: L, decidedTwice: L } as const;

const WRITTEN: Readonly<Record<string, Omit<Row, 'cells'> & { readonly cells: Readonly<Record<Fault, Given>> }>> = {
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
    alarm: because(S, 'Shift Live to 50 percent', /alarm FaultsOrders/),
    decidedTwice: NOBODY_ASKED,
  }),
  'No verdict from GET /health in Live': passing({ kind: 'good', behind: { state: 'Run GET /health in Live', deaths: 1 } }, S, ANOTHER_FAULT),
  'Did every test of Live pass?': question(S),
  'Ask for go/no-go in Live': task(
    { ...good, waits: true },
    {
      killedBefore: S,
      killedAfter: S,
      throttled: L,
      stopped: S,
      stoppedMidway: S,
      redeployed: L,
      alarm: because(S, 'Shift Live to 50 percent', /alarm FaultsOrders/),
      decidedTwice: L,
    },
  ),
  'Is it a go in Live?': question(S),
  'Shift Live to 50 percent': task(writer, { ...shift, stopped: S, alarm: because(R, 'Bake Live at 50 percent', /alarm FaultsOrders/) }),
  'Is Live at 50 percent?': question(R),
  'Bake Live at 50 percent': task({ ...good, waits: true }, { ...shift, alarm: R }),
  'Read the health gates of Live at 50 percent': task({ ...good, effect: READ_ALARMS }, { ...shift, alarm: R }),
  'Is Live healthy at 50 percent?': question(R),
  'Shift Live to 100 percent': task(writer, { ...shift, alarm: because(R, 'Bake Live at 100 percent', /alarm FaultsOrders/) }),
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

/** State -> what must become of a release there, by fault. */
export const TABLE: Readonly<Record<string, Row>> = Object.fromEntries(
  Object.entries(WRITTEN).map(([state, { cells, ...about }]) => {
    const written = Object.entries(cells) as [Fault, Given][];
    return [state, { ...about, cells: Object.fromEntries(written.map(([fault, cell]) => [fault, whole(state, about.kind, fault, cell)])) as Row['cells'] }];
  }),
);

function whole(state: string, kind: Kind, fault: Fault, cell: Given): Cell {
  return typeof cell === 'string' ? ({ outcome: cell, cause: causeOf(state, kind, fault, cell) } satisfies Expected) : cell;
}
