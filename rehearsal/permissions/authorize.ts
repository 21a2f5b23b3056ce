import { type Caller, decide, type Statement, statementsOf } from '../../permissions';
import type { Assembly } from './assembly/assembly';
import type { PersonRole } from './assembly/deployed';
import { type AttemptRequest, accountOf } from './calls/attempt';

/** What the policies say to a request. */
export interface Verdict {
  readonly allowed: boolean;
  /** In words, where it is not allowed. */
  readonly why: string;
  /** The statements it rests on: the one that denies it, or those without which it would not be allowed. */
  readonly by: readonly Statement[];
}

/** Allowed whatever policies say, https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html. */
const ALWAYS_ALLOWED = new Set(['sts:GetCallerIdentity']);

/** Decides requests by the policies of an assembly, and of people whose roles no template makes. */
export class Authority {
  private readonly people: ReadonlyMap<string, Caller>;

  constructor(
    private readonly assembly: Assembly,
    people: readonly PersonRole[] = [],
  ) {
    this.people = new Map(people.map((person) => [person.arn, this.caller(person)]));
  }

  verdict(request: AttemptRequest): Verdict {
    const { action, resource, resourceAccount, context } = request;
    if (ALWAYS_ALLOWED.has(action)) return { allowed: true, why: '', by: [] };
    const caller = request.caller.kind === 'role' ? this.role(request.caller.arn) : { arn: request.caller.arn, account: resourceAccount, statements: [] };
    if (caller === undefined) return refused(`nothing says what ${request.caller.arn} may do`);
    const trust = action.startsWith('sts:AssumeRole') ? this.assembly.roles.get(resource)?.trust : undefined;
    const theirs = trust ?? this.policyOf(resource);
    const must = trust !== undefined || action.startsWith('kms:');
    const { allowed, by, denied, depends } = decide(
      caller,
      { action, resource, context, complete: true },
      { account: resourceAccount, statements: theirs },
      must,
    );
    if (denied !== undefined) return { allowed: false, why: 'a Deny refuses it', by: [denied] };
    if (depends) return refused('it depends on a condition that is not understood');
    if (!allowed) return refused(by.length === 0 ? whyNot(caller, resourceAccount) : 'not every side allows it');
    return { allowed, why: '', by: restsOn(by, caller, theirs, must || caller.account !== resourceAccount) };
  }

  private role(arn: string): Caller | undefined {
    return this.assembly.roles.get(arn) ?? this.people.get(arn);
  }

  /** What is in a bucket is under the bucket's policy; permissions of a function are a policy each. */
  private policyOf(resource: string): Statement[] {
    const owner = resource.startsWith('arn:aws:s3:::') ? resource.split('/')[0] : resource;
    return this.assembly.resourcePolicies.filter((policy) => policy.resource === owner).flatMap(({ statements }) => statements);
  }

  private caller({ arn, managedPolicyArns, inline }: PersonRole): Caller {
    const from = { stackName: 'people', logicalId: arn.split('/').at(-1) ?? arn };
    const attached = managedPolicyArns.flatMap((policy) => this.assembly.managedPolicies.get(policy)?.statements ?? []);
    return { arn, account: accountOf(arn) ?? '', statements: [...attached, ...statementsOf(inline, from)] };
  }
}

function refused(why: string): Verdict {
  return { allowed: false, why, by: [] };
}

function whyNot({ account }: Caller, owner: string): string {
  return account === owner ? 'no policy allows it' : `no policy allows it on both sides, ${account} and ${owner}`;
}

/** Of each side the first statement is enough: what comes after it is one too many, unless something else needs it. */
function restsOn(by: readonly Statement[], caller: Caller, theirs: readonly Statement[], both: boolean): Statement[] {
  const first = (statements: readonly Statement[] = []) => by.filter((statement) => statements.includes(statement)).slice(0, 1);
  const own = first(caller.statements);
  return [...own, ...first(caller.boundary), ...(both || own.length === 0 ? first(theirs) : [])];
}
