import type { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { EnvironmentNames } from './names';

/** Where a stack keeps which environment it belongs to. */
const PLACE = Symbol.for('path-to-live.place');

/** A stack of an environment, with the names that hold there. */
export interface Place {
  readonly stack: Stack;
  readonly names: EnvironmentNames;
}

/** Says which environment a stack belongs to, and with it every stack nested in it. */
export function setPlace(stack: Stack, names: EnvironmentNames): void {
  Object.defineProperty(stack, PLACE, { value: names, configurable: true });
}

/** The stack at or around `scope` that belongs to an environment; undefined when none does. */
export function tryPlaceOf(scope: IConstruct): Place | undefined {
  for (let at: IConstruct | undefined = scope; at !== undefined; at = at.node.scope) {
    const names = (at as unknown as Record<symbol, unknown>)[PLACE];
    if (names instanceof EnvironmentNames) return { stack: at as Stack, names };
  }
  return undefined;
}
