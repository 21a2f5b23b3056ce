import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ENVIRONMENT_POLICIES, type EnvironmentPolicy, hubPolicyName } from '../../lambda/contract';
import { SignedApi } from '../hub/signed-api';
import type { HandlerFunction } from '../private/handler-function';

export interface EnvironmentApiProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly calls: HandlerFunction;
}

/** The HTTP API of a hub whose releases come by a machine of a team's own: the hub's own routes, without the one that submits. */
export class EnvironmentApi extends SignedApi {
  readonly read: iam.ManagedPolicy;
  readonly decide: iam.ManagedPolicy;
  readonly manage: iam.ManagedPolicy;
  readonly retire: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, { path, calls }: EnvironmentApiProps) {
    const routes = Object.values(ENVIRONMENT_POLICIES).flatMap((policy) => policy.routes);
    super(scope, id, { path, description: `Environments on the path to live of ${path}`, calls, routes });
    const policy = (policyId: string, name: EnvironmentPolicy) => {
      const { means, routes } = ENVIRONMENT_POLICIES[name];
      return this.policy(policyId, { managedPolicyName: hubPolicyName(path, name), means, routes: [...ENVIRONMENT_POLICIES.read.routes, ...routes] });
    };
    this.read = policy('Read', 'read');
    this.decide = policy('Decide', 'decide');
    this.manage = policy('Manage', 'manage');
    this.retire = policy('Retire', 'retire');
  }
}
