import { differenceInSeconds } from 'date-fns/differenceInSeconds';
import { type Failure, LONGEST_NEXT, type MigrationKind, type SlotMigration, type TaskInput } from '../../contract';
import { eventOf } from '../audit';
import { Conflict } from '../errors';
import type { AuditEvent, Change, MigrationRun, MigrationState } from '../model';

/** One call of a migration, or the start of one that is then followed, and who does it. */
export interface Call {
  readonly task: TaskInput;
  readonly migration: SlotMigration;
  /** Of this very call. */
  readonly owner: string;
}

/** Under which name it is kept what takes a migration back: no migration has one with a dot. */
export function undoNameOf(migration: string): string {
  return `${UNDO}${migration}`;
}
const UNDO = 'undo.';

/** The migration that is taken back under this name; undefined for a migration's own. */
export function undoneBy(name: string): string | undefined {
  return name.startsWith(UNDO) ? name.slice(UNDO.length) : undefined;
}

/** Whether somebody may be calling it right now. */
export function isCalled({ call }: MigrationState, now: string): boolean {
  return call !== undefined && now < call.until;
}

/**
 * Written before the function is called, or the task or build is started: from here on it may have done anything.
 *
 * @param until by when the caller has its answer, or is dead
 * @param run what is started
 */
export function started(
  { task, migration, owner }: Call,
  stored: MigrationState | undefined,
  now: string,
  until: string,
  run?: MigrationRun,
): Change & { readonly state: MigrationState } {
  const { environment, release, execution } = task;
  const goesOn = stored?.status === 'started' && stored.execution === execution;
  const state: MigrationState = {
    kind: 'migration',
    revision: stored?.revision ?? 0,
    environment,
    name: migration.name,
    migration: migration.kind,
    content: migration.content,
    status: 'started',
    release,
    execution,
    startedAt: goesOn ? stored.startedAt : now,
    calls: (stored?.calls ?? 0) + 1,
    // Another content may not understand what the one before it has left.
    ...(stored?.next !== undefined && stored.content === migration.content && { next: stored.next }),
    call: { owner, until },
    ...(run && { run }),
  };
  const before = stored && { after: stored.status, by: stored.release };
  const undoes = undoneBy(migration.name);
  const about = undoes === undefined ? { migration: migration.name, kind: migration.kind } : { migration: undoes, kind: migration.kind, undo: true };
  const audit = goesOn ? [] : [eventOf(task, now, 'MigrationStarted', { ...about, ...before })];
  return { state, put: [state], audit };
}

/** What a call came to: `again` with what to tell it, as JSON, `finished`, or what was wrong with it. */
export type Answered =
  | { readonly kind: 'finished'; readonly said?: string }
  | { readonly kind: 'again'; readonly next: string }
  | {
      readonly kind: 'wrong';
      readonly actual: string;
      /** @default the log that all migrations of the environment write */
      readonly logs?: string;
    };

const SHAPE = 'a migration answers { "done": true }, or { "done": false, "next": … } to be called again';
const LONGEST_SHOWN = 500;
/** A message with a whole statement of SQL in it, for example; its log has the rest. */
const LONGEST_ERROR = 2_000;

/** Reads a function's answer. What is no answer is never taken for a yes. */
export function answeredBy(answer: unknown): Answered {
  const given = (typeof answer === 'object' && answer !== null ? answer : {}) as { done?: unknown; next?: unknown; said?: unknown };
  if (given.done === true) return { kind: 'finished', ...(typeof given.said === 'string' && { said: given.said.slice(0, LONGEST_SHOWN) }) };
  if (given.done !== false) return { kind: 'wrong', actual: `it answered ${shown(answer)}; ${SHAPE}` };
  if (given.next === undefined) return { kind: 'wrong', actual: `it answered that it is not done, and nothing to go on with; ${SHAPE}` };
  const next = JSON.stringify(given.next);
  if (next.length > LONGEST_NEXT) {
    return {
      kind: 'wrong',
      actual: `its next has ${next.length} characters of JSON, allowed are ${LONGEST_NEXT}; keep where it is in the shared state itself`,
    };
  }
  const inexact = inexactNumber(given.next);
  if (inexact === undefined) return { kind: 'again', next };
  return { kind: 'wrong', actual: `its next has a number too large to be kept exactly, which came as ${inexact}; answer it as a text` };
}

/** A number that may be only near the one that was answered: to go on from there would leave something out. */
function inexactNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const each of Object.values(value)) {
    const inexact = inexactNumber(each);
    if (inexact !== undefined) return inexact;
  }
  return undefined;
}

/** Why there is no answer, with no more of it than a state machine, an event and a ticket take. */
export function withoutAnswer(error: string, logs?: string): Extract<Answered, { kind: 'wrong' }> {
  const actual = error.length <= LONGEST_ERROR ? error : `${error.slice(0, LONGEST_ERROR)}…`;
  return { kind: 'wrong', actual, ...(logs !== undefined && { logs }) };
}

function shown(answer: unknown): string {
  return (JSON.stringify(answer) ?? 'nothing').slice(0, LONGEST_SHOWN);
}

/**
 * What is recorded of a call.
 * @throws Conflict when the call is no longer this one's to record
 */
export function ended({ task, migration, owner }: Call, stored: MigrationState | undefined, answered: Answered, failure: Failure, now: string): Change {
  if (stored?.call?.owner !== owner) throw new Conflict(`the migration ${migration.name} in ${task.environment} was called by somebody else meanwhile`);
  return outcomeOf(task, stored, answered, failure, now);
}

/** What is recorded of the end of a run: what runs under this name next is called, or started, anew. */
export function outcomeOf(task: TaskInput, stored: MigrationState, answered: Answered, failure: Failure, now: string): Change {
  const { call: _over, run: _ended, failure: _before, ...rest } = stored;
  const undoes = undoneBy(stored.name);
  const about = { migration: undoes ?? stored.name, kind: stored.migration, ...(undoes !== undefined && { undo: true }), calls: stored.calls };
  switch (answered.kind) {
    case 'again':
      return { put: [{ ...rest, next: answered.next }], audit: [] };
    case 'finished': {
      const { next: _done, ...done } = rest;
      const seconds = differenceInSeconds(now, stored.startedAt);
      return {
        put: [{ ...done, status: 'finished', endedAt: now }],
        audit: [
          eventOf(task, now, undoes === undefined ? 'MigrationFinished' : 'MigrationUndone', {
            ...about,
            seconds,
            ...(answered.said !== undefined && { said: answered.said }),
          }),
        ],
      };
    }
    case 'wrong':
      return { put: [{ ...rest, status: 'failed', endedAt: now, failure }], audit: [failed(task, about, failure, now)] };
  }
}

function failed(task: TaskInput, about: Readonly<Record<string, unknown>>, failure: Failure, now: string): AuditEvent {
  return eventOf(task, now, 'MigrationFailed', { ...about, actual: failure.actual, logs: failure.logs });
}

/** Why a migration of that kind is not run whose name stands for another content, or another kind, here. */
export function contentTaken({ release, startedAt, endedAt, environment, migration }: MigrationState, kind: MigrationKind): string {
  if (migration !== kind)
    return `ran in ${environment} at ${startedAt} as ${migration}, brought by release ${release}, and not as ${kind}: give it a name of its own`;
  return `finished in ${environment} at ${endedAt}, brought by release ${release}, with other content: give the new content a name of its own`;
}
