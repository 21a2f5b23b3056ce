import type { FaultRule } from '../../../rehearsal/emulator/faults';
import type { Row } from '../table/cell';
import type { Fault } from '../table/fault';

/** The rule that holds something until the trouble is made, or that strikes where the fault is. */
export const FAULT = 'fault';
const LED_HERE = 'led-here';
const COMMIT = 'dynamodb:TransactWriteItems';
/** As often as a client of the SDK tries by itself. */
export const THROTTLED_CALLS = 3;

/** What the local AWS is told for one cell. */
export function rulesFor(state: string, row: Omit<Row, 'place'>, fault: Fault): FaultRule[] {
  const { behind } = row;
  const ledHere: FaultRule[] = behind ? [{ id: LED_HERE, at: 'call', state: behind.state, action: COMMIT, do: ['kill'], times: behind.deaths }] : [];
  return [...ledHere, ...own(state, row, fault)];
}

function own(state: string, { effect: action, waits }: Omit<Row, 'place'>, fault: Fault): FaultRule[] {
  const before: FaultRule = { id: FAULT, at: 'call', state, action, do: [] };
  const within: FaultRule = waits ? { id: FAULT, at: 'answered', state, do: ['hold'] } : { ...before, do: ['hold'] };
  const entered: FaultRule = waits ? within : { id: FAULT, at: 'entered', state, do: ['hold'] };
  switch (fault) {
    case 'killedBefore':
      return action === undefined ? [] : [{ ...before, do: ['kill'] }];
    case 'killedAfter':
      return [{ ...before, at: 'called', do: ['kill'] }];
    case 'throttled':
      return [
        { id: 'invocation', at: 'invoked', state, do: ['throttle'] },
        { ...before, do: ['throttle'], times: THROTTLED_CALLS },
      ];
    case 'stopped':
      return [{ ...entered, at: 'entered', do: ['stop'] }];
    case 'stoppedMidway':
      return [{ ...before, do: ['stop', 'hold'] }];
    case 'stackFailed':
      return [{ id: FAULT, at: 'update', do: ['fail'] }];
    case 'alarm':
      return [within];
    case 'redeployed':
    case 'decidedTwice':
      return [entered];
  }
}
