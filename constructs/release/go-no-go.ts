import { Duration } from 'aws-cdk-lib';
import type { GoNoGoPlan } from '../../lambda/contract';
import { object, optional, requireKind } from '../kinds/kind';
import { DURATION, made, reasonOf } from '../kinds/kinds';
import { requireSeconds } from '../private/validate';
import { Party } from './party';

export interface GoNoGoOptions {
  /**
   * How long the party has; then the release stops. At least a second, at most 364 days.
   *
   * @default Duration.days(3)
   */
  readonly timeout?: Duration;
}

export interface NoGoNoGoOptions {
  /** Why nobody needs to be asked here; for reviewers, in the metadata of the front door's template. */
  readonly reason: string;
}

const PARTY = made(Party, "Party.of('Change authority', { members })");
const OPTIONS = object<GoNoGoOptions>({ timeout: optional(DURATION) });

/**
 * The live service decision to switch the shadow to live, asked once its tests have passed.
 *
 * @example
 * new Environment('Production', { env, goNoGo: GoNoGo.by(changeAuthority) });
 */
export class GoNoGo {
  /** One party decides. Its refusal, or its silence, stops the release. */
  static by(party: Party, options: GoNoGoOptions = {}): GoNoGo {
    const where = 'GoNoGo.by';
    requireKind(where, 'party', party, PARTY);
    requireKind(where, 'options', options, OPTIONS);
    const timeoutSeconds = requireSeconds({ code: 'GoNoGoTimeout', where, what: 'the timeout' }, options.timeout ?? Duration.days(3), 1);
    return new GoNoGo({ party: party._bind(), timeoutSeconds }, undefined);
  }

  /** A release whose tests have passed goes live without a question. */
  static none(options: NoGoNoGoOptions): GoNoGo {
    return new GoNoGo(undefined, reasonOf('GoNoGo.none', options));
  }

  private constructor(
    private readonly plan: GoNoGoPlan | undefined,
    private readonly reason: string | undefined,
  ) {}

  /**
   * @internal
   * @returns undefined for none
   */
  _bind(): GoNoGoPlan | undefined {
    return this.plan;
  }

  /**
   * Why nobody is asked; undefined when somebody is.
   *
   * @internal
   */
  _optOut(): string | undefined {
    return this.reason;
  }
}
