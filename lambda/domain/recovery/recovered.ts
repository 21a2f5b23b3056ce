import { UNRELEASED } from '../../contract';
import type { EndedLook } from '../doctor/look';
import type { Ports } from '../ports';

/** Who asked for a recovery, and why: in every event of what is done. */
export interface Asked {
  readonly who: string;
  readonly reason: string;
}

/** What one kind of finding came to, in words. */
export interface Did {
  readonly done?: readonly string[];
  readonly held?: readonly string[];
}

/** How a machine has ended whose release is put right. */
export function howOf({ how }: Pick<EndedLook, 'how'>, { who, reason }: Asked): string {
  return `${how}; ${who} asked for its recovery: ${reason}`;
}

/** Puts into the audit trail of what is live what was put right. @param did in words */
export async function recordRecovered({ ledger, clock }: Ports, environment: string, { who, reason: why }: Asked, did: string): Promise<void> {
  const { live } = await ledger.environment(environment);
  const release = live?.version ?? UNRELEASED;
  await ledger.commit({ put: [], audit: [{ at: clock.now(), what: 'EnvironmentRecovered', release, environment, who, why, detail: { did } }] });
}
