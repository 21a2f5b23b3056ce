import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DECISION_POLICIES, type DecisionPolicy, hubPolicyName } from '../../lambda/contract';
import { SignedApi } from '../hub/signed-api';
import type { HandlerFunction } from '../private/handler-function';

export interface DecisionApiProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly calls: HandlerFunction;
}

/** The HTTP API of a hub that only decides: the hub's own routes, without those that submit or move traffic. */
export class DecisionApi extends SignedApi {
  readonly read: iam.ManagedPolicy;
  readonly decide: iam.ManagedPolicy;
  readonly manage: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, { path, calls }: DecisionApiProps) {
    const routes = Object.values(DECISION_POLICIES).flatMap((policy) => policy.routes);
    super(scope, id, { path, description: `Decisions about releases on the path to live of ${path}`, calls, routes });
    const policy = (policyId: string, name: DecisionPolicy) => {
      const { means, routes } = DECISION_POLICIES[name];
      return this.policy(policyId, { managedPolicyName: hubPolicyName(path, name), means, routes: [...DECISION_POLICIES.read.routes, ...routes] });
    };
    this.read = policy('Read', 'read');
    this.decide = policy('Decide', 'decide');
    this.manage = policy('Manage', 'manage');
  }
}
