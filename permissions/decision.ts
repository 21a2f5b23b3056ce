import { type Context, conditionsHold, type Held } from './condition';
import { matches, matchesArn } from './pattern';
import type { Principals, Statement } from './statement';

/** What somebody wants to do. */
export interface Request {
  /** For example `elasticloadbalancing:ModifyRule`. */
  readonly action: string;
  /** ARN, or `*` for an action that knows no resources. */
  readonly resource: string;
  /**
   * What is known besides who asks.
   *
   * @default - nothing
   */
  readonly context?: Context;
  /**
   * Whether the context is all there is.
   *
   * @default false - what it does not say is not known
   */
  readonly complete?: boolean;
}

/** Who asks: a role, a user, or a service. */
export interface Caller {
  /** ARN of the role or user; name of the service, for example `lambda.amazonaws.com`. */
  readonly arn: string;
  readonly account: string;
  readonly statements: readonly Statement[];
  readonly boundary?: readonly Statement[];
}

export interface Decision {
  readonly allowed: boolean;
  /** The statements that allow it, of whichever policy. */
  readonly by: readonly Statement[];
  /** A statement that denies it whatever else allows it. */
  readonly denied?: Statement;
  /** Whether it depends on conditions that nothing is known about. */
  readonly depends: boolean;
}

/** Whether a statement is about a request, principals aside. */
export function applies(statement: Statement, request: Request): Held {
  const action = (pattern: string) => matches(pattern, request.action, true);
  const resource = (pattern: string) => matchesArn(pattern, request.resource);
  if (statement.actions.length > 0 ? !statement.actions.some(action) : statement.notActions.some(action)) return 'no';
  if (statement.resources.length > 0 && !statement.resources.some(resource)) return 'no';
  if (statement.notResources.length > 0 && statement.notResources.some(resource)) return 'no';
  return conditionsHold(statement.conditions, request.context ?? {}, request.complete);
}

/** How a statement of a resource or trust policy names a caller: himself, or the account he is in, which leaves it to his own policies. */
export function names(statement: Statement, caller: Pick<Caller, 'arn' | 'account'>): 'himself' | 'account' | 'no' {
  if (statement.notPrincipals !== undefined) return naming(statement.notPrincipals, caller) === 'no' ? 'account' : 'no';
  return statement.principals === undefined ? 'no' : naming(statement.principals, caller);
}

function naming(principals: Principals, { arn, account }: Pick<Caller, 'arn' | 'account'>): 'himself' | 'account' | 'no' {
  const who = Object.entries(principals).flatMap(([kind, names]) => names.map((name) => ({ kind, name })));
  if (who.some(({ kind, name }) => name === arn || (kind === 'AWS' && name === '*'))) return 'himself';
  const isAccount = ({ kind, name }: { kind: string; name: string }) => kind === 'AWS' && (name === account || name.endsWith(`:iam::${account}:root`));
  return who.some(isAccount) ? 'account' : 'no';
}

/**
 * Whether a caller may do it, by his own policies, his boundary and the policy of the resource, as
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html has it. Policies of organizations and of sessions are not looked at.
 *
 * @param resourcePolicy statements of the resource's own policy, or of a role's trust; undefined: it has none
 * @param must whether the resource's policy has to allow it in any case, as a role's trust and a key's policy have to
 */
export function decide(
  caller: Caller,
  { context, ...asked }: Request,
  resourcePolicy: { readonly account: string; readonly statements: readonly Statement[] } | undefined,
  must = false,
): Decision {
  const request = { ...asked, context: { 'aws:PrincipalArn': caller.arn, 'aws:PrincipalAccount': caller.account, ...context } };
  const theirs = (resourcePolicy?.statements ?? []).filter((statement) => names(statement, caller) !== 'no');
  const all = [...caller.statements, ...(caller.boundary ?? []), ...theirs];
  const denied = all.find((statement) => statement.effect === 'Deny' && applies(statement, request) === 'yes');
  const nobody = { allowed: false, by: [], depends: false };
  if (denied !== undefined) return { ...nobody, denied };

  const allowing = (statements: readonly Statement[]) => statements.filter(({ effect }) => effect === 'Allow').filter((one) => applies(one, request) !== 'no');
  const own = allowing(caller.statements);
  const within = caller.boundary === undefined ? [] : allowing(caller.boundary);
  const ownAllows = own.length > 0 && (caller.boundary === undefined || within.length > 0);
  const resourceAllows = allowing(theirs);
  const himself = resourceAllows.some((statement) => names(statement, caller) === 'himself');
  const sameAccount = resourcePolicy === undefined || resourcePolicy.account === caller.account;

  // What a resource gives a role by its ARN, the role's boundary still limits; a service has none.
  const byResource = himself && (caller.boundary === undefined || within.length > 0);
  const allowed = sameAccount ? (ownAllows && (!must || resourceAllows.length > 0)) || byResource : ownAllows && resourceAllows.length > 0;
  if (!allowed) return nobody;
  const by = [...own, ...within, ...resourceAllows];
  const sure = (statements: readonly Statement[]) => statements.length === 0 || statements.some((one) => applies(one, request) === 'yes');
  const doubted = all.some((statement) => statement.effect === 'Deny' && applies(statement, request) === 'unknown');
  return { allowed, by, depends: doubted || ![own, within, resourceAllows].every(sure) };
}
