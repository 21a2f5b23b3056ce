import type { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { EnvironmentNames } from './names';

/** Where a stack keeps which environment it belongs to. */
const PLACE = Symbol.for('path-to-live.place');

/** A stack of an environment, with the names that hold there. */
export interface Place {
  readonly stack: Stack;
  readonly names: EnvironmentNames;
  /** Whether it is a slot: then what it uses of the shared state is kept for it. */
  readonly isSlot: boolean;
  /** Whether the environment's front door offers slots a network. */
  readonly offersNetwork: boolean;
}

/** Says which environment a stack belongs to, and with it every stack nested in it. */
export function setPlace(stack: Stack, { names, isSlot, offersNetwork }: Omit<Place, 'stack'>): void {
  Object.defineProperty(stack, PLACE, { value: { stack, names, isSlot, offersNetwork } satisfies Place, configurable: true });
}

/** The stack at or around `scope` that belongs to an environment; undefined when none does. */
export function tryPlaceOf(scope: IConstruct): Place | undefined {
  for (let at: IConstruct | undefined = scope; at !== undefined; at = at.node.scope) {
    const place = (at as unknown as Record<symbol, Place | undefined>)[PLACE];
    if (place !== undefined) return place;
  }
  return undefined;
}
