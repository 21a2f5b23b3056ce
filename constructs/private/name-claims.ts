import type { IConstruct } from 'constructs';
import { claim } from './claims';
import { PathToLiveError } from './errors';
import type { EnvironmentNames, PathNames } from './names';

/**
 * Takes the fixed names of a path's hub in an account.
 *
 * @throws PathToLiveError
 */
export function claimHubNames(scope: IConstruct, names: PathNames, account: string): void {
  const other = claim(scope, `hub of ${names.path} in ${account}`);
  if (other === undefined) return;
  const problem = `${other} is the hub of a path ${JSON.stringify(names.path)} in the account ${account} already, and the names of its roles follow from that`;
  throw new PathToLiveError('NamesTaken', scope.node.path, `${problem}; give one of the paths another id, or its hub another account`);
}

/**
 * Takes the fixed names of an environment in an account.
 *
 * @throws PathToLiveError
 */
export function claimEnvironmentNames(scope: IConstruct, names: EnvironmentNames, account: string): void {
  const { path, environment } = names;
  const other = claim(scope, `environment ${path}-${environment} in ${account}`);
  if (other !== undefined) {
    const problem = `${other} is an environment ${JSON.stringify(environment)} of a path ${JSON.stringify(path)} in the account ${account} already, and the names of its roles follow from that`;
    throw new PathToLiveError('NamesTaken', scope.node.path, `${problem}; give one of the paths another id, or one of the environments another account`);
  }
}
