import { PathToLiveError } from '../private/errors';
import type { Environment } from './environment';

/** What other parts of a path are called: `<path>-Hub` is the hub's stack. */
const RESERVED = ['Hub', 'Alarms', 'Release'];

/**
 * @param where construct path of the path to live
 * @throws PathToLiveError
 */
export function requireUnreservedNames(where: string, environments: readonly Environment[]): void {
  const taken = environments.find(({ name }) => RESERVED.includes(name));
  if (taken !== undefined) {
    const problem = `an environment is named ${JSON.stringify(taken.name)}, as another part of the path is (${RESERVED.join(', ')}); give it another name`;
    throw new PathToLiveError('EnvironmentName', where, problem);
  }
}
