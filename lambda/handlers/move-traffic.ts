import type {
  BeginOutageInput,
  EndInput,
  EndOutput,
  KeepOutInput,
  LookRequest,
  RestoreAcceptedRequest,
  RestoreAnswer,
  RestoreInput,
  RestoreOutput,
  RollBackAnswer,
  RollBackRequest,
  RollBackWaveInput,
  RollBackWaveOutput,
  ShiftInput,
  ShiftOutput,
} from '../contract';
import type { RuleLook } from '../domain/doctor/look';
import { lookAtRule } from '../domain/doctor/look-for-others';
import { beginOutage, keepOut } from '../domain/outage/users-out';
import type { Ports } from '../domain/ports';
import { restoreAccepted } from '../domain/recovery/restore-accepted';
import { restoreOriginal } from '../domain/retirement/restore-original';
import { rollBack } from '../domain/traffic/roll-back';
import { shift } from '../domain/traffic/shift';
import { swapBack } from '../domain/traffic/swap-back';
import { rollBackWave } from '../domain/waves/roll-back-wave';
import { alarms, ledger, liveRule, targets, task } from './wiring';

type MoveInput = ShiftInput | BeginOutageInput | KeepOutInput | EndInput | RollBackWaveInput | RestoreInput | RollBackRequest;
type MoveOutput = ShiftOutput | EndOutput | RollBackWaveOutput | RestoreOutput | RollBackAnswer;

/**
 * The one writer of live rules: a step of a release, the outage that it needs, its roll back (by its machine or the safety net), that of a wave it came through, the roll back of a
 * release that is live, or the return to what served before any release. Its time-out is `WRITER_TIMEOUT_SECONDS`, which its lease outlives.
 */
export function moveTraffic(ports: Ports) {
  return async (input: MoveInput): Promise<MoveOutput> => {
    if ('percent' in input) return shift(ports, input);
    if ('outage' in input) return input.outage === 'begins' ? beginOutage(ports, input) : keepOut(ports, input);
    if ('restore' in input) return restoreOriginal(ports, input);
    if ('failedIn' in input) return rollBackWave(ports, input);
    return 'failure' in input ? rollBack(ports, input) : swapBack(ports, input);
  };
}

/** And gives an environment that somebody recovers back to what was accepted; and says what the live rule holds, for who may not look. */
function moveOrRepair(ports: Ports) {
  return async (input: MoveInput | RestoreAcceptedRequest | LookRequest): Promise<MoveOutput | RestoreAnswer | RuleLook> => {
    if ('look' in input) return lookAtRule(ports, input.plan);
    return 'restore' in input && input.restore === 'accepted' ? restoreAccepted(ports, input) : moveTraffic(ports)(input);
  };
}

export const handler = task(moveOrRepair, { ledger, liveRule, alarms, targets });
