import type { Outcome } from '../../../lambda/contract';
import { PLACES, type PlaceName } from '../names';
import { causeOf } from './causes';
import type { Cell, Expected, Row, Senseless } from './cell';
import { FAULT_NAMES, type Fault } from './fault';

export const [L, S, R] = ['live', 'stopped', 'rolledBack'] as const;

export const no = (reason: string): Senseless => ({ reason });
export const NO_STACK = no('no stack is changed here');
export const NO_FUNCTION = no('no function is called here');
export const NO_TIME = no('takes no time: what happens in it happens in the state before or after it');
export const NOBODY_ASKED = no('nobody has been asked yet');
export const OVER = no('the execution has ended with it');
export const IN_ITS_BRANCHES = no('its functions are called in its branches, which are states of their own');
export const ANOTHER_FAULT = no('only another fault leads here');

/** A state before users are moved: what goes wrong stops the release. What an alarm and a decision do there is the state's own. */
export const servesNobody = { killedBefore: S, killedAfter: S, throttled: L, stopped: S, stoppedMidway: S, redeployed: L } as const;

export type Given = Outcome | Cell;
type Cells = Readonly<Record<Exclude<Fault, 'stackFailed'>, Given>> & { readonly stackFailed?: Given };
type About = Omit<Row, 'cells' | 'place'>;
/** A row as it is written down: a cell that is only an outcome has the cause that its fault has everywhere. */
export type Written = About & { readonly cells: Readonly<Record<Fault, Given>> };

/** A state that calls a function. */
export const task = (about: About & { readonly effect: string }, cells: Cells): Written => ({ ...about, cells: { stackFailed: NO_STACK, ...cells } });

/** A state that only decides: it can be entered, and that is all. */
export const question = (stopped: Given, about: About = good()): Written => passing(about, stopped, NO_FUNCTION);

/** A state that an execution can be stopped in, and nothing else. */
export const passing = (about: About, stopped: Given, otherwise: Senseless): Written => ({
  ...about,
  cells: { ...everyFault(otherwise), stopped, stackFailed: NO_STACK, redeployed: NO_TIME, alarm: NO_TIME, decidedTwice: NO_TIME },
});

/** A state that ends the execution. */
export const end = (): Written => ({ kind: 'good', cells: everyFault(OVER) });

export function everyFault(cell: Given): Record<Fault, Given> {
  return Object.fromEntries(FAULT_NAMES.map((fault) => [fault, cell])) as Record<Fault, Given>;
}

export const COMMIT = 'dynamodb:TransactWriteItems';
export const READ_ALARMS = 'cloudwatch:DescribeAlarms';
export const WRITE_RULE = 'elasticloadbalancing:ModifyRule';

function good(): About {
  return { kind: 'good' };
}

/** The rows of one environment. */
export function rowsOf(place: PlaceName, written: Readonly<Record<string, Written>>): Readonly<Record<string, Row>> {
  const { environment } = PLACES[place];
  const rows = Object.entries(written).map(([state, { cells, ...about }]) => {
    const whole = (fault: Fault, cell: Given): Cell => {
      const expected = typeof cell === 'string' ? ({ outcome: cell, cause: causeOf(environment, state, about, fault, cell) } satisfies Expected) : cell;
      return 'outcome' in expected ? withoutVersion(about, expected) : expected;
    };
    return [state, { ...about, place, cells: Object.fromEntries(FAULT_NAMES.map((fault) => [fault, whole(fault, cells[fault])])) as Row['cells'] }];
  });
  return Object.fromEntries(rows);
}

/** Users are told of an outage once it was agreed to, and of none before. */
function withoutVersion({ kind, isBeforeOutage }: About, expected: Expected): Expected {
  const isTold = kind === 'breaks' && !(isBeforeOutage && expected.outcome === 'stopped');
  return isTold ? { told: true, ...expected } : expected;
}
