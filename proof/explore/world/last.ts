/**
 * What of a state can make a difference when there is no more trouble to come: nobody submits again what has ended, but the hub what was evicted; no call arrives late,
 * nobody is told twice. Then a gate, an acceptance, an ended execution and what it recorded are history.
 */
import type { AuditEvent, Gate, Release } from '../../../lambda/domain/model';
import { type Execution, nameOf, of, type World } from './world';

const OVER: Readonly<Record<Execution['status'], Map<string, Execution>>> = { running: new Map(), succeeded: new Map(), failed: new Map() };

/** The same state without its history. */
export function withoutHistory(world: World): Map<string, unknown> {
  const acting = new Set(of.ended(world).map(({ execution }) => execution));
  const open = new Set<string>();
  const evicted = new Set<string>();
  for (const [key, value] of world) {
    if (key.startsWith('execution ') && (value as Execution).status === 'running') acting.add(key.slice('execution '.length));
    if (key.startsWith('release ') && (value as Release).status === 'submitted') open.add((value as Release).version);
    if (key.startsWith('release ') && (value as Release).aborted?.evicted) evicted.add((value as Release).version);
  }
  const kept = new Map<string, unknown>();
  for (const [key, value] of world) {
    const found = keep(key, value, acting, open, evicted);
    if (found !== undefined) kept.set(key, found);
  }
  return kept;
}

const FORGOTTEN = /^(?:execution|gate|witness|audit) /;

/** Who said no to a release, which then does not come back by itself. */
const NO: readonly string[] = ['ReleaseRolledBack', 'GateRefused'];

function keep(key: string, value: unknown, acting: ReadonlySet<string>, open: ReadonlySet<string>, evicted: ReadonlySet<string>): unknown {
  if (!FORGOTTEN.test(key)) return value;
  const [kind, name = ''] = key.split(' ', 2);
  switch (kind) {
    case 'execution':
      return execution(value as Execution, acting.has(name));
    case 'gate': {
      const { status } = value as Gate;
      return open.has(name) || status === 'open' || status === 'accepted' ? value : undefined;
    }
    case 'witness':
      return open.has(name) ? value : undefined;
    case 'audit': {
      const events = value as readonly AuditEvent[];
      const isKept = (what: string) => what === 'TicketRaised' || what === 'ReleaseSubmitted' || (evicted.has(name) && NO.includes(what));
      const left = events.filter(({ what, who }) => isKept(what) || acting.has(nameOf(who)));
      return left.length === events.length ? value : left;
    }
    default:
      return value;
  }
}

function execution(value: Execution, isActing: boolean): Execution {
  if (isActing) return value.late.length === 0 ? value : { ...value, late: [] };
  const { machine, status, started } = value;
  const name = `${machine} ${started.release}`;
  const known = OVER[status].get(name) ?? { machine, status, state: '', input: {}, started, variables: {}, tries: 0, late: [] };
  OVER[status].set(name, known);
  return known;
}
