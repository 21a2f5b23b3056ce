import type { GoNoGoPlan } from '../../lambda/contract';
import { requireKind } from '../kinds/kind';
import { made } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { GoNoGo } from '../release/go-no-go';

/**
 * What becomes of a release whose health gates could not tell: too few requests, no data, an alarm that was deleted. It never goes on by itself.
 *
 * @example
 * new Environment('Production', { env, goNoGo: GoNoGo.by(changeAuthority), inconclusive: Inconclusive.ask(GoNoGo.by(changeAuthority, { timeout: Duration.hours(1) })) });
 */
export class Inconclusive {
  /** It goes back, as one that failed. */
  static rollBack(): Inconclusive {
    return new Inconclusive(undefined);
  }

  /**
   * One party is told what was measured, and decides whether the release goes on from there. The share it has stays as it is, and its alarms stay watched:
   * one that goes off meanwhile takes it back within seconds. So does a refusal, and silence.
   *
   * @param goNoGo who is asked, and for how long; often the party of the environment's go/no-go
   */
  static ask(goNoGo: GoNoGo): Inconclusive {
    const where = 'Inconclusive.ask';
    requireKind(where, 'goNoGo', goNoGo, made(GoNoGo, 'GoNoGo.by(changeAuthority)'));
    const plan = goNoGo._bind();
    if (plan !== undefined) return new Inconclusive(plan);
    throw new PathToLiveError('AskNobody', where, 'goNoGo is GoNoGo.none; name who is asked, GoNoGo.by(party), or use Inconclusive.rollBack()');
  }

  private constructor(private readonly plan: GoNoGoPlan | undefined) {}

  /**
   * @internal
   * @returns who is asked; undefined: nobody
   */
  _bind(): GoNoGoPlan | undefined {
    return this.plan;
  }
}
