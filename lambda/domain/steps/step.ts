/** The states a release manager reads, as failures and tickets name them. */
export const step = {
  register: (environment: string) => `Register the release for ${environment}`,
  enter: (environment: string) => `Enter ${environment}`,
  deploy: (environment: string) => `Deploy to the shadow slot of ${environment}`,
  migrate: (environment: string) => `Migrate the shared state of ${environment}`,
  beginContract: (environment: string) => `Begin the contract in ${environment}`,
  contract: (environment: string) => `Contract the shared state of ${environment}`,
  capacity: (environment: string, percent?: number) =>
    percent === undefined ? `Start the shadow of ${environment} with the capacity of live` : `Match the capacity of ${environment} for ${percent} percent`,
  test: (environment: string) => `Test the shadow of ${environment}`,
  shift: (environment: string, percent: number) => `Shift ${environment} to ${percent} percent`,
  testAgain: (environment: string, percent: number) => `Bake and test ${environment} at ${percent} percent`,
  bake: (environment: string, percent: number) => `Bake ${environment} at ${percent} percent`,
  readGates: (environment: string, percent: number) => `Read the health gates of ${environment} at ${percent} percent`,
  inconclusive: (environment: string, percent: number) => `Ask about ${environment}, inconclusive at ${percent} percent`,
  pause: (environment: string, percent: number) => `Pause ${environment} at ${percent} percent`,
  accept: (environment: string) => `Accept in ${environment}`,
  rollBack: (environment: string) => `Roll back ${environment}`,
  restore: (environment: string) => `Give the users of ${environment} back to what served before`,
  removeSlots: (environment: string) => `Remove the slots of ${environment}`,
  retiringSafetyNet: () => 'Leave the path to the safety net',
  safetyNet: (environment: string) => `Leave ${environment} to the safety net`,
} as const;
