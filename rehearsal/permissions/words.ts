import type { Held } from './audit';
import type { Grant } from './grants';
import type { RehearsalAudit } from './of-the-rehearsal';
import type { Shape } from './shapes/shape';

/** One line: what was held against the policies, and what came of it. */
export function summary(audit: RehearsalAudit): string {
  const { recordedCalls, recordedRequests, derivedRequests, denied, grants, unused, excused, stale, refusedByBoth, seconds } = audit;
  const number = (value: number) => value.toLocaleString('en-GB');
  const also = [
    ...(excused.length > 0 ? [`${number(excused.length)} more for a reason`] : []),
    ...(stale.length > 0 ? [`${stale.length} reasons for nothing`] : []),
    ...(refusedByBoth > 0 ? [`${refusedByBoth} tried and rightly refused`] : []),
  ];
  return (
    `calls recorded ${number(recordedCalls)} (${number(recordedRequests)} different, and ${number(derivedRequests)} that AWS makes by itself), ` +
    `denied by the second opinion ${denied.length}, of ${number(grants)} things granted unused ${unused.length}${also.length > 0 ? ` (${also.join(', ')})` : ''}, in ${seconds.toFixed(1)} s`
  );
}

/** What `--json` writes. */
export function figuresOf(audit: RehearsalAudit) {
  const { recordedCalls, byAdministrator, recordedRequests, derivedRequests, refusedByBoth, grants, seconds } = audit;
  const [denied, unused, excused] = [audit.denied.length, audit.unused.length, audit.excused.length];
  return { recordedCalls, byAdministrator, recordedRequests, derivedRequests, denied, refusedByBoth, grants, unused, excused, seconds };
}

export function isFine({ denied, unused, stale }: RehearsalAudit): boolean {
  return denied.length + unused.length + stale.length === 0;
}

/** What is wrong, one line each. */
export function complaints({ denied, unused, stale, newShapes }: RehearsalAudit): string[] {
  return [
    ...denied.map(disagreement),
    ...unused.map((grant) => `unused: ${grantInWords(grant)}`),
    ...stale.map(
      ({ policy, kind, values, reason }) =>
        `excused for nothing: ${kind} ${values.join(', ')} of ${policy} (${JSON.stringify(reason)}); everything it names is used, or not there`,
    ),
    ...unwritten(newShapes),
  ];
}

/** So many are named. */
const MOST_SHAPES = 5;

/** Nothing is wrong with these: tests of other layouts do not know of them yet. */
function unwritten(shapes: readonly Shape[]): string[] {
  if (shapes.length === 0) return [];
  const [calls, look, them] = shapes.length === 1 ? ['call', 'looks', 'it'] : ['calls', 'look', 'them'];
  const more = shapes.length > MOST_SHAPES ? [`  and ${shapes.length - MOST_SHAPES} more`] : [];
  return [
    `${shapes.length} ${calls} ${look} like none that is written down, which breaks no promise; for the tests, npm run permissions -- --write-shapes keeps ${them}:`,
    ...shapes.slice(0, MOST_SHAPES).map(({ caller, action, resource }) => `  ${caller}: ${action} on ${resource}`),
    ...more,
  ];
}

function disagreement({ attempt: { request, because, emulatorAllowed }, verdict }: Held): string {
  const what = `${request.caller.arn} ${request.action} on ${request.resource} (${because})`;
  return verdict.allowed
    ? `${emulatorAllowed === false ? 'refused by the emulator, allowed by the policies' : 'must be denied'}: ${what}`
    : `denied: ${what}: ${verdict.why}`;
}

function grantInWords({ policy, statement, effect, kind, value }: Grant): string {
  return `${policy}, statement ${statement}${effect === 'Deny' ? ' (Deny)' : ''}: ${kind} ${value}`;
}
