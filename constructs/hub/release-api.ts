import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { HUB_POLICIES, type HubPolicy, hubPolicyName } from '../../lambda/contract';
import type { HandlerFunction } from '../private/handler-function';
import { SignedApi } from './signed-api';

export interface ReleaseApiProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly calls: HandlerFunction;
}

/** The hub's HTTP API: how pipelines submit releases, and people decide about them. Nobody may call it who was not given one of its five policies. */
export class ReleaseApi extends SignedApi {
  /** Looking, which the others include. */
  readonly read: iam.ManagedPolicy;
  /** Submitting releases: for pipelines. */
  readonly submit: iam.ManagedPolicy;
  /** Accepting and refusing: for the members of parties. */
  readonly decide: iam.ManagedPolicy;
  /** Resuming, aborting and rolling back: for release managers. */
  readonly manage: iam.ManagedPolicy;
  /** Taking the whole path out again. */
  readonly retire: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, { path, calls }: ReleaseApiProps) {
    const routes = Object.values(HUB_POLICIES).flatMap((policy) => policy.routes);
    super(scope, id, { path, description: `Releases on the path to live of ${path}`, calls, routes });
    const policy = (policyId: string, name: HubPolicy) => {
      const { means, routes } = HUB_POLICIES[name];
      return this.policy(policyId, { managedPolicyName: hubPolicyName(path, name), means, routes: [...HUB_POLICIES.read.routes, ...routes] });
    };
    this.read = policy('Read', 'read');
    this.submit = policy('Submit', 'submit');
    this.decide = policy('Decide', 'decide');
    this.manage = policy('Manage', 'manage');
    this.retire = policy('Retire', 'retire');
  }
}
