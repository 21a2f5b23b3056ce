import { type Estimate, estimate } from '../cost/estimate';
import type { Prices } from '../cost/prices';
import { type Machine, machinesOf } from '../machines/machines';
import { type OutageStates, outageOf } from '../machines/outage';
import { type Proof, prove } from '../machines/proof';
import { type Reach, reachOf } from '../reach/reach';
import type { ReviewedPath } from '../read/reviewed-path';
import { type Count, countsOf } from './counts';
import { type DataStore, dataOf } from './data';
import { type Endpoints, endpointsOf } from './endpoints';
import { type OptOuts, optOutsOf } from './opt-outs';
import { type PeopleMay, peopleOf } from './people';
import { type SafetyNet, safetyNetOf } from './safety-net';

/** Everything the review found out; what it says is made of this alone. */
export interface Facts {
  readonly reviewed: ReviewedPath;
  readonly machines: readonly Machine[];
  readonly proofs: readonly { readonly machine: Machine; readonly environment: string; readonly proof: Proof; readonly outage?: OutageStates }[];
  readonly safetyNet: SafetyNet;
  readonly people: readonly PeopleMay[];
  readonly reach: readonly Reach[];
  readonly optOuts: OptOuts;
  readonly endpoints: Endpoints;
  readonly data: readonly DataStore[];
  readonly counts: readonly Count[];
  readonly cost: Estimate;
}

export function factsOf(reviewed: ReviewedPath, prices: Prices, requestsPerSecond: number): Facts {
  const machines = machinesOf(reviewed);
  const endpoints = endpointsOf(reviewed);
  const reach = reachOf(reviewed);
  return {
    reviewed,
    machines,
    proofs: machines.flatMap((machine) => (machine.environment === undefined ? [] : [provedOf(machine, machine.environment)])),
    safetyNet: safetyNetOf(reviewed, machines),
    people: peopleOf(reviewed, reach),
    reach,
    optOuts: optOutsOf(reviewed),
    endpoints,
    data: dataOf(reviewed),
    counts: countsOf(reviewed, endpoints),
    cost: estimate(reviewed, prices, requestsPerSecond),
  };
}

function provedOf(machine: Machine, environment: string) {
  const outage = outageOf(machine);
  return { machine, environment, proof: prove(machine.definition, machine.actOf), ...(outage !== undefined && { outage }) };
}
