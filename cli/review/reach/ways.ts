import { decide, type Request, type ResourcePolicy, resourcePolicies, resourcesOf } from '../../../permissions';
import { functionsOf } from '../read/functions';
import type { ReviewedPath } from '../read/reviewed-path';
import type { Actor } from './actors';
import { apiRoutes } from './routes';

/**
 * How one actor gets at what another may do. `as`: it has the other's rights in its own hands, by taking on the role, by having a service act as it,
 * or by rewriting what runs as it. `asks`: it can only have the other run, which does what its code does.
 */
export interface Way {
  readonly to: Actor;
  readonly by: 'as' | 'asks';
  /** For example `assumes Payments-Production-operator`. */
  readonly words: string;
}

/** Finds the ways between actors. */
export class Ways {
  private readonly functions: ReturnType<typeof functionsOf>;
  private readonly routes: ReturnType<typeof apiRoutes>;
  private readonly machines: readonly { readonly arn: string; readonly roleArn: string; readonly name: string }[];
  private readonly policies: ReadonlyMap<string, ResourcePolicy>;
  private readonly byRole: ReadonlyMap<string, Actor>;
  private readonly found = new Map<Actor, Way[]>();

  constructor(reviewed: ReviewedPath, actors: readonly Actor[]) {
    const { stacks, values } = reviewed;
    this.functions = functionsOf(reviewed);
    this.routes = apiRoutes(reviewed);
    this.machines = resourcesOf(stacks, 'AWS::StepFunctions::StateMachine').map(({ stack, logicalId }) => {
      const { RoleArn, StateMachineName = logicalId } = values.properties(stack, logicalId);
      return { arn: values.arn(stack, logicalId), roleArn: String(RoleArn), name: String(StateMachineName) };
    });
    this.policies = new Map(resourcePolicies(stacks, values).map((policy) => [policy.resource, policy]));
    this.byRole = new Map(actors.flatMap((actor) => (actor.role === undefined ? [] : [[actor.role.arn, actor]])));
  }

  /** Every way from an actor to another. */
  from(actor: Actor): Way[] {
    const found = this.found.get(actor) ?? [...this.roles(actor), ...this.code(actor), ...this.calls(actor), ...this.starts(actor), ...this.requests(actor)];
    this.found.set(actor, found);
    return found;
  }

  private roles(actor: Actor): Way[] {
    return [...this.byRole.values()].flatMap((to): Way[] => {
      if (to === actor || to.role === undefined) return [];
      const { arn, account, trust, name } = to.role;
      const assumes = decide(actor.caller, { action: 'sts:AssumeRole', resource: arn }, { account, statements: trust }, true).allowed;
      const services = trust.flatMap(({ principals }) => principals?.Service ?? []);
      const passed = services.find((service) => this.may(actor, { action: 'iam:PassRole', resource: arn, context: { 'iam:PassedToService': service } }));
      const changes = ['iam:UpdateAssumeRolePolicy', 'iam:PutRolePolicy', 'iam:AttachRolePolicy'].find((action) => this.may(actor, { action, resource: arn }));
      return [
        ...(assumes ? [{ to, by: 'as' as const, words: `assumes ${to.name}` }] : []),
        ...(passed !== undefined ? [{ to, by: 'as' as const, words: `has ${passed} act as ${to.name}` }] : []),
        ...(changes !== undefined ? [{ to, by: 'as' as const, words: `may change the role ${to.name ?? name}` }] : []),
      ];
    });
  }

  private code(actor: Actor): Way[] {
    return this.functions.flatMap(({ arn, roleArn, name, stack }) =>
      this.may(actor, { action: 'lambda:UpdateFunctionCode', resource: arn })
        ? this.to(roleArn, 'as', `may replace the code of ${stack.stackName}/${name}`)
        : [],
    );
  }

  private calls(actor: Actor): Way[] {
    return this.functions.flatMap(({ arn, roleArn, name }) => {
      const called = [arn, `${arn}:1`].some((resource) => this.may(actor, { action: 'lambda:InvokeFunction', resource }));
      return called ? this.to(roleArn, 'asks', `calls function ${shorter(name)}`) : [];
    });
  }

  private starts(actor: Actor): Way[] {
    return this.machines.flatMap(({ arn, roleArn, name }) =>
      this.may(actor, { action: 'states:StartExecution', resource: arn }) ? this.to(roleArn, 'asks', `starts state machine ${name}`) : [],
    );
  }

  private requests(actor: Actor): Way[] {
    const allowed = this.routes.filter(({ arn }) => this.may(actor, { action: 'execute-api:Invoke', resource: arn }));
    return allowed.flatMap(({ functionArn, method, path }) => {
      const answering = this.functions.find(({ arn }) => arn === functionArn);
      return answering === undefined ? [] : this.to(answering.roleArn, 'asks', `calls ${method} ${path}, answered by function ${shorter(answering.name)}`);
    });
  }

  private may(actor: Actor, request: Request): boolean {
    return decide(actor.caller, request, this.policies.get(request.resource)).allowed;
  }

  private to(roleArn: string, by: Way['by'], words: string): Way[] {
    const to = this.byRole.get(roleArn);
    return to === undefined ? [] : [{ to, by, words }];
  }
}

function shorter(name: string): string {
  return name.replace(/^Functions\//, '');
}
