import type { EndInput, EndOutput, RestoreInput, RestoreOutput, RollBackAnswer, RollBackRequest, ShiftInput, ShiftOutput } from '../contract';
import type { Ports } from '../domain/ports';
import { restoreOriginal } from '../domain/retirement/restore-original';
import { rollBack } from '../domain/traffic/roll-back';
import { shift } from '../domain/traffic/shift';
import { swapBack } from '../domain/traffic/swap-back';
import { alarms, ledger, liveRule, targets, task } from './wiring';

/**
 * The one writer of live rules: a step of a release, its roll back (by its machine or the safety net), the roll back of a release that is live, or
 * the return to what served before any release. Its time-out is `WRITER_TIMEOUT_SECONDS`, which its lease outlives.
 */
export function moveTraffic(ports: Ports) {
  return async (input: ShiftInput | EndInput | RestoreInput | RollBackRequest): Promise<ShiftOutput | EndOutput | RestoreOutput | RollBackAnswer> => {
    if ('percent' in input) return shift(ports, input);
    if ('restore' in input) return restoreOriginal(ports, input);
    return 'failure' in input ? rollBack(ports, input) : swapBack(ports, input);
  };
}

export const handler = task(moveTraffic, { ledger, liveRule, alarms, targets });
