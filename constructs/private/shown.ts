import { inspect } from 'node:util';

const MOST_SHOWN = 120;

/** A value for a message: as JSON where it has one, else what it is, for example `undefined`, `NaN` or `[Function: handler]`. At most 120 characters. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  // What is made of a class is told by its name alone: a construct holds its whole app.
  const depth = Array.isArray(value) || isPlain(value) ? 1 : -1;
  const written = inspect(value, { depth, breakLength: Number.POSITIVE_INFINITY });
  return written.length > MOST_SHOWN ? `${written.slice(0, MOST_SHOWN)}…` : written;
}

/** Whether it is an object as one writes it, `{ … }`, and of no class. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
