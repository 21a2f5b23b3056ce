import { PathToLiveError } from '../private/errors';
import { MOST_CHARACTERS_TOGETHER, PathNames, requirePathName } from '../private/names';
import { firstRepeated, LONGEST_WAIT_DAYS } from '../private/validate';
import type { Environment } from './environment';
import { requireWaves, togetherWith } from './wave-rules';
import type { Waves } from './waves';

/**
 * Steps of traffic that one path may have, over all of its environments: each is five states, about 6 kB, and all machines are in the hub's
 * template, which may have a million bytes, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html. A single
 * machine then stays under the megabyte that Step Functions allows a definition.
 */
export const MOST_STEPS = 120;
const STATES_OF_A_STEP = 5;
const STATES_OF_A_QUESTION = 2;

/**
 * What must hold for the environments of one path together.
 *
 * @param where construct path of the path to live
 * @param path its id
 * @param waves environments that are waves
 * @throws PathToLiveError
 */
export function requirePath(where: string, path: string, environments: readonly Environment[], waves: readonly Waves[] = []): void {
  requirePathName(where, path);
  const last = environments.at(-1);
  if (last === undefined) {
    throw new PathToLiveError('NoEnvironment', where, 'environments is [], so there is nothing to go live in; name at least one Environment');
  }
  requireDifferentNames(where, environments);
  requireToldApart(where, path, environments);
  requireWaves(where, environments, waves);
  const [first = last] = togetherWith(last, waves);
  requireSaid(where, last, first);
  requireEndOfWaits(where, environments);
  requireFewSteps(where, environments);
}

function requireDifferentNames(where: string, environments: readonly Environment[]): void {
  const names = environments.map(({ name }) => name);
  const repeated = firstRepeated(names);
  if (repeated !== undefined) {
    throw new PathToLiveError('EnvironmentName', where, `two environments are named ${JSON.stringify(repeated)}; give one of them another name`);
  }
  // stack names are told apart by case, but file names, export names and people do not always
  const alike = firstRepeated(names.map((name) => name.toLowerCase()));
  if (alike !== undefined) {
    throw new PathToLiveError(
      'EnvironmentName',
      where,
      `two environments are named ${JSON.stringify(alike)} but for upper and lower case; give one of them another name`,
    );
  }
}

/**
 * The role that deploys slots is limited to functions by what their names begin with. Ids of paths are short enough to be in that whole; names of
 * environments may not be.
 */
function requireToldApart(where: string, path: string, environments: readonly Environment[]): void {
  const beginnings = new Map<string, string>();
  for (const { name, account, region, colours } of environments) {
    const names = new PathNames(path).environment(name);
    for (const prefix of new Set(colours.map((colour) => names.generatedNamePrefix(colour.name)))) {
      const place = `${account}/${region}`;
      const other = beginnings.get(`${place} ${prefix}`);
      beginnings.set(`${place} ${prefix}`, name);
      if (other === undefined) continue;
      throw new PathToLiveError(
        'NamesTooAlike',
        where,
        `the environments ${JSON.stringify(other)} and ${JSON.stringify(name)} are both in ${place}, and functions in their slots would have names that begin with ` +
          `${JSON.stringify(prefix)}: CloudFormation keeps ${prefix.length} characters of a stack’s name for that, and what deploys slots in one could change the functions of ` +
          `the other; shorten the id of the path or the names (${MOST_CHARACTERS_TOGETHER} characters together are always told apart), or give them accounts of their own`,
      );
    }
  }
}

/** Safe by omission: in the last environment, the one with the users, a safety can only be left out by saying so. Of waves, the first one says it for all. */
function requireSaid(where: string, last: Environment, says: Environment): void {
  const place = says === last ? 'is the last of the path' : 'is the first of the waves at the end of the path';
  for (const [prop, value, some, none] of [
    ['firebreak', says.firebreak, 'Firebreak.parties([…])', 'Firebreak.none({ reason })'],
    ['goNoGo', says.goNoGo, 'GoNoGo.by(party)', 'GoNoGo.none({ reason })'],
  ] as const) {
    if (value === undefined) {
      throw new PathToLiveError(
        'SafetyNotSaid',
        where,
        `Environment ${JSON.stringify(says.name)} ${place} and has no ${prop}; give it ${some}, or say ${none}`,
      );
    }
  }
}

/** The path machine lives at most a year, so all that a release may have to wait for, one after the other, must fit into one. */
function requireEndOfWaits(where: string, environments: readonly Environment[]): void {
  const seconds = environments.flatMap((environment) => [
    environment.firebreak?._bind()?.timeoutSeconds ?? 0,
    environment.goNoGo?._bind()?.timeoutSeconds ?? 0,
    environment.rollBackTarget._asks()?.timeoutSeconds ?? 0,
    ...environment.traffic
      ._bind()
      .map(({ bakeSeconds, pause }) => bakeSeconds + (pause?.timeoutSeconds ?? 0) + (environment.inconclusive._bind()?.timeoutSeconds ?? 0)),
  ]);
  const days = seconds.reduce((sum, one) => sum + one, 0) / (24 * 60 * 60);
  if (days > LONGEST_WAIT_DAYS) {
    throw new PathToLiveError(
      'WaitsTooLong',
      where,
      `firebreaks, go/no-gos, bake times and pauses add up to ${Math.ceil(days)} days; a release can wait at most ${LONGEST_WAIT_DAYS} days in all, shorten them`,
    );
  }
}

function requireFewSteps(where: string, environments: readonly Environment[]): void {
  const counts = environments.map(({ name, traffic, inconclusive }) => {
    const steps = traffic._bind();
    const asked = steps.filter(({ pause }) => pause).length + (inconclusive._bind() === undefined ? 0 : steps.length);
    return { name, steps: steps.length, asked };
  });
  const sum = counts.reduce((total, { steps }) => total + steps, 0);
  const asked = counts.reduce((total, each) => total + each.asked, 0);
  if (asked > 0 && sum * STATES_OF_A_STEP + asked * STATES_OF_A_QUESTION > MOST_STEPS * STATES_OF_A_STEP) {
    throw new PathToLiveError(
      'TooManySteps',
      where,
      `traffic moves in ${sum} steps, and people may be asked ${asked} times in between; the state machines of a path hold at most ${MOST_STEPS} steps, and fewer where ` +
        'people are asked: let some strategies move more at a time, or pause less often',
    );
  }
  if (sum > MOST_STEPS) {
    const each = counts.map(({ name, steps }) => `${name} ${steps}`).join(', ');
    throw new PathToLiveError(
      'TooManySteps',
      where,
      `traffic moves in ${sum} steps (${each}); the state machines of a path hold at most ${MOST_STEPS} in all, let some strategies move more at a time`,
    );
  }
}
