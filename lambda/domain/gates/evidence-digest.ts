import { hash } from 'node:crypto';
import type { GateKind } from '../../contract';
import type { Release } from '../model';

/**
 * What a gate's acceptances rest on besides the bundle: which tests of this release had which verdict by the time the gate is
 * reached. A firebreak stands in front of its environment and sees the environments before it, and so does what is asked before a deployment; a go/no-go, and a contract, also see the tests of
 * its own. What is tested later is no part of it, so that going on does not void an acceptance.
 *
 * Times are left out: the same tests with the same verdicts, run again, are the same evidence.
 */
export function evidenceDigest(release: Pick<Release, 'plan' | 'evidence'>, environment: string, gate: GateKind): string {
  const place = release.plan.findIndex((plan) => plan.environment === environment);
  const seen = new Set(release.plan.slice(0, gate === 'firebreak' || gate === 'rollBackTarget' ? place : place + 1).map((plan) => plan.environment));
  const verdicts = Object.values(release.evidence)
    .filter((evidence) => seen.has(evidence.environment))
    .map((evidence) => JSON.stringify([evidence.environment, evidence.test, evidence.verdict]))
    .sort();
  return hash('sha256', verdicts.join('\n'));
}
