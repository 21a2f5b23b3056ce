import type { Release } from '../model';
import type { Ports } from '../ports';
import { fingerprintOf } from '../ticket';
import { type ClosingPath, pathFailure } from './close-path';
import type { EndedExecution } from './ended-execution';
import { whereItWas } from './where-it-was';

/** All that the ledger has about a release whose path ends. */
export async function recordsOf({ ledger, clock }: Ports, release: Release, ended: EndedExecution): Promise<ClosingPath> {
  const gates = await ledger.gates(release.version);
  const where = whereItWas(release, gates);
  const [audit, ticket, ...states] = await Promise.all([
    ledger.audit(release.version),
    ledger.ticket(fingerprintOf(where, pathFailure(ended, where))),
    ...release.plan.map((plan) => ledger.environment(plan.environment)),
  ]);
  return { ended, release, states, gates, audit, ticket, now: clock.now() };
}
