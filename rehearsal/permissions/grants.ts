import { type Context, matches, matchesArn, type Statement } from '../../permissions';
import type { Assembly } from './assembly/assembly';
import type { AttemptRequest } from './calls/attempt';

/** One thing a statement gives: an action, a resource it is given on, or a role it is given to. */
export interface Grant {
  /** Where the policy is, for people: its construct path where the assembly tells it. */
  readonly policy: string;
  /** Its `Sid`, else its place, from 0. */
  readonly statement: string;
  readonly effect: Statement['effect'];
  readonly kind: 'action' | 'resource' | 'principal';
  /** As it is written. */
  readonly value: string;
}

const PRINCIPAL_KEY = 'aws:PrincipalArn';

/** What the statements of an assembly give, and what of it was used. */
export class Grants {
  /** In the order of the templates. */
  readonly all: readonly Grant[];
  private readonly used = new Set<string>();
  private readonly names = new Map<string, string>();

  /** @param leftOut stacks whose policies are somebody else's */
  constructor(assembly: Assembly, leftOut: readonly string[] = []) {
    for (const { stack, logicalId } of assembly.resources()) {
      const path = stack.template.Resources?.[logicalId]?.Metadata?.['aws:cdk:path'];
      this.names.set(`${stack.stackName}/${logicalId}`, typeof path === 'string' ? path.replace(/\/Resource$/, '') : `${stack.stackName}/${logicalId}`);
    }
    const statements = [
      ...[...assembly.roles.values()].flatMap((role) => [...role.trust, ...role.statements]),
      ...[...assembly.managedPolicies.values()].flatMap((policy) => policy.statements),
      ...assembly.resourcePolicies.flatMap((policy) => policy.statements),
    ].filter(({ from, policy }) => !policy?.startsWith('arn:aws:iam::aws:') && !leftOut.includes(from.stackName));
    const unique = new Map(statements.map((statement) => [keyOfStatement(statement), statement]));
    this.all = [...unique.values()].flatMap((statement) => this.grantsOf(statement));
  }

  /** Notes what a request used of a statement. */
  use(statement: Statement, { action, resource, context }: AttemptRequest): void {
    const matching = [
      firstOf(statement.actions, (pattern) => matches(pattern, action, true)),
      firstOf(statement.resources, (pattern) => matchesArn(pattern, resource)),
      principalsOf(statement).find((arn) => arn === single(context, PRINCIPAL_KEY)),
    ];
    (['action', 'resource', 'principal'] as const).forEach((kind, index) => {
      const value = matching[index];
      if (value !== undefined) this.used.add(keyOf(this.grant(statement, kind, value)));
    });
  }

  isUsed(grant: Grant): boolean {
    return this.used.has(keyOf(grant));
  }

  /** A statement by its policy and its name there. */
  nameOf({ from, policy, sid, index }: Statement): { readonly policy: string; readonly statement: string } {
    const where = this.names.get(`${from.stackName}/${from.logicalId}`) ?? `${from.stackName}/${from.logicalId}`;
    return { policy: policy === undefined ? where : `${where}/${policy}`, statement: sid ?? String(index) };
  }

  private grantsOf(statement: Statement): Grant[] {
    return [
      ...statement.actions.map((action) => this.grant(statement, 'action', action)),
      ...statement.resources.map((resource) => this.grant(statement, 'resource', resource)),
      ...principalsOf(statement).map((principal) => this.grant(statement, 'principal', principal)),
    ];
  }

  private grant(statement: Statement, kind: Grant['kind'], value: string): Grant {
    return { ...this.nameOf(statement), effect: statement.effect, kind, value };
  }
}

/** Roles that a trust policy names one by one. */
function principalsOf({ conditions }: Statement): readonly string[] {
  return conditions.ArnEquals?.[PRINCIPAL_KEY] ?? [];
}

function firstOf(patterns: readonly string[], isIt: (pattern: string) => boolean): string | undefined {
  return patterns.find(isIt);
}

function single(context: Context, key: string): string | undefined {
  const value = context[key];
  return typeof value === 'string' ? value : value?.[0];
}

function keyOf({ policy, statement, effect, kind, value }: Grant): string {
  return JSON.stringify([policy, statement, effect, kind, value]);
}

function keyOfStatement({ from, policy, index }: Statement): string {
  return JSON.stringify([from, policy, index]);
}
