import type { EventName, TaskInput } from '../contract';
import type { AuditEvent } from './model';

/** An event of an environment machine's task. */
export function eventOf(task: TaskInput, at: string, what: EventName, detail: Readonly<Record<string, unknown>>, why?: string): AuditEvent {
  const { release, environment, execution: who } = task;
  return { at, what, release, environment, who, ...(why === undefined ? {} : { why }), detail };
}

/** What was recorded of a release since it was submitted last. */
export function sinceSubmitted(audit: readonly AuditEvent[]): AuditEvent[] {
  return audit.slice(audit.map((event) => event.what).lastIndexOf('ReleaseSubmitted') + 1);
}

/**
 * What this execution recorded in this environment before: a task that is tried again because its answer was lost finds its own work.
 *
 * @param audit read after the items that are written otherwise: of two runs of the same task, side by side, one then sees the other, here or by a revision
 */
export function recorded(audit: readonly AuditEvent[], task: TaskInput, what: EventName): AuditEvent | undefined {
  return audit.find((event) => event.what === what && event.who === task.execution && event.environment === task.environment);
}
