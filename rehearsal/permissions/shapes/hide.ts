import type { Statement } from '../../../permissions';
import type { Assembly } from '../assembly/assembly';
import type { PersonRole } from '../assembly/deployed';
import type { Attempt } from '../calls/attempt';
import { Placeholders } from './placeholders';
import { PERSON, type Shape } from './shape';

/** The shapes of calls that were recorded and allowed. */
export function shapesOf(attempts: readonly Attempt[], assembly: Assembly, people: readonly PersonRole[]): Shape[] {
  const placeholders = new Placeholders(assembly);
  const looked = keysLookedAt(assembly);
  return attempts
    .filter(({ emulatorAllowed = true }) => emulatorAllowed)
    .map(({ request: { caller, action, resource, context } }) => ({
      caller: callerOf(caller.arn, assembly, people),
      action,
      resource: placeholders.hide(withoutChance(resource)),
      ...contextOf(context, looked, (value) => placeholders.hide(value)),
    }));
}

function callerOf(arn: string, { roles }: Assembly, people: readonly PersonRole[]): string {
  const role = roles.get(arn);
  if (role !== undefined) return `${role.stackName}/${role.logicalId}`;
  return people.some((person) => person.arn === arn) ? `${PERSON}${arn.split('/').at(-1)}` : arn;
}

/** What is another each time: ids of stacks, hashes of files, the second of its submission in the name of an execution. */
export function withoutChance(resource: string): string {
  return resource
    .replace(/(:stack\/[^/]+)\/.+$/, '$1/*')
    .replace(/\/[0-9a-f]{64}(\.[\w.]+)$/, '/file$1')
    .replace(/(:execution:.+)-\d{12}(?=-|$)/, '$1');
}

/** Condition keys that a policy of the assembly looks at, in lower case; what every request has anyway is not among them. */
function keysLookedAt({ roles, resourcePolicies, managedPolicies }: Assembly): ReadonlySet<string> {
  const statements: readonly Statement[] = [
    ...[...roles.values()].flatMap((role) => [...role.statements, ...role.trust]),
    ...[...managedPolicies.values()].flatMap((policy) => policy.statements),
    ...resourcePolicies.flatMap((policy) => policy.statements),
  ];
  const keys = statements.flatMap(({ conditions }) => Object.values(conditions).flatMap((each) => Object.keys(each).map((key) => key.toLowerCase())));
  return new Set(keys.filter((key) => !/^aws:(principal|securetransport|resourceaccount)/.test(key)));
}

function contextOf(context: Attempt['request']['context'], looked: ReadonlySet<string>, hide: (value: string) => string): Pick<Shape, 'context'> {
  const kept = Object.entries(context).filter(([key]) => looked.has(key.toLowerCase()));
  if (kept.length === 0) return {};
  // Of a key such as `RELEASE#1.0.0` the beginning is what policies are about.
  const general = (value: string) => hide(value).replace(/^([A-Z]+#).+$/, '$1*');
  return { context: Object.fromEntries(kept.map(([key, value]) => [key, [...new Set([value].flat().map(general))].sort()])) };
}
