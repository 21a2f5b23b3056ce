import { PathToLiveError } from '../private/errors';
import { firstRepeated } from '../private/validate';
import type { Environment } from './environment';
import type { Waves } from './waves';

/**
 * What must hold for the waves of a path.
 *
 * @param where construct path of the path to live
 * @throws PathToLiveError
 */
export function requireWaves(where: string, environments: readonly Environment[], waves: readonly Waves[]): void {
  const refuse = (problem: string) => new PathToLiveError('Waves', where, problem);
  const repeated = firstRepeated(waves.map(({ name }) => name));
  if (repeated !== undefined) throw refuse(`two waves are named ${JSON.stringify(repeated)}; give one of them another name`);
  for (const { name, environments: together } of waves) {
    const taken = environments.find((environment) => environment.name.toLowerCase() === name.toLowerCase());
    if (taken !== undefined)
      throw refuse(`the waves ${JSON.stringify(name)} have the name of the environment ${taken.name}; give one of them another: ptl roll-back goes by it`);
    const missing = together.find((environment) => !environments.includes(environment));
    if (missing !== undefined)
      throw refuse(`${missing.name}, of the waves ${JSON.stringify(name)}, is not among the environments of the path; put the same Environment into both`);
    const first = environments.indexOf(together[0] as Environment);
    if (together.some((environment, place) => environments[first + place] !== environment)) {
      const path = environments.map((environment) => environment.name).join(', ');
      throw refuse(
        `the waves ${JSON.stringify(name)}, ${together.map((environment) => environment.name).join(', ')}, are no neighbours on the path in that order, ` +
          `which is ${path}; name them as they follow each other, or move one`,
      );
    }
  }
  const twice = firstRepeated(waves.flatMap(({ environments: together }) => together.map(({ name }) => name)));
  if (twice !== undefined) throw refuse(`${twice} is in two waves; take it out of one of them`);
}

/** The environments that are one place to their users with this one, in the order of the path: its waves, or it alone. */
export function togetherWith(environment: Environment, waves: readonly Waves[]): readonly Environment[] {
  return waves.find((each) => each.environments.includes(environment))?.environments ?? [environment];
}
