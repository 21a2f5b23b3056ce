import type { Duration } from 'aws-cdk-lib';
import type { RollBackTargetPlan } from '../../lambda/contract';
import { object, optional, requireKind } from '../kinds/kind';
import { DURATION, made } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { requireSeconds } from '../private/validate';
import { GoNoGo } from '../release/go-no-go';

export interface RefuseToReplaceOptions {
  /**
   * How long the target is kept, from when the version that can be rolled back to it went live. Whole seconds, 1 second to 364 days, as
   * `earlyLifeSupport` and `warmFor` are: no release that it stops lives longer, https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html.
   *
   * @default - the environment's `earlyLifeSupport`; without that its `warmFor`; one of them is needed
   */
  readonly keepFor?: Duration;
}

/**
 * What a new deployment does to the slot that holds what the live version can be rolled back to, where no other slot is left for it. With three colours one
 * is, as a rule.
 *
 * @example
 * new Environment('Production', { env, earlyLifeSupport: Duration.days(14), rollBackTarget: RollBackTarget.refuse({ keepFor: Duration.days(2) }) });
 */
export class RollBackTarget {
  /** It takes the slot: from then on what is live cannot be rolled back in one call, and `ptl status` says so. */
  static replace(): RollBackTarget {
    return new RollBackTarget();
  }

  /**
   * The release is stopped in front of the environment, with who is in the slot and until when it is kept. After that the slot is taken; before, only by
   * a release that says why: `ptl release --replace-target "<why>"`.
   */
  static refuse(options: RefuseToReplaceOptions = {}): RollBackTarget {
    requireKind('RollBackTarget.refuse', 'options', options, object<RefuseToReplaceOptions>({ keepFor: optional(DURATION) }));
    return new RollBackTarget({ refuses: options });
  }

  /**
   * One party is asked before anything is deployed. A refusal stops the release, and so does silence.
   *
   * @param goNoGo who is asked, and for how long; often the party of the environment's go/no-go
   */
  static ask(goNoGo: GoNoGo): RollBackTarget {
    const where = 'RollBackTarget.ask';
    requireKind(where, 'goNoGo', goNoGo, made(GoNoGo, 'GoNoGo.by(changeAuthority)'));
    const plan = goNoGo._bind();
    if (plan !== undefined) return new RollBackTarget({ asks: { kind: 'ask', ...plan } });
    throw new PathToLiveError('AskNobody', where, 'goNoGo is GoNoGo.none; name who is asked, GoNoGo.by(party), or use RollBackTarget.replace()');
  }

  private constructor(
    private readonly rule: { readonly refuses?: RefuseToReplaceOptions; readonly asks?: Extract<RollBackTargetPlan, { kind: 'ask' }> } = {},
  ) {}

  /**
   * @internal
   * @returns who is asked; undefined: nobody
   */
  _asks(): Extract<RollBackTargetPlan, { kind: 'ask' }> | undefined {
    return this.rule.asks;
  }

  /**
   * @internal
   * @param where the environment
   * @param lasts how long it may be needed there
   * @returns undefined: a new deployment takes it
   */
  _bind(where: string, lasts: { readonly earlyLifeSupport?: Duration; readonly warmFor?: Duration }): RollBackTargetPlan | undefined {
    const { refuses, asks } = this.rule;
    if (!refuses) return asks;
    const keeps = refuses.keepFor ?? lasts.earlyLifeSupport ?? lasts.warmFor;
    if (keeps === undefined) {
      const fix = 'give it keepFor, for example Duration.days(2), or give the environment earlyLifeSupport or warmFor';
      throw new PathToLiveError('TargetForEver', where, `rollBackTarget is RollBackTarget.refuse() without an end, which lets no second release in; ${fix}`);
    }
    return { kind: 'refuse', keepSeconds: requireSeconds({ code: 'KeepFor', where, what: 'keepFor of RollBackTarget.refuse' }, keeps, 1) };
  }
}
