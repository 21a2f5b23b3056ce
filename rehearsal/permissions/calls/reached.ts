import type { Context } from '../../../permissions';
import type { Resource } from '../assembly/assembly';

/** A resource that an action is asked for, and what the request says beside it. */
export type Reached = readonly [arn: string, context: Context];

/** The roles that a resource names in its property `Roles`. */
export function roles({ properties }: Resource, all: readonly Resource[]): Resource[] {
  const named = [properties.Roles ?? []].flat().map(String);
  return all.filter(({ type, id }) => type === 'AWS::IAM::Role' && named.includes(id));
}

export function roleArn({ id, stack, properties }: Resource): string {
  return `arn:aws:iam::${stack.account}:role${properties.Path ?? '/'}${id}`;
}

export function tagsOf({ Tags }: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(((Tags ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
}

/** Tags as a request has them. @param key `aws:RequestTag` or `aws:ResourceTag` */
export function under(key: string, tags: Readonly<Record<string, string>>): Context {
  return Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`${key}/${tag}`, value]));
}
