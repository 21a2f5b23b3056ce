import { didYouMean } from '../../lambda/contract';
import { PathToLiveError } from '../private/errors';
import { isPlain, shown } from '../private/shown';

/** What of a value is not as it must be. */
export interface Misfit {
  /** From the value on, for example `.members[1]`; empty when it is the value itself. */
  readonly at: string;
  readonly value: unknown;
  readonly allowed: string;
  /**
   * That the value has a prop nobody looks at, as one that is misspelt; `known` are those that are looked at.
   *
   * @default - the value, or something in it, is of another kind
   */
  readonly unknown?: { readonly name: string; readonly known: readonly string[] };
}

/**
 * A kind of value that a prop or a parameter takes. TypeScript sees to that; plain JavaScript and `any` do not, and without a look at the door a
 * value of another kind fails somewhere inside.
 */
export interface Kind {
  /** In words, for example `a Duration, for example Duration.minutes(10)`. */
  readonly allowed: string;
  /**
   * Whether it can be left out.
   *
   * @default false
   */
  readonly optional?: boolean;
  /** @returns undefined for a value of this kind */
  misfit(value: unknown): Misfit | undefined;
}

/** A kind for each prop, so that the compiler finds one that was forgotten. */
export type Shape<Props> = { readonly [Prop in keyof Required<Props>]: Kind };

/**
 * That a value is of a kind.
 *
 * @param where construct path, or the words the value was written with, for example `Firebreak.parties`
 * @param what name of the parameter
 * @throws PathToLiveError that names the value and what is allowed
 */
export function requireKind(where: string, what: string, value: unknown, kind: Kind): void {
  const misfit = kind.misfit(value);
  if (misfit === undefined) return;
  const name = misfit.at.startsWith('.') ? misfit.at.slice(1) : `${what}${misfit.at}`;
  if (misfit.unknown !== undefined) {
    const { name: unknown, known } = misfit.unknown;
    const problem = `${name} has ${shown(unknown)}, which nothing looks at${didYouMean(unknown, known)}; it takes ${known.join(', ')}`;
    throw new PathToLiveError('UnknownProp', where, problem);
  }
  const isLeftOut = misfit.value === undefined && /\.\w+$/.test(misfit.at);
  throw new PathToLiveError('WrongType', where, `${name} is ${isLeftOut ? 'missing' : shown(misfit.value)}; it must be ${misfit.allowed}`);
}

/** @param fits asked of any value there is */
export function kindOf(allowed: string, fits: (value: unknown) => boolean): Kind {
  return { allowed, misfit: (value) => (fits(value) ? undefined : { at: '', value, allowed }) };
}

/** For what a rule judges that has more to say about it. */
export const ANYTHING = kindOf('anything', () => true);

/** The same kind, and `undefined`. */
export function optional(kind: Kind): Kind {
  return { ...kind, optional: true, misfit: (value) => (value === undefined ? undefined : orNothing(kind.misfit(value))) };
}

function orNothing(misfit: Misfit | undefined): Misfit | undefined {
  return misfit?.at === '' && misfit.unknown === undefined ? { ...misfit, allowed: `${misfit.allowed}, or left out` } : misfit;
}

/** A list, however long, of values of one kind. */
export function listOf(each: Kind): Kind {
  const allowed = `a list, and each thing in it ${each.allowed}`;
  return {
    allowed,
    misfit: (value) => (Array.isArray(value) ? firstMisfit(Array.from(value, (item, index) => [`[${index}]`, each.misfit(item)])) : { at: '', value, allowed }),
  };
}

/**
 * An object with props, and no others when it is written as `{ … }`: one that nobody looks at is misspelt. What is made of a class may have more.
 */
export function object<Props>(shape: Shape<Props>): Kind {
  const props = Object.entries<Kind>(shape);
  const needed = props.filter(([, kind]) => !kind.optional).map(([name]) => name);
  const known = props.map(([name]) => name);
  const allowed = needed.length === 0 ? `an object with any of ${known.join(', ')}` : `an object with ${needed.join(' and ')}`;
  return {
    allowed,
    misfit(value) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return { at: '', value, allowed };
      // A Duration where options are expected would do nothing at all.
      if (needed.length === 0 && !isPlain(value)) return { at: '', value, allowed };
      const unknown = isPlain(value) ? Object.keys(value).find((name) => !known.includes(name)) : undefined;
      if (unknown !== undefined) return { at: '', value, allowed, unknown: { name: unknown, known } };
      return firstMisfit(props.map(([name, kind]) => [`.${name}`, kind.misfit((value as Readonly<Record<string, unknown>>)[name])]));
    },
  };
}

function firstMisfit(found: readonly (readonly [string, Misfit | undefined])[]): Misfit | undefined {
  for (const [at, misfit] of found) {
    if (misfit !== undefined) return { ...misfit, at: `${at}${misfit.at}` };
  }
  return undefined;
}
