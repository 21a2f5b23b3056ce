import type { WavePlan } from '../../lambda/contract';
import { listOf, requireKind } from '../kinds/kind';
import { made } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { requireEnvironmentName } from '../private/names';
import { firstRepeated } from '../private/validate';
import { ENVIRONMENT, type Environment } from './environment';

/**
 * Neighbouring environments of a path that are one place to its users, in more than one region or account. A release goes through them wave after wave: the
 * next one begins when the one before is live, which is after its last bake, so `bakeTime` of the last step of a wave is how long it is watched before the next
 * one. Where a wave fails, is stopped or is rolled back, every wave in which the release has gone live goes back, newest first.
 *
 * @example
 * const london = new Environment('London', {
 *   env: { account: '333333333333', region: 'eu-west-2' },
 *   firebreak: Firebreak.parties([security]),
 *   goNoGo: GoNoGo.by(changeAuthority),
 *   traffic: TrafficStrategy.canary({ steps: [10, 50], bakeTime: Duration.minutes(10) }),
 * });
 * const dublin = new Environment('Dublin', { env: { account: '333333333333', region: 'eu-west-1' }, traffic: TrafficStrategy.allAtOnce() });
 * const waves = [Waves.of('Production', [london, dublin])];
 */
export class Waves {
  /**
   * @param name what they are together: 1-20 letters and digits, starting with an upper case letter; no environment of the path has it
   * @param environments at least two, neighbours on the path and in its order
   */
  static of(name: string, environments: Environment[]): Waves {
    return new Waves(name, environments);
  }

  private constructor(
    readonly name: string,
    readonly environments: Environment[],
  ) {
    requireEnvironmentName('Waves.of', name);
    const where = `Waves.of(${JSON.stringify(name)})`;
    requireKind(where, 'environments', environments, listOf(ENVIRONMENT));
    const names = environments.map((environment) => environment.name);
    if (names.length < 2) {
      const problem = `it has ${names.length === 0 ? 'no environment' : `only ${names[0]}`}; waves are at least two environments, leave them out where there is one`;
      throw new PathToLiveError('Waves', where, problem);
    }
    const repeated = firstRepeated(names);
    if (repeated !== undefined) throw new PathToLiveError('Waves', where, `${JSON.stringify(repeated)} is named twice; name each environment once`);
  }

  /**
   * The place of an environment among them; undefined when it is none of them.
   *
   * @internal
   */
  _planOf(environment: Environment): WavePlan | undefined {
    const place = this.environments.indexOf(environment);
    return place < 0 ? undefined : { of: this.name, place, waves: this.environments.length };
  }
}

/** @internal */
export const WAVES = made(Waves, "Waves.of('Production', [london, dublin])");
