/** Everything that happens. */

/** Everything that happens, as audit event in the ledger and as `detail-type` on the bus. What was refused changed nothing, and is on the bus only. */
export const EVENT_NAMES = [
  'ReleaseSubmitted',
  'SubmissionRefused',
  'TurnAwaited',
  'ReleaseSuperseded',
  'EnvironmentEntered',
  'SlotDeployed',
  'MigrationStarted',
  'MigrationFinished',
  'MigrationFailed',
  'MigrationUndone',
  'OutageBegan',
  'OutageEnded',
  'ContractRequested',
  'ContractGateOpened',
  'ContractGatePassed',
  'ContractFinished',
  'ContractStopped',
  'TargetGateOpened',
  'TargetGatePassed',
  'AlarmsFiredBefore',
  'TestFinished',
  'FirebreakOpened',
  'GoNoGoOpened',
  'DecisionRecorded',
  'FirebreakPassed',
  'GoNoGoPassed',
  'GateRefused',
  'CapacityRaised',
  'CapacityLowered',
  'TrafficShifted',
  'PauseOpened',
  'PausePassed',
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
  'DriftFound',
  'EnvironmentRecovered',
  'EnvironmentFrozen',
  'EnvironmentUnfrozen',
  'RetirementRequested',
  'TrafficRestored',
  'EnvironmentRetired',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];
/** `source` of every event. */
export const EVENT_SOURCE = 'path-to-live';
/** `source` of a submission that the hub asks for by itself, see `RequeueBody`. */
export const REQUEUE_SOURCE = `${EVENT_SOURCE}.requeue`;

/** `detail-type` of an event that asks for a submission; its `detail` is a `SubmitBody`. From any `source` but our own. */
export const SUBMIT_EVENT = 'SubmitRelease';
