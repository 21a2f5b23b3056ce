import { RemovalPolicy } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { PathToLiveError } from '../private/errors';
import { isPlain, shown } from '../private/shown';
import { requireReason } from '../private/validate';
import { ANYTHING, type Kind, kindOf, object, requireKind } from './kind';

/** Any text, what is only known at deployment included. */
export const STRING = kindOf('a string', (value) => typeof value === 'string');

/** Any number; a rule judges whether it is whole, and within bounds. */
export const NUMBER = kindOf('a number', (value) => typeof value === 'number');

/** For example environment variables. */
export const STRINGS_BY_NAME = kindOf(
  'an object whose values are strings',
  (value) => isPlain(value) && Object.values(value).every((one) => typeof one === 'string'),
);

/** Anything of an app. */
export const CONSTRUCT = kindOf('a construct', (value) => Construct.isConstruct(value));

/** The CDK's own, as all below are. */
export const DURATION = able('a Duration, for example Duration.minutes(10)', 'toSeconds', 'isUnresolved');

/** Made in the app or imported. */
export const FUNCTION = kindOf('a function of Lambda, for example new Function(…)', (value) => Construct.isConstruct(value) && 'functionArn' in value);

/** The language of a function. */
export const RUNTIME = able('a Runtime, for example Runtime.NODEJS_24_X', 'runtimeEquals');

/** What a function runs. @param folder an example of where it is */
export function code(folder: string): Kind {
  return able(`a Code, for example Code.fromAsset('${folder}')`, 'bind', 'bindToResource');
}

/** What a state machine goes on with: a state, a chain or a fragment. */
export const CHAINABLE = kindOf(
  'a state, a chain or a fragment of a state machine, for example sfn.Fail.jsonata(…)',
  (value) => typeof value === 'object' && value !== null && 'startState' in value,
);

/** One statement; several are a list. */
export const POLICY_STATEMENT = able('a PolicyStatement, for example new PolicyStatement({ actions, resources })', 'copy', 'toStatementJson');

/** Of stacks, and of what is in them. */
export const REMOVAL_POLICY = oneOf('a RemovalPolicy, for example RemovalPolicy.DESTROY', RemovalPolicy);

/** One of this library's values, which are made by factories and constructors only. */
export function made(type: { readonly name: string; [Symbol.hasInstance](value: unknown): boolean }, example: string): Kind {
  const article = /^[AEIOU]/.test(type.name) ? 'an' : 'a';
  return kindOf(`${article} ${type.name}, for example ${example}`, (value) => type[Symbol.hasInstance](value));
}

/** Whatever has these methods: it may be of another language, or of another copy of the CDK. */
export function able(allowed: string, ...methods: string[]): Kind {
  return kindOf(allowed, (value) => typeof value === 'object' && value !== null && methods.every((name) => typeof Reflect.get(value, name) === 'function'));
}

/** @param members an enum; one of numbers also has its names, under each number, and these are no values of it */
export function oneOf(allowed: string, members: object): Kind {
  const values = Object.entries(members).flatMap(([name, value]) => (Number.isNaN(Number(name)) ? [value] : []));
  return kindOf(allowed, (value) => values.includes(value));
}

/**
 * What every construct is made with, asked before the CDK asks.
 *
 * @param what name of the class
 * @throws PathToLiveError
 */
export function requireConstructed(what: string, scope: IConstruct, id: string, props: unknown, kind: Kind): void {
  requireKind(what, 'scope', scope, CONSTRUCT);
  requireKind(what, 'id', id, STRING);
  const path = [scope.node.path, id].filter((part) => part !== '').join('/');
  if (scope.node.tryFindChild(id) !== undefined) {
    throw new PathToLiveError('IdTaken', path, `there is a construct of the id ${shown(id)} in the same scope already; give one of them another id`);
  }
  requireKind(path, 'props', props, kind);
}

const WITH_REASON = object<{ readonly reason: string }>({ reason: ANYTHING });

/**
 * Why somebody switches a safety off.
 *
 * @throws PathToLiveError when nothing is said
 */
export function reasonOf(where: string, options: { readonly reason: string }): string {
  if (options === undefined) {
    const fix = `say in words why this is not needed here, for whoever reviews it: ${where}({ reason: 'why' })`;
    throw new PathToLiveError('ReasonMissing', where, `a reason is missing, options is undefined; ${fix}`);
  }
  requireKind(where, 'options', options, WITH_REASON);
  requireReason(where, options.reason);
  return options.reason;
}
