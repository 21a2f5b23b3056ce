import type { DoctorView, FindingView } from '../../lambda/contract';
import { fields } from './table';
import { instant } from './time';

/** What was looked at, and each finding with both values and what puts it right. */
export function doctorReport({ path, environments, findings }: DoctorView, columns: number): string[] {
  const looked = `Path to live ${path}: looked at ${environments.join(', ') || 'no environment'}`;
  if (findings.length === 0) return [looked, 'Everything is as it must be.'];
  return [looked, `${findings.length} not as it must be:`, ...findingsReport(findings, columns)];
}

export function findingsReport(findings: readonly FindingView[], columns: number): string[] {
  return findings.flatMap((finding) => ['', ...findingLines(finding, columns)]);
}

function findingLines(finding: FindingView, columns: number): string[] {
  const { kind, environment, subject, expected, actual, since } = finding;
  const found = { what: subject, expected, found: actual, ...(since !== undefined && { since: instant(since) }), do: whatToDo(finding) };
  return [`${environment ?? 'The hub'}: ${kind}`, ...fields(Object.entries(found), columns)];
}

function whatToDo({ by, remedy, environment }: FindingView): string {
  if (by === 'recover') return `ptl recover ${environment ?? '<environment>'} --reason "<why>" would ${remedy}`;
  return by === 'time' ? `nothing yet: ${remedy}` : remedy;
}
