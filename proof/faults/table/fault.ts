/** What can go wrong in a state, with how the matrix names it. */
export const FAULTS = {
  killedBefore: 'killed before its effect',
  killedAfter: 'killed after its effect',
  throttled: 'throttled',
  stopped: 'stopped as it is entered',
  stoppedMidway: 'stopped before its effect, which comes',
  stackFailed: 'stack update fails',
  redeployed: 'hub deployed again',
  alarm: 'alarm fires',
  decidedTwice: 'decision arrives twice',
} as const;

export type Fault = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as Fault[];
