/** What `ptl doctor` is answered, and `ptl recover` takes and answers. */
import type { EnvironmentPlan } from './plan';

/** What can be wrong. Part of the interface: a name never changes its meaning. */
export const FINDING_KINDS = [
  /** The live rule is not there any more. */
  'ruleGone',
  /** The live rule's weights are not the ledger's. */
  'weights',
  /** A roll back of what is live has begun, and its writer died, or lost its answer: users may be on either version. */
  'goingBack',
  /** Users are in an outage that nothing ends by itself. */
  'outage',
  /** The live rule's tags do not name what was accepted last. */
  'tags',
  /** What is live has no healthy target. */
  'unhealthy',
  /** A writer of the live rule died, or lost its answer. */
  'lease',
  /** The machine of the release that holds the environment has ended. */
  'deadLock',
  /** The machine of a release in flight has ended. */
  'deadRelease',
  /** A release that failed in a wave is live in those before it, and its machine has ended: nobody takes it back there. */
  'wavesLeft',
  /** The machine of a contract that was asked for, and may hold the environment, has ended. */
  'deadContract',
  /** The machine of a release that waits for its turn has ended. */
  'deadTurn',
  /** The machine that took the path out has ended. */
  'deadRetirement',
  /** A slot's stack is stuck in a failed state. */
  'stackFailed',
  /** A slot's stack is being changed, and by no release. */
  'stackBusy',
  /** A slot's stack is gone, and the ledger has a version in it. */
  'stackGone',
  /** A slot's stack holds another version than the ledger says. */
  'stackVersion',
  /** A role of the environment does not let the hub in, or what it looks at cannot be read. */
  'access',
  /** Something that was committed is not delivered. */
  'outbox',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Something that is not as it must be. */
export interface FindingView {
  readonly kind: FindingKind;
  /** Absent when it is about the hub itself. */
  readonly environment?: string;
  /** For example `the live rule of Production`. */
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
  /** Since when, where that is known. */
  readonly since?: string;
  /** `recover`: `ptl recover` does it; `person`: somebody has to; `time`: it ends without anybody. */
  readonly by: 'recover' | 'person' | 'time';
  /** What puts it right. */
  readonly remedy: string;
  /** Of the ticket that it raises when it stays. */
  readonly fingerprint: string;
}

/** GET /doctor and GET /doctor/{environment}, which change nothing. */
export interface DoctorView {
  readonly path: string;
  /** The environments that were looked at, in the order of the path. */
  readonly environments: readonly string[];
  /** Those of the hub itself last. */
  readonly findings: readonly FindingView[];
}

/** Asked of the one writer of live rules (`rule`), and of what removes slots (`stacks`): who looks has not the roles for it. */
export interface LookRequest {
  readonly look: 'rule' | 'stacks';
  readonly plan: EnvironmentPlan;
}

/** Answer to POST /environments/{environment}/recover, whose body is a `ReasonBody`. */
export interface RecoverView {
  readonly environment: string;
  /** What was put right, or begun, in words; empty: there was nothing that has a safe way. */
  readonly done: readonly string[];
  /** What has a safe way and could not be put right all the same, with why. */
  readonly held: readonly string[];
  /** What is found afterwards. */
  readonly left: readonly FindingView[];
}

/** Asked of the one writer of live rules, where no release is in flight. */
export interface RestoreAcceptedRequest {
  readonly restore: 'accepted';
  readonly plan: EnvironmentPlan;
  /** What the live rule did before any release: `503`, or the ARN of a target group. */
  readonly original: string;
  readonly who: string;
  readonly reason: string;
}
/** `serves`, `was`: what the live rule holds, and held, in words; `rolledBack`: the version that a roll back was under way of, which was gone on with instead. */
export type RestoreAnswer =
  | { readonly outcome: 'restored'; readonly serves: string; readonly was: string; readonly rolledBack?: string }
  | { readonly outcome: 'refused'; readonly why: string };

/** Asked of what removes slots, without waiting. */
export interface RemoveStuckSlotRequest {
  readonly remove: 'stuck';
  readonly plan: EnvironmentPlan;
  readonly colour: string;
  /** Of this request: what a later one finds failed is tried once more. */
  readonly execution: string;
  readonly who: string;
  readonly reason: string;
}
