import type { EndInput, EndOutput, StopContractInput, StopContractOutput } from '../contract';
import { stopContract } from '../domain/contracts/stop-contract';
import type { Ports } from '../domain/ports';
import { stopRelease } from '../domain/steps/stop-release';
import { ledger, task } from './wiring';

/** Ends a release before anything was shifted; or a contract, which shifts nothing. */
export function stop(ports: Ports) {
  return async (input: EndInput | StopContractInput): Promise<EndOutput | StopContractOutput> =>
    'contract' in input ? stopContract(ports, input) : stopRelease(ports, input);
}

export const handler = task(stop, { ledger });
