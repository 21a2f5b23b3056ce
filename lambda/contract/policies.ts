/** The managed policies that a team attaches to its people's and pipelines' roles. */

/** Those of the hub: what each is for, and the routes of the API it allows. The others include `read`. */
export const HUB_POLICIES = {
  read: {
    means: 'look at releases, environments and tickets',
    routes: ['GET /releases', 'GET /releases/{version}', 'GET /status', 'GET /tickets', 'GET /retirement', 'GET /doctor', 'GET /doctor/{environment}'],
  },
  submit: { means: 'submit releases', routes: ['POST /releases'] },
  decide: { means: 'accept and refuse releases', routes: ['POST /releases/{version}/decisions'] },
  manage: {
    means: 'resume, abort and roll back releases, freeze environments, and contract the shared state',
    routes: [
      'POST /releases/{version}/resume',
      'POST /releases/{version}/abort',
      'POST /environments/{environment}/roll-back',
      'POST /environments/{environment}/recover',
      'POST /environments/{environment}/contract',
      'POST /environments/{environment}/freeze',
      'POST /environments/{environment}/unfreeze',
    ],
  },
  retire: { means: 'take the whole path out again', routes: ['POST /retirement'] },
} as const;
export type HubPolicy = keyof typeof HUB_POLICIES;

/** Those of a hub whose releases come by a machine of a team's own, which nobody submits to. */
export const ENVIRONMENT_POLICIES = { read: HUB_POLICIES.read, decide: HUB_POLICIES.decide, manage: HUB_POLICIES.manage, retire: HUB_POLICIES.retire } as const;
export type EnvironmentPolicy = keyof typeof ENVIRONMENT_POLICIES;

/** Those of a hub that only decides. */
export const DECISION_POLICIES = {
  read: { means: 'look at releases and tickets', routes: ['GET /releases', 'GET /releases/{version}', 'GET /tickets'] },
  decide: HUB_POLICIES.decide,
  manage: { means: 'resume and abort releases', routes: ['POST /releases/{version}/resume', 'POST /releases/{version}/abort'] },
} as const;
export type DecisionPolicy = keyof typeof DECISION_POLICIES;

/** Name of one of them, in the hub's account, for example `Payments-decide`. */
export function hubPolicyName(path: string, policy: HubPolicy): string {
  return `${path}-${policy}`;
}

/** Name of the policy, in an environment's account, that reads the keys of its hidden URLs, for example `Payments-Production-try`. */
export function tryPolicyName(path: string, environment: string): string {
  return `${path}-${environment}-try`;
}
