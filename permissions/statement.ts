import type { Place } from './stack';

/** Condition operator -> key -> values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Kind (`AWS`, `Service`, `Federated`) -> who. */
export type Principals = Readonly<Record<string, readonly string[]>>;

/** One statement of a policy, every list a list. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly sid?: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** Of resource policies and trust policies only. */
  readonly principals?: Principals;
  readonly notPrincipals?: Principals;
  readonly conditions: Conditions;
  /** The resource whose template it is in. */
  readonly from: Place;
  /**
   * Which of the policies in that resource, where it has several: the name of an inline one, `trust`, or the ARN of one of AWS's own.
   *
   * @default - its only one
   */
  readonly policy?: string;
  /** Place among the statements of its document, from 0. */
  readonly index: number;
}

/** The statements of a policy document whose values are resolved. */
export function statementsOf(document: unknown, from: Place, policy?: string): Statement[] {
  const { Statement: statements } = (document ?? {}) as { Statement?: unknown };
  return listOf(statements).map((statement, index) => {
    const { Effect, Sid, Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition } = statement as Record<string, unknown>;
    return {
      effect: Effect === 'Deny' ? 'Deny' : 'Allow',
      ...(Sid !== undefined && { sid: String(Sid) }),
      actions: textsOf(Action),
      notActions: textsOf(NotAction),
      resources: textsOf(Resource),
      notResources: textsOf(NotResource),
      ...(Principal !== undefined && { principals: principalsOf(Principal) }),
      ...(NotPrincipal !== undefined && { notPrincipals: principalsOf(NotPrincipal) }),
      conditions: conditionsOf(Condition),
      from,
      ...(policy !== undefined && { policy }),
      index,
    };
  });
}

function principalsOf(value: unknown): Principals {
  if (typeof value === 'string') return { AWS: [value] };
  return Object.fromEntries(Object.entries(value as object).map(([kind, who]) => [kind, textsOf(who)]));
}

function conditionsOf(value: unknown): Conditions {
  return Object.fromEntries(
    Object.entries((value ?? {}) as object).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys as object).map(([key, values]) => [key, textsOf(values)])),
    ]),
  );
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function textsOf(value: unknown): string[] {
  return listOf(value).map(String);
}
