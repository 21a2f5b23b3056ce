/** Taking a path out again: what the API takes and answers, and what the tasks of the retiring machine are told. */
import type { BundleFile } from './bundle';
import type { Failure } from './tasks';

/** POST /retirement */
export interface RetireBody {
  readonly reason: string;
  /**
   * Environments where nothing served before any release, and whose users are meant to get 503 from then on.
   * @default - none: such an environment with something live is refused
   */
  readonly usersGet503?: readonly string[];
}

/** GET /retirement, which changes nothing, and the answer to POST /retirement. */
export interface RetirementView {
  readonly path: string;
  /**
   * Why it cannot begin, each with what to do; empty: it can, or it is under way. Not here: environments with something live that go to 503, which
   * `RetireBody` must name.
   */
  readonly problems: readonly string[];
  /** In the order of the path, which is the order they are retired in. */
  readonly environments: readonly RetiredEnvironmentView[];
  /**
   * Files that the latest releases published and no release in flight needs. The hub removes none: whether somebody else uses one is not for it to know.
   */
  readonly files: readonly PublishedFile[];
  /** Releases whose files these are, at most {@link MOST_RELEASES_OF_FILES}. */
  readonly releases: number;
}
export const MOST_RELEASES_OF_FILES = 500;

/** A file of a release, as it was when it was registered last. */
export interface PublishedFile extends BundleFile {
  /** Its ETag; absent where the ledger knows of none. */
  readonly seal?: string;
}

export interface RetiredEnvironmentView {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** The version that is live; absent where none is. What served before any release is `ORIGINAL`. */
  readonly live?: string;
  /** What users get afterwards: `503`, or the ARN of the target group that served before any release. */
  readonly goesTo: string;
  readonly slots: readonly { readonly colour: string; readonly stackName: string; readonly version?: string }[];
  /** `retired`: its users get what they got before any release, its slots were seen to be gone, and no release has entered since. */
  readonly state: 'inUse' | 'retiring' | 'retired';
  /** Who asked, while it is `retiring`. */
  readonly by?: string;
}

/** What the retiring machine is started with. */
export interface RetireMachineInput {
  readonly contract: number;
  /** Every environment of the path. */
  readonly environments: readonly string[];
}

/** Every task of it gets this. `execution`: whose retirement it is; one that was taken over by a later one ends. */
export interface RetireInput {
  readonly environment: string;
  readonly execution: string;
}
/** Asked of the one writer of live rules. */
export interface RestoreInput extends RetireInput {
  readonly restore: 'original';
}
export type RestoreOutput = { readonly outcome: 'restored' | 'takenOver' } | { readonly outcome: 'refused'; readonly failure: Failure };
/** `removing`: not finished within this run; call again. */
export type RemoveSlotsOutput = { readonly outcome: 'removed' | 'removing' | 'takenOver' } | { readonly outcome: 'failed'; readonly failure: Failure };
/** Opens the path again, with what is retired by then, and raises the ticket. */
export interface StopRetiringInput extends RetireInput {
  readonly environments: readonly string[];
  readonly failure: Failure;
}
export interface StopRetiringOutput {
  readonly outcome: 'stopped' | 'takenOver';
}
