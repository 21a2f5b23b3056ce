import { CONTRACT_VERSION } from '../../contract';
import type { Release } from '../model';
import type { Ports } from '../ports';
import { executionNameOf } from '../release/release';

/** Starts the machine of a release that is registered. Started twice it is one: it has the name that the ledger knows. @returns its execution */
export function startOnPath({ machines }: Pick<Ports, 'machines'>, { version, execution }: Release): Promise<string> {
  return machines.start(executionNameOf(execution), { contract: CONTRACT_VERSION, release: version });
}
