import type { EnvironmentPlan, GateKind } from '../../lambda/contract';
import { Refused } from '../../lambda/domain/errors';
import { openGate } from '../../lambda/domain/gates/gate';
import { type DecisionRequest, decide } from '../../lambda/domain/gates/gate-decision';
import type { Gate, Release } from '../../lambda/domain/model';
import { examplePlan, exampleRelease } from './example-path';

export const NOW = '2026-01-05T09:00:00.000Z';
export const role = (name: string) => `arn:aws:iam::111111111111:role/teams/${name}`;
export const session = (name: string, person = 'service-manager') => `arn:aws:sts::111111111111:assumed-role/${name}/${person}`;
export const PARTIES = [
  { name: 'service management', members: [role('ServiceManagement'), role('OnCall')] },
  { name: 'product', members: [role('Product')] },
  { name: 'security', members: [role('Security'), role('Product')] },
];
export const FIREBREAK = {
  parties: PARTIES,
  when: ['altersSchema'],
  resumes: 'byReleaseManager' as const,
  releaseManagers: [role('ReleaseManager')],
  timeoutSeconds: 86_400,
};
export const GO_NO_GO = { party: { name: 'change authority', members: [role('ChangeAuthority')] }, timeoutSeconds: 3_600 };
export const integration = examplePlan('Integration');
export const production = examplePlan('Production', { firebreak: FIREBREAK, goNoGo: GO_NO_GO });
export const EVIDENCE: Release['evidence'] = {
  'Integration/health': { environment: 'Integration', test: 'health', verdict: 'passed', at: NOW },
};
export const release = exampleRelease('1.1.0', [integration, production], { changes: ['altersSchema'], evidence: EVIDENCE });

export function opened(given: Partial<Gate> = {}, gate: GateKind = 'firebreak', plan: EnvironmentPlan = production): Gate {
  const fresh = openGate({ plan, release, gate, now: NOW, token: 'the-token', execution: release.execution });
  if (fresh === 'notNeeded') throw new Error('the gate of this test is needed');
  return { ...fresh, ...given };
}

export const accept = (caller: string, given: Partial<DecisionRequest> = {}): DecisionRequest => ({
  caller,
  decision: 'accept',
  reason: 'looks good',
  digest: release.digest,
  ...given,
});

/** What becomes of a gate after these decisions; the refused ones change nothing. */
export function afterwards(gate: Gate, requests: readonly DecisionRequest[], now = NOW): Gate {
  return requests.reduce((current, request) => {
    const decided = decide(current, request, now);
    return decided instanceof Refused ? current : decided;
  }, gate);
}

export const ALL = [accept(session('OnCall')), accept(session('Product'), { party: 'product' }), accept(session('Security'))];
export const code = (outcome: unknown) => (outcome instanceof Refused ? outcome.code : outcome);
export const words = (outcome: unknown) => (outcome instanceof Refused ? outcome.message : '');
