import type { Response } from '../../rehearsal/traffic/response';

/** Two versions share the users of an environment: from when to when, in milliseconds since 1970, by the calls that wrote its live rule. */
export interface Shared {
  readonly environment: string;
  readonly version: string;
  readonly from: number;
  readonly to: number;
}

export interface KeptUsers {
  /** Users whom the version answered while it shared the traffic. */
  readonly kept: number;
  /** How often one of them got another version before the weights were changed again. */
  readonly wandered: readonly Response[];
  /** What the version answered to users who asked after the weights were changed again. */
  readonly afterwards: readonly Response[];
  /** When its last answer to one of them came, in milliseconds after that; what was asked before may be answered after it. */
  readonly lastMs: number;
}

/** What became of users who keep their cookies. @param until when the version is released once more, or never */
export function keptUsers(responses: readonly Response[], { environment, version, from, to }: Shared, until = Number.POSITIVE_INFINITY): KeptUsers {
  const ofUsers = responses.filter((each) => each.user !== undefined && each.environment === environment && each.sent > from && each.sent < until);
  const first = new Map<number | undefined, number>();
  for (const { user, answered } of ofUsers.filter((each) => each.version === version && each.answered < to)) {
    first.set(user, Math.min(answered, first.get(user) ?? answered));
  }
  const answers = ofUsers.filter((each) => each.version === version);
  return {
    kept: first.size,
    wandered: ofUsers.filter((each) => each.version !== version && each.sent > (first.get(each.user) ?? to) && each.answered < to),
    afterwards: answers.filter(({ sent }) => sent > to),
    lastMs: Math.max(...answers.map(({ answered }) => answered)) - to,
  };
}
