import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { HandlerFunction } from '../private/handler-function';
import { type AskedFunctions, type HubFunctionsProps, HubRights } from './hub-functions-rights';
import type { HubFunctionEntry, HubRole } from './hub-functions-table';

/** Roles with a fixed name; a function without one of them has a role of its own. */
export type HubRoles = Readonly<Partial<Record<HubRole, iam.Role>>>;

/** Makes functions of a hub, each with the rights its row says and no others. */
export class HubFunctionMaker {
  private readonly rights: HubRights;

  constructor(
    private readonly scope: Construct,
    props: HubFunctionsProps,
    private readonly roles: HubRoles,
    asked: AskedFunctions,
  ) {
    this.rights = new HubRights(scope, props, asked);
  }

  /** @param handler the name of its bundle */
  make(id: string, handler: string, entry: HubFunctionEntry, functionName?: string): HandlerFunction {
    const { description, role, seconds } = entry;
    const made = new HandlerFunction(this.scope, id, {
      handler,
      description,
      functionName,
      timeout: Duration.seconds(seconds),
      environment: this.rights.variables(entry),
      role: this.roles[role],
    });
    this.rights.grant(made.role, entry);
    return made;
  }
}

/** A role of functions that roles elsewhere trust by its name. */
export function hubRole(scope: Construct, id: string, roleName: string): iam.Role {
  return new iam.Role(scope, id, { roleName, assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
}
