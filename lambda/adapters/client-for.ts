import type { EnvironmentPlan } from '../contract';

/** A client that acts in an environment's account and region, with the one of its roles that the adapter needs. */
export type ClientFor<Client> = (plan: EnvironmentPlan) => Client;
