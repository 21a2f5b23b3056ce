import type { Failure, FindingView } from '../../contract';
import { fingerprintOf } from '../ticket';

/** Where tickets have what is found in the hub itself. */
export const THE_HUB = 'the hub';

/** What is wrong, before it has a fingerprint. */
export type Finding = Omit<FindingView, 'fingerprint'>;

export function findingView(finding: Finding): FindingView {
  return { ...finding, fingerprint: fingerprintOf(placeOf(finding), failureOf(finding)) };
}

export function placeOf({ environment }: Finding): string {
  return environment ?? THE_HUB;
}

/** As a ticket has it. */
export function failureOf(finding: Finding): Failure {
  const { subject, expected, actual, by, remedy, environment } = finding;
  const way = by === 'recover' ? `ptl recover ${environment ?? '<environment>'} would ${remedy}` : remedy;
  return { step: `Look after ${placeOf(finding)}`, subject, expected, actual: `${actual}; ${way}`, logs: 'ptl doctor' };
}
