import type { EnvironmentState, Release, Ticket } from '../../../lambda/domain/model';
import type { Response } from '../../../rehearsal/traffic/response';

/** What is there once a cell is over, as it is stored, held and served: nothing of it is what the hub says. */
export interface Seen {
  readonly version: string;
  /** What was live when the release was submitted. */
  readonly liveBefore: string | undefined;
  /** Whether what was to go wrong went wrong. */
  readonly happened: boolean;
  /** Why it did not come to rest; undefined when it did. */
  readonly restless: string | undefined;
  readonly release: Release | undefined;
  readonly environment: EnvironmentState | undefined;
  /** Of the live rule: target group -> percent. */
  readonly weights: Readonly<Record<string, number>>;
  /** Linked to the release. */
  readonly tickets: readonly Ticket[];
  /** What users got from its submission until it was at rest. */
  readonly responses: readonly Response[];
  readonly seconds: number;
}
