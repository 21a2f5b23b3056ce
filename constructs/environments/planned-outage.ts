import { Duration } from 'aws-cdk-lib';
import type { OutagePlan } from '../../lambda/contract';
import { ANYTHING, object, optional, requireKind } from '../kinds/kind';
import { DURATION, STRING } from '../kinds/kinds';
import { requireLiteral, requireMatch, requireReason, requireSeconds } from '../private/validate';

export interface PlannedOutageOptions {
  /** Why users of this environment may be without a version at all; for reviewers, in the metadata of the front door's template. */
  readonly reason: string;
  /**
   * From the moment users are taken out until the new version has them. When that time is up, or would be before a call or a test is over, the way back
   * begins. 10 seconds to 24 hours, and longer than every test of the environment may take, and every call of a breaking migration, or the task or build that is
   * one.
   *
   * @default Duration.minutes(30)
   */
  readonly longest?: Duration;
  /**
   * What users are answered meanwhile, as plain text with the status 503. 1-1,024 printable characters of ASCII and line feeds. The load balancer adds no headers
   * of ours to it, so no `Retry-After` either: say here when to come back.
   *
   * @default "planned maintenance: please come back later"
   */
  readonly says?: string;
}

const OPTIONS = object<PlannedOutageOptions>({ reason: ANYTHING, longest: optional(DURATION), says: optional(STRING) });
const DAY_SECONDS = 24 * 60 * 60;

/**
 * That a release may take the users of an environment out of every version for a while, because it changes what the live version needs:
 * `Migration.breaking`. Without it no release that brings one is let in.
 *
 * Users go to the new version all at once then, whatever the environment's traffic strategy says: two versions cannot share a state that only one of them
 * understands.
 *
 * @example
 * PlannedOutage.allowed({ reason: 'agreed with the business for Sunday mornings', longest: Duration.minutes(20), says: 'Back at 07:00.' });
 */
export class PlannedOutage {
  /** Such releases are let in. */
  static allowed(options: PlannedOutageOptions): PlannedOutage {
    return new PlannedOutage(options);
  }

  private readonly plan: OutagePlan;

  private constructor(private readonly options: PlannedOutageOptions) {
    const where = 'PlannedOutage.allowed';
    requireKind(where, 'options', options, OPTIONS);
    requireReason(where, options.reason);
    const { says = 'planned maintenance: please come back later', longest = Duration.minutes(30) } = options;
    const subject = { code: 'OutageText', where, what: 'what it says' };
    requireLiteral(subject, says);
    requireMatch(subject, says, /^[\x20-\x7e\n]{1,1024}$/, '1-1,024 printable characters of ASCII and line feeds, for example "Back at 07:00."');
    this.plan = { longestSeconds: requireSeconds({ code: 'OutageLength', where, what: 'the longest outage' }, longest, 10, DAY_SECONDS), says };
  }

  /** @internal */
  _bind(): OutagePlan {
    return this.plan;
  }

  /** @internal */
  _reason(): string {
    return this.options.reason;
  }
}
