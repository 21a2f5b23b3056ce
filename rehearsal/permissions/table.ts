import type { Audit, Held } from './audit';

/** Who did what on what, and the statement that allowed it. */
export interface Row {
  readonly principal: string;
  readonly action: string;
  /** The resource, or the first of several with how many more. */
  readonly resource: string;
  readonly statement: string;
  /** `recorded`, or that AWS does it by itself. */
  readonly how: 'recorded' | 'derived';
}

/** One row for each principal, action and statement, sorted. */
export function rowsOf({ held, nameOf }: Audit): Row[] {
  const groups = new Map<string, { readonly row: Row; readonly resources: Set<string> }>();
  for (const { attempt, verdict } of held.filter((each) => each.verdict.allowed)) {
    const { caller, action, resource } = attempt.request;
    const statement = verdict.by.map((each) => nameOf(each)).map(({ policy, statement }) => `${policy} #${statement}`);
    const how = attempt.emulatorAllowed === undefined ? 'derived' : 'recorded';
    const row: Row = { principal: shortened(caller.arn), action, resource: '', statement: statement.join(' + ') || 'always allowed', how };
    const key = JSON.stringify(row);
    const group = groups.get(key) ?? { row, resources: new Set() };
    groups.set(key, group);
    group.resources.add(shortened(resource));
  }
  return [...groups.values()].map(({ row, resources }) => ({ ...row, resource: several([...resources]) })).sort(byPrincipal);
}

/** The rows as text. */
export function tableOf(rows: readonly Row[]): string[] {
  const columns = ['principal', 'action', 'resource', 'statement'] as const;
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map((row) => line(columns.map((column) => row[column])))];
}

/** What was refused to somebody by both, for who looks whether it should have been. */
export function refusedByBoth({ held }: Audit): Held[] {
  return held.filter(({ attempt, verdict }) => attempt.emulatorAllowed === false && !verdict.allowed);
}

function byPrincipal(a: Row, b: Row): number {
  const [left, right] = [a, b].map(({ principal, action, statement }) => `${principal} ${action} ${statement}`) as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
}

function several([first = '', ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

/** An ARN without what is the same in all of them. */
function shortened(arn: string): string {
  return arn.replace(/^arn:aws:iam::\d{12}:role\//, '').replace(/^arn:aws:([^:]*):[^:]*:[^:]*:/, '$1:');
}
