import type { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { EnvironmentNames } from './names';

interface Offer {
  readonly values: readonly string[];
  readonly started: readonly string[];
  readonly pulls: readonly string[];
}

/** App -> shared stack of an environment, by its place and name -> what it offers. */
const offers = new WeakMap<IConstruct, Map<string, Offer>>();

/**
 * Says which values an environment's shared state offers: what reads them is in other stacks, which cannot refer to it but by name.
 *
 * @param stack of the environment, in its account and region
 * @param values `[]` where it has no shared state
 * @param started kinds of what releases may start to migrate it
 * @param pulls repositories that these may pull images from, beside the environment's own
 */
export function offerShared(
  stack: Stack,
  names: EnvironmentNames,
  values: readonly string[],
  started: readonly string[] = [],
  pulls: readonly string[] = [],
): void {
  const ofApp = offers.get(stack.node.root) ?? new Map<string, Offer>();
  offers.set(stack.node.root, ofApp);
  ofApp.set(keyOf(stack, names), { values, started, pulls });
}

/** The values that are offered to a stack of an environment; undefined when its shared state is in no stack of this app. */
export function trySharedOffer(stack: Stack, names: EnvironmentNames): readonly string[] | undefined {
  return offers.get(stack.node.root)?.get(keyOf(stack, names))?.values;
}

/** The kinds of what releases may start to migrate it; undefined when its shared state is in no stack of this app. */
export function tryStartedOffer(stack: Stack, names: EnvironmentNames): readonly string[] | undefined {
  return offers.get(stack.node.root)?.get(keyOf(stack, names))?.started;
}

/** Where what migrates it may pull images from; undefined when its shared state is in no stack of this app. */
export function tryPullsOffer(stack: Stack, names: EnvironmentNames): readonly string[] | undefined {
  return offers.get(stack.node.root)?.get(keyOf(stack, names))?.pulls;
}

function keyOf({ account, region }: Stack, { sharedStack }: EnvironmentNames): string {
  return `${account}/${region}/${sharedStack}`;
}
