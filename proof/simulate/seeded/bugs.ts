/** A fault in one rule, put in its place on purpose: the simulation must find it. */
export interface SeededBug {
  readonly does: string;
  /** From the root of the repository. */
  readonly module: string;
  readonly exported: string;
  /** What takes its place. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the rule is, a broken one takes its place
  readonly broken: (rule: any) => unknown;
}

/** One in each rule that a release's safety stands on. */
export const BUGS: Readonly<Record<string, SeededBug>> = {
  'one-party-is-enough': {
    does: 'the first acceptance lets a release pass',
    module: 'lambda/domain/gates/gate-decision.ts',
    exported: 'decide',
    broken: (rule) => (gate: unknown, request: { readonly decision: string }, now: string) => {
      const decided = rule(gate, request, now);
      return decided.kind === 'gate' && request.decision === 'accept' ? { ...decided, status: 'passed' } : decided;
    },
  },
  'anybody-decides': {
    does: 'everybody is in every party',
    module: 'lambda/domain/gates/gate-caller.ts',
    exported: 'isOneOf',
    broken: () => () => true,
  },
  'no-recheck': {
    does: 'a step does not ask whether the environment is still its release’s, or anybody wants it stopped',
    module: 'lambda/domain/steps/recheck.ts',
    exported: 'mayGoOn',
    broken: () => () => undefined,
  },
  'one-percent-lost': {
    does: 'a shift loses a percent',
    module: 'lambda/domain/traffic/weights.ts',
    exported: 'shiftedWeights',
    broken: (rule) => (live: string | undefined, shadow: string, percent: number) =>
      percent < 100 && live !== undefined ? { [live]: 99 - percent, [shadow]: percent } : rule(live, shadow, percent),
  },
  'freed-after-a-shift': {
    does: 'a release that has moved traffic may be stopped',
    module: 'lambda/domain/environment.ts',
    exported: 'mayBeFreed',
    broken: () => () => 'yes',
  },
  'alarms-are-quiet': {
    does: 'alarms are taken for quiet',
    module: 'lambda/domain/health/verdict.ts',
    exported: 'ofAlarms',
    broken: () => () => ({ verdict: 'passed', subject: 'the alarms', expected: 'quiet', actual: 'quiet' }),
  },
  'tokens-are-lost': {
    does: 'what was promised to a token is not delivered',
    module: 'lambda/domain/outbox.ts',
    exported: 'deliver',
    broken: (rule) => async (to: unknown, delivery: { readonly to: string }) => (delivery.to === 'token' ? undefined : rule(to, delivery)),
  },
  'forgets-its-work': {
    does: 'a task that is tried again does not find what it did before',
    module: 'lambda/domain/audit.ts',
    exported: 'recorded',
    broken: () => () => undefined,
  },
  'leases-mean-nothing': {
    does: 'a lease that somebody holds is taken all the same',
    module: 'lambda/domain/traffic/lease.ts',
    exported: 'withLease',
    broken: () => async (_ports: unknown, _environment: string, write: (lease: unknown) => unknown) => write({ owner: 'me', fence: 1, expiresAt: '' }),
  },
  'always-refused': {
    does: 'no shift is ever allowed, so that nothing bad can happen',
    module: 'lambda/domain/traffic/decide-shift.ts',
    exported: 'decideShift',
    broken: () => () => ({ kind: 'refused', failure: { step: 'Shift', subject: 'the release', expected: 'better', actual: 'as it is', logs: 'none' } }),
  },
  'rolls-back-nothing': {
    does: 'a roll back is recorded, and the live rule left as it is',
    module: 'lambda/domain/traffic/live-rule.ts',
    exported: 'writeAndVerify',
    broken: () => async () => undefined,
  },
  'starts-it-again': {
    does: 'a migration that was started is started again, instead of being followed',
    module: 'lambda/domain/migrations/follow-run.ts',
    exported: 'follow',
    broken: (rule) => (run: { readonly name: string }) => rule({ ...run, name: `${run.name} again`, id: undefined }),
  },
  'no-safety-net': {
    does: 'an environment whose machine died is not rescued',
    module: 'lambda/domain/safety-net/rescue-environment.ts',
    exported: 'rescueEnvironment',
    broken: () => async () => false,
  },
  'abandoned-lease-stays': {
    does: 'the lease of a writer that died keeps later releases out (found by this simulation, and mended)',
    module: 'lambda/domain/traffic/lease.ts',
    exported: 'withoutAbandoned',
    broken: () => (state: unknown) => state,
  },
};
