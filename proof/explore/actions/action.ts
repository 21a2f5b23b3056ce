import { Conflict, Refused, Retry } from '../../../lambda/domain/errors';
import type { Ports } from '../../../lambda/domain/ports';
import type { Engine } from '../engine/engine';
import { portsOf } from '../world/ports';
import { Died, type Run } from '../world/run';

/** Something that can happen in a state. */
export interface Action {
  /** A sentence, for the story. */
  readonly name: string;
  /**
   * Whether it is no more than what a release that goes its way needs, what puts something right by itself, or what is to be refused, so that nothing
   * changes. All others are troubles, of which a story has so many at most.
   */
  readonly free: boolean;
  /** Whether it runs functions: these may die at each of their effects, and be overtaken before it. */
  readonly runs: boolean;
  readonly act: (run: Run, engine: Engine) => void | Promise<void>;
}

export const free = (name: string, act: Action['act']): Action => ({ name, free: true, runs: true, act });
/** What the rules are to refuse: it changes nothing, unless one is broken. */
export const refused = free;
export const trouble = (name: string, act: Action['act']): Action => ({ name, free: false, runs: true, act });
/** What somebody else than our functions does to the world, at once. */
export const change = (name: string, isFree: boolean, act: Action['act']): Action => ({ name, free: isFree, runs: false, act });

/** How a function ended: with an answer, or with an error of this name. */
export type Ended = { readonly answer: unknown } | { readonly error: string };

/** Runs a function of the hub. An error that is none of those the rules throw is a rule that broke. */
export async function called(run: Run, engine: Engine, what: (ports: Ports) => Promise<unknown>): Promise<Ended> {
  try {
    return { answer: await what(portsOf(run, engine)) };
  } catch (error) {
    if (error instanceof Conflict || error instanceof Refused || error instanceof Retry) return { error: error.name };
    if (diedOf(error)) return { error: 'Died' };
    const { name, message } = error as Error;
    run.breaks('errors', `${name}: ${message}`);
    return { error: name };
  }
}

function diedOf(error: unknown): boolean {
  return error instanceof Died || ((error as Error | undefined)?.cause !== undefined && diedOf((error as Error).cause));
}
