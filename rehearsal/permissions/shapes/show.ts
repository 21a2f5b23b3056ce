import type { Assembly } from '../assembly/assembly';
import { BOOTSTRAP, type PersonRole } from '../assembly/deployed';
import { type Attempt, accountOf, requestOf, roleCaller } from '../calls/attempt';
import { Placeholders } from './placeholders';
import { PERSON, type Shape } from './shape';

interface Place {
  readonly account: string;
  readonly region: string;
}

/**
 * Recorded calls as they would be made where the same app is deployed to other accounts and regions.
 *
 * The bootstrap stack is another one in each of them. A role of the app uses the one where it is; a person, and the roles of that stack itself, are
 * busy in all of them, or where the stack is that they are busy with.
 *
 * @param people who has which name there
 */
export function attemptsFrom(shapes: readonly Shape[], assembly: Assembly, people: readonly PersonRole[]): Attempt[] {
  const placeholders = new Placeholders(assembly);
  return shapes.flatMap((shape) =>
    bootstrapsOf(shape, assembly).map((bootstrap) => {
      const there = (text: string) => text.split(`${BOOTSTRAP}/`).join(`${bootstrap}/`);
      const callers = callersOf(there(shape.caller), assembly, people);
      const { home } = callers[0] as KnownCaller;
      const show = (text: string) => placeholders.show(there(text), home);
      const context = Object.fromEntries(Object.entries(shape.context ?? {}).map(([key, values]) => [key, values.map(show)]));
      const resource = show(shape.resource);
      // Somebody who is busy in several accounts has a role in each.
      const { arn } = callers.find((caller) => caller.home.account === accountOf(resource)) ?? (callers[0] as KnownCaller);
      const request = requestOf(roleCaller(arn), shape.action, resource, context, ownerOf(resource, assembly));
      return { request, because: 'recorded, in other accounts', times: 1 };
    }),
  );
}

/** Names of the bootstrap stacks that a call is about; one that is about none goes by any name. */
function bootstrapsOf({ caller, resource }: Shape, { stacks }: Assembly): string[] {
  const all = stacks.filter(({ stackName }) => stackName.startsWith(BOOTSTRAP));
  if (![caller, resource].some((text) => text.includes(`${BOOTSTRAP}/`))) return [BOOTSTRAP];
  const stackOf = (name: string | undefined) => stacks.find(({ stackName }) => stackName === name);
  const at = stackOf(caller.split('/')[0]) ?? stackOf(/:stack\/([^/]+)\//.exec(resource)?.[1]);
  return all.filter(({ account, region }) => at === undefined || (at.account === account && at.region === region)).map(({ stackName }) => stackName);
}

interface KnownCaller {
  readonly arn: string;
  readonly home: Place;
}

/** @throws Error when there is nobody of that name */
function callersOf(name: string, { roles, stacks }: Assembly, people: readonly PersonRole[]): KnownCaller[] {
  const regionOf = (account: string) => stacks.find((stack) => stack.account === account)?.region ?? '';
  const persons = people.filter(({ arn }) => `${PERSON}${arn.split('/').at(-1)}` === name);
  if (persons.length > 0) return persons.map(({ arn }) => ({ arn, home: { account: accountOf(arn) ?? '', region: regionOf(accountOf(arn) ?? '') } }));
  const role = [...roles.values()].find(({ stackName, logicalId }) => `${stackName}/${logicalId}` === name);
  const home = stacks.find(({ stackName }) => stackName === role?.stackName);
  if (role === undefined || home === undefined) throw new Error(`nobody here is ${name}`);
  return [{ arn: role.arn, home }];
}

/** A bucket's ARN does not say whose it is. */
function ownerOf(resource: string, assembly: Assembly): string | undefined {
  const bucket = /^arn:aws:s3:::([^/]+)/.exec(resource)?.[1];
  return bucket === undefined ? undefined : assembly.resources('AWS::S3::Bucket').find(({ id }) => id === bucket)?.stack.account;
}
