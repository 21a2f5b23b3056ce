import type { Attention } from './facts/attention';
import type { Facts } from './facts/facts';

/** What is in review.json, for programs: facts without pictures and sentences. */
export function reviewData({ reviewed, proofs, safetyNet, people, reach, optOuts, endpoints, data, counts, cost }: Facts, attention: readonly Attention[]) {
  return {
    madeBy: 'ptl review',
    path: reviewed.path,
    hub: { account: reviewed.hub.account, region: reviewed.hub.region },
    attention,
    environments: reviewed.plans,
    stacks: reviewed.stacks.map(({ stackName, kind, path, environment, colour, account, region, bytes, after }) => ({
      stackName,
      kind,
      path,
      environment,
      colour,
      account,
      region,
      bytes,
      after,
    })),
    proofs: proofs.map(({ machine, environment, proof, outage }) => ({
      machine: machine.name,
      environment,
      ...proof,
      ...(outage !== undefined && { outage }),
    })),
    safetyNet,
    people,
    permissions: reach.map(({ actor, abilities, notKnown }) => ({
      kind: actor.kind,
      name: actor.name,
      runs: actor.runs,
      stack: actor.stackKind,
      environment: actor.environment,
      abilities,
      notKnown,
    })),
    optOuts,
    endpoints,
    data,
    counts,
    cost: { ...cost, prices: { region: cost.prices.region, date: cost.prices.date } },
  };
}
