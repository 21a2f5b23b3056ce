/** Everything that happens. */

/** Everything that happens, as audit event in the ledger and as `detail-type` on the bus. */
export const EVENT_NAMES = [
  'ReleaseSubmitted',
  'EnvironmentEntered',
  'SlotDeployed',
  'TestFinished',
  'FirebreakOpened',
  'GoNoGoOpened',
  'DecisionRecorded',
  'FirebreakPassed',
  'GoNoGoPassed',
  'GateRefused',
  'TrafficShifted',
  'MismatchFound',
  'AlarmRaised',
  'ReleaseLive',
  'ReleaseStopped',
  'ReleaseRolledBack',
  'ReleaseAborted',
  'RollBackRequested',
  'ReleaseFinished',
  'TicketRaised',
  'SafetyNetActed',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];
/** `source` of every event. */
export const EVENT_SOURCE = 'path-to-live';
