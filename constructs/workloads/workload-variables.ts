import { PathToLiveError } from '../private/errors';
import type { SlotContext } from './workload';

const OWN = 'PATH_TO_LIVE';

/**
 * That a team's environment variables leave ours alone.
 *
 * @throws PathToLiveError
 */
export function requireOtherVariables(code: string, where: string, ...given: readonly ({ readonly [name: string]: unknown } | undefined)[]): void {
  const taken = given.flatMap((variables) => Object.keys(variables ?? {})).find((name) => name === OWN || name.startsWith(`${OWN}_`));
  if (taken !== undefined) {
    throw new PathToLiveError(
      code,
      where,
      `the environment variable ${JSON.stringify(taken)} is set by the slot; give yours a name that does not begin with "${OWN}"`,
    );
  }
}

/** By which a workload knows what it is. */
export function variablesOf({ version, colour, environment }: SlotContext): Record<string, string> {
  return { [`${OWN}_VERSION`]: version, [`${OWN}_COLOUR`]: colour, [`${OWN}_ENVIRONMENT`]: environment };
}
