import { STSClient } from '@aws-sdk/client-sts';
import { AssumedRoles, type RoleCredentials } from '../adapters/assumed-roles';
import { SystemClock } from '../adapters/system-clock';
import type { EnvironmentPlan } from '../contract';

/** How long a client waits: without it the SDK waits for ever. */
export interface Patience {
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number; readonly throwOnRequestTimeout: true };
}

/** What differs from client to client in one environment. */
interface ClientOptions extends Partial<Patience> {
  /** @default the environment's region */
  readonly region?: string;
  /** @default the SDK's own, 3 */
  readonly maxAttempts?: number;
}

interface ClientConfig extends ClientOptions {
  readonly credentials: RoleCredentials;
}

/** @param seconds for one answer; services we ask for state answer within one */
export function patience(seconds = 10): Patience {
  return { requestHandler: { connectionTimeout: 3_000, requestTimeout: seconds * 1_000, throwOnRequestTimeout: true } };
}

/** What an environment must have for a role that not every one has. */
const WHAT_FOR = {
  deploy: 'its roles',
  operator: 'its roles',
  observer: 'its roles',
  capacity: 'a workload that has a capacity',
  migrate: 'shared state',
} as const;

let roles: AssumedRoles | undefined;

/**
 * Clients that act in an environment's account and region as one of its roles. Each is made once per container, role, region and
 * options, so that connections and credentials are kept.
 */
export function inEnvironment<Client>(
  role: 'deploy' | 'operator' | 'observer' | 'capacity' | 'migrate',
  ClientClass: new (config: ClientConfig) => Client,
): (plan: EnvironmentPlan, options?: ClientOptions) => Client {
  const clients = new Map<string, Client>();
  return (plan, options = {}) => {
    const roleArn = plan.roles[role];
    if (!roleArn) throw new Error(`${plan.environment} has no ${role} role; deploy the platform again with ${WHAT_FOR[role]}`);
    const key = JSON.stringify([roleArn, plan.region, options]);
    const known = clients.get(key);
    if (known) return known;
    roles ??= new AssumedRoles(new STSClient(patience()), new SystemClock());
    const credentials = roles.credentials(roleArn, `path-to-live-${plan.environment}`);
    const client = new ClientClass({ region: plan.region, ...patience(), ...options, credentials });
    clients.set(key, client);
    return client;
  };
}
