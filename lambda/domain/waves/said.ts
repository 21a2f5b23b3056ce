import type { Failure } from '../../contract';
import { sinceSubmitted } from '../audit';
import type { AuditEvent, HeldVersion } from '../model';
import { versionInWords } from '../traffic/original';

/** What a ticket says of a wave that went back. */
export function wentBackTo(environment: string, to: Pick<HeldVersion, 'colour' | 'version'>): string {
  return `${environment} was rolled back to ${versionInWords(to)}`;
}

/** A failure at the path, with what became of the waves before it: they go back before its ticket is raised. */
export function withWaves(failure: Failure, audit: readonly AuditEvent[]): Failure {
  const said = sinceSubmitted(audit).flatMap(({ what, environment, detail }) =>
    what === 'ReleaseRolledBack' && environment && detail.failedIn !== undefined ? [String(detail.said)] : [],
  );
  return { ...failure, actual: [failure.actual, ...said].join('; ') };
}
