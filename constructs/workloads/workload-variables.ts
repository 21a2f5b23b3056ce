import { PathToLiveError } from '../private/errors';
import type { SlotContext } from './workload';

const OWN_PREFIX = 'PATH_TO_LIVE_';

/**
 * That a team's environment variables leave ours alone.
 *
 * @throws PathToLiveError
 */
export function requireOtherVariables(code: string, where: string, ...given: readonly ({ readonly [name: string]: unknown } | undefined)[]): void {
  const taken = given.flatMap((variables) => Object.keys(variables ?? {})).find((name) => name.startsWith(OWN_PREFIX));
  if (taken !== undefined) {
    throw new PathToLiveError(
      code,
      where,
      `the environment variable ${JSON.stringify(taken)} is set by the slot; give yours another prefix than "${OWN_PREFIX}"`,
    );
  }
}

/** By which a workload knows what it is. */
export function variablesOf({ version, colour, environment }: SlotContext): Record<string, string> {
  return { [`${OWN_PREFIX}VERSION`]: version, [`${OWN_PREFIX}COLOUR`]: colour, [`${OWN_PREFIX}ENVIRONMENT`]: environment };
}
