import { decide, type ResourcePolicy, resourcePolicies } from '../../../permissions';
import type { ReviewedPath } from '../read/reviewed-path';
import { type AbilityKind, type Probe, probesOf } from './abilities';
import { type Actor, actorsOf } from './actors';
import { Ways } from './ways';

/** `itself`: its own policies allow it. `as`: with the rights of another role, which it can take on. `asks`: it can have somebody run who may. */
export type How = 'itself' | 'as' | 'asks';

/** An ability of an actor. */
export interface Ability {
  readonly kind: AbilityKind;
  readonly how: How;
  /** Where, in the order of the path; empty: it is about the path as a whole. */
  readonly environments: readonly string[];
  /** The actions that are allowed in the end. */
  readonly actions: readonly string[];
  /** From the actor to whoever may, step by step; empty for `itself`. One of the shortest. */
  readonly steps: readonly string[];
  /**
   * Conditions it hangs on that nothing is known about.
   *
   * @default - none
   */
  readonly provided?: string;
}

export interface Reach {
  readonly actor: Actor;
  readonly abilities: readonly Ability[];
  /** Attached policies whose content is in no template: what they allow is not in here. */
  readonly notKnown: readonly string[];
}

/** What everybody can do in the end, worked out from the templates alone. */
export function reachOf(reviewed: ReviewedPath): Reach[] {
  const actors = actorsOf(reviewed);
  const ways = new Ways(reviewed, actors);
  const probes = probesOf(reviewed);
  const policies = new Map(resourcePolicies(reviewed.stacks, reviewed.values).map((policy) => [policy.resource, policy]));
  const own = new Map(actors.map((actor) => [actor, ownAbilities(actor, probes, policies)]));
  return actors.map((actor) => ({ actor, abilities: abilitiesOf(actor, ways, own, reviewed), notKnown: actor.role?.notKnown ?? [] }));
}

/** What an actor's own policies allow of what is asked about. */
interface Own {
  readonly probe: Probe;
  readonly provided?: string;
}

function ownAbilities({ caller }: Actor, probes: readonly Probe[], policies: ReadonlyMap<string, ResourcePolicy>): Own[] {
  return probes.flatMap((probe): Own[] => {
    const { action, resource, account = caller.account } = probe;
    if (account !== caller.account) return [];
    const { allowed, depends, by } = decide(caller, { action, resource }, policies.get(resource));
    if (!allowed) return [];
    return [{ probe, ...(depends && { provided: inWords(by.flatMap(({ conditions }) => Object.entries(conditions))) }) }];
  });
}

function inWords(conditions: readonly (readonly [string, Readonly<Record<string, readonly string[]>>])[]): string {
  return [...new Set(conditions.flatMap(([operator, keys]) => Object.entries(keys).map(([key, values]) => `${key} ${operator} ${values.join(' or ')}`)))].join(
    ' and ',
  );
}

interface Path {
  readonly at: Actor;
  readonly how: How;
  readonly steps: readonly string[];
}

function abilitiesOf(actor: Actor, ways: Ways, own: ReadonlyMap<Actor, readonly Own[]>, { path, plans }: ReviewedPath): Ability[] {
  const order = plans.map(({ environment }) => environment);
  const names = new RegExp(`\\b${path}-(${order.join('|')})\\b`, 'g');
  const anywhere = (text: string) => text.replace(names, `${path}-<environment>`);
  const grouped = new Map<string, Omit<Ability, 'environments'> & { readonly places: Set<string> }>();
  const inHand = new Set<string>();
  const done = new Set<string>();
  for (const { at, how, steps } of pathsFrom(actor, ways)) {
    for (const { probe, provided } of own.get(at) ?? []) {
      const where = `${probe.kind} ${probe.environment ?? ''}`;
      // What is in its own hands need not be asked for, and one way to do a thing is enough.
      if (done.has(`${where} ${how === 'asks' ? '' : probe.action}`) || (how === 'asks' && inHand.has(where))) continue;
      done.add(`${where} ${how === 'asks' ? '' : probe.action}`);
      if (how !== 'asks') inHand.add(where);
      // Environments whose ways differ in nothing but the environment are told together.
      const key = anywhere(`${probe.kind} ${how} ${provided ?? ''} ${steps.join(' > ')}`);
      const sofar = grouped.get(key) ?? { kind: probe.kind, how, actions: [], steps, places: new Set<string>(), ...(provided !== undefined && { provided }) };
      if (probe.environment !== undefined) sofar.places.add(probe.environment);
      grouped.set(key, { ...sofar, actions: [...new Set([...sofar.actions, probe.action])] });
    }
  }
  return [...grouped.values()].map(({ places, steps, provided, ...ability }) => {
    const words = places.size > 1 ? anywhere : (text: string) => text;
    const environments = order.filter((name) => places.has(name));
    return { ...ability, environments, steps: steps.map(words), ...(provided !== undefined && { provided: words(provided) }) };
  });
}

/** Everybody an actor gets at, by ways that keep the rights in its own hands first, then by the shortest. */
function pathsFrom(actor: Actor, ways: Ways): Path[] {
  const first: Path = { at: actor, how: 'itself', steps: [] };
  const reached = follow([first], new Set([actor]), (path) =>
    ways.from(path.at).flatMap(({ to, by, words }): Path[] => (by === 'as' ? [{ at: to, how: 'as', steps: [...path.steps, words] }] : [])),
  );
  const asked = follow(reached, new Set(reached.map(({ at }) => at)), (path) =>
    ways.from(path.at).map(({ to, by, words }): Path => ({ at: to, how: by === 'asks' || path.how === 'asks' ? 'asks' : 'as', steps: [...path.steps, words] })),
  );
  return asked;
}

function follow(starts: readonly Path[], seen: Set<Actor>, next: (path: Path) => readonly Path[]): Path[] {
  const paths = [...starts];
  for (let index = 0; index < paths.length; index++) {
    for (const path of next(paths[index] as Path)) {
      if (seen.has(path.at)) continue;
      seen.add(path.at);
      paths.push(path);
    }
  }
  return paths;
}
