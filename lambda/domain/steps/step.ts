/** The states a release manager reads, as failures and tickets name them. */
export const step = {
  register: (environment: string) => `Register the release for ${environment}`,
  enter: (environment: string) => `Enter ${environment}`,
  askAboutTarget: (environment: string) => `Ask about the roll-back target of ${environment}`,
  deploy: (environment: string) => `Deploy to the shadow slot of ${environment}`,
  migrate: (environment: string) => `Migrate the shared state of ${environment}`,
  beginOutage: (environment: string) => `Begin the outage of ${environment}`,
  keepOut: (environment: string) => `Keep the users of ${environment} out`,
  migrateInOutage: (environment: string) => `Migrate the shared state of ${environment} in the outage`,
  testInOutage: (environment: string) => `Test the shadow of ${environment} in the outage`,
  undo: (environment: string) => `Undo the migration of ${environment}`,
  beginContract: (environment: string) => `Begin the contract in ${environment}`,
  contract: (environment: string) => `Contract the shared state of ${environment}`,
  capacity: (environment: string, percent?: number) =>
    percent === undefined ? `Start the shadow of ${environment} with the capacity of live` : `Match the capacity of ${environment} for ${percent} percent`,
  test: (environment: string) => `Test the shadow of ${environment}`,
  capacityForOutage: (environment: string) => `Match the capacity of ${environment} for the outage`,
  shift: (environment: string, percent: number) => `Shift ${environment} to ${percent} percent`,
  testAgain: (environment: string, percent: number) => `Bake and test ${environment} at ${percent} percent`,
  bake: (environment: string, percent: number) => `Bake ${environment} at ${percent} percent`,
  readGates: (environment: string, percent: number) => `Read the health gates of ${environment} at ${percent} percent`,
  inconclusive: (environment: string, percent: number) => `Ask about ${environment}, inconclusive at ${percent} percent`,
  pause: (environment: string, percent: number) => `Pause ${environment} at ${percent} percent`,
  accept: (environment: string) => `Accept in ${environment}`,
  rollBack: (environment: string) => `Roll back ${environment}`,
  rollBackWave: (environment: string) => `Roll back ${environment}, an earlier wave`,
  restore: (environment: string) => `Give the users of ${environment} back to what served before`,
  removeSlots: (environment: string) => `Remove the slots of ${environment}`,
  retiringSafetyNet: () => 'Leave the path to the safety net',
  safetyNet: (environment: string) => `Leave ${environment} to the safety net`,
} as const;

/** Those of them that are there once more, behind a planned outage. */
export const stepAfterOutage = {
  shift: (environment: string, percent: number) => `${step.shift(environment, percent)} after the outage`,
  readGates: (environment: string, percent: number) => `${step.readGates(environment, percent)} after the outage`,
  accept: (environment: string) => `${step.accept(environment)} after the outage`,
} as const;

/** Which of the two a release is at: the ledger has its outage until it is accepted. */
export function stepOf({ outage }: { readonly outage?: object }): typeof stepAfterOutage | typeof step {
  return outage === undefined ? step : stepAfterOutage;
}
