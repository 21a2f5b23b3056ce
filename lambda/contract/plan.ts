/** The plan a path to live is deployed with, and what a front door and a slot say of themselves. */

import type { DeclaredMigration } from './migration';

/** Raised when a task's input or output changes shape; a release in flight keeps calling the versions it started with. */
export const CONTRACT_VERSION = 1;

/** One environment as it was synthesized. Stored in the hub as a parameter, and frozen into each release when it is submitted. */
export interface EnvironmentPlan {
  readonly contract: number;
  readonly path: string;
  readonly environment: string;
  /** Place in the path to live, from 0. */
  readonly order: number;
  readonly account: string;
  readonly region: string;
  /** Name of the machine of a team's own that takes releases along the path; the environment's machine then registers them, and asks at the firebreak. */
  readonly ownMachine?: string;
  /** ARNs of the environment's own roles; see design decision 4. */
  readonly roles: {
    readonly deploy: string;
    readonly operator: string;
    readonly observer: string;
    readonly execution: string;
    /** Only where the workload has a capacity to raise and lower: the environment's machine then raises it before every shift. */
    readonly capacity?: string;
    /** Only where the environment has shared state: the environment's machine then runs what releases bring for it. */
    readonly migrate?: string;
  };
  /** Name of the SSM parameter, in the environment's account, that holds its {@link FrontDoor} as JSON. */
  readonly frontDoorParameter: string;
  /** Name of the function, in the environment's account, that sends requests to a slot. */
  readonly probeFunction: string;
  /** In the order of preference for a first release. */
  readonly slots: readonly SlotPlan[];
  readonly tests: readonly TestPlan[];
  readonly firebreak?: FirebreakPlan;
  readonly goNoGo?: GoNoGoPlan;
  /** Rises, ends at 100. */
  readonly steps: readonly TrafficStep[];
  readonly gates: readonly GatePlan[];
  /** Who is asked whether to go on when gates are inconclusive; without it the release goes back. */
  readonly inconclusive?: GoNoGoPlan;
  /** How long a user stays with the version that answered first, while two share live traffic; without it every request is shared out by itself. */
  readonly stickySeconds?: number;
  /** How long a slot that serves nobody keeps its capacity; without it for ever. */
  readonly warmForSeconds?: number;
  /** What a new deployment does to the slot of what can be rolled back to, where no other is left; without it, it takes it. */
  readonly rollBackTarget?: RollBackTargetPlan;
  /** Only where outages may be planned: a release with a `breaking` migration is let in, and the environment's machine has the states for it. */
  readonly plannedOutage?: OutagePlan;
  /** What a release does that finds another one here; without it it stops. Only where it waits: the environment's machine then has the states for it. */
  readonly concurrency?: ConcurrencyPlan;
  /** How long a version that has gone live here is in early life support: until then no contract of it runs. Without it none waits. */
  readonly earlyLifeSupportSeconds?: number;
  /** Only where the environment is one of several waves: a failure in a later one takes the release back here. */
  readonly wave?: WavePlan;
}

/** The place of an environment among those that are one place to their users. */
export interface WavePlan {
  /** What they are together, for example `Production`. */
  readonly of: string;
  /** From 0. */
  readonly place: number;
  /** How many there are: at least 2. */
  readonly waves: number;
}

/** `queue`: first come, first served. `newestWins`: a release that was submitted later takes the place of one that has moved nothing. */
export interface ConcurrencyPlan {
  readonly kind: 'queue' | 'newestWins';
  /** How long a release waits for its turn; then it stops. */
  readonly longestSeconds: number;
}

export interface SlotPlan {
  /** Lower case, for example `blue`. */
  readonly colour: string;
  readonly stackName: string;
}

/** Sent to the slot by the probe function (`http`), or answered by a function of the team's (`lambda`). */
export type TestPlan =
  | { readonly kind: 'http'; readonly name: string; readonly path: string; readonly expectStatus: number; readonly timeoutSeconds: number }
  | { readonly kind: 'lambda'; readonly name: string; readonly functionArn: string; readonly timeoutSeconds: number };

export interface PartyPlan {
  readonly name: string;
  /** ARNs of IAM roles or users. */
  readonly members: readonly string[];
}

/**
 * Changes a release of any path may declare, whether a firebreak is for them or not. `plannedOutage` switches every firebreak on: a release that brings a
 * `breaking` migration declares it, said or not.
 */
export const CHANGES = { altersSchema: 'altersSchema', needsManualTest: 'needsManualTest', plannedOutage: 'plannedOutage' } as const;

export interface FirebreakPlan {
  readonly parties: readonly PartyPlan[];
  /** Names of declared changes, for example `altersSchema`, any of which makes the firebreak apply; empty: it always applies. */
  readonly when: readonly string[];
  readonly resumes: 'byReleaseManager' | 'automatically';
  /** ARNs that may resume; empty: whoever IAM lets call the route. */
  readonly releaseManagers: readonly string[];
  readonly timeoutSeconds: number;
}

export interface GoNoGoPlan {
  readonly party: PartyPlan;
  readonly timeoutSeconds: number;
}

/** `refuse`: for so long from when the live version went live. `ask`: a party, each time. */
export type RollBackTargetPlan = { readonly kind: 'refuse'; readonly keepSeconds: number } | ({ readonly kind: 'ask' } & GoNoGoPlan);

/** What an outage of users may be that a release needs. */
export interface OutagePlan {
  /** From its beginning until the new version has the users; when that time is up, the way back begins. */
  readonly longestSeconds: number;
  /** What users are answered meanwhile, as plain text behind the status 503. */
  readonly says: string;
}

export interface TrafficStep {
  /** Whole number, 1-100: the share of live traffic the new version has after this step. */
  readonly percent: number;
  readonly bakeSeconds: number;
  /** Read after its bake, beside those of the environment. */
  readonly gates?: readonly GatePlan[];
  /** Run beside its bake, against the slot that takes traffic; one that does not pass ends it. None may take longer than the bake. */
  readonly tests?: readonly TestPlan[];
  /** Who is asked, after all that, before the release goes on; its alarms stay watched. */
  readonly pause?: GoNoGoPlan;
}

/**
 * `alarms` reads the alarms in the slot's stack (output `Alarms`). `http` asks the slot through the probe function. `metric` queries CloudWatch. `lambda`
 * asks a function of the team's.
 */
export type GatePlan =
  | { readonly kind: 'alarms'; readonly minimumRequests: number }
  | { readonly kind: 'http'; readonly path: string; readonly expectStatus: number; readonly timeoutSeconds: number }
  | MetricGatePlan
  | { readonly kind: 'lambda'; readonly name: string; readonly functionArn: string; readonly timeoutSeconds: number };

/** What is measured of a slot while it bakes, and within which limits each period must be: at least one of `atMost` and `atLeast` is there. */
export interface MetricGatePlan {
  readonly kind: 'metric';
  readonly name: string;
  /** The first one is held against the limits; the others are what it is computed from. */
  readonly queries: readonly MetricQueryPlan[];
  readonly periodSeconds: number;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Whole periods of the bake that must have a value; with fewer the verdict is `inconclusive`. From 1. */
  readonly minimumDatapoints: number;
}

/** A metric, or an expression over others by their ids. Values of dimensions may be {@link SLOT_VALUES}. */
export type MetricQueryPlan =
  | {
      readonly id: string;
      readonly namespace: string;
      readonly metricName: string;
      readonly dimensions: Readonly<Record<string, string>>;
      readonly statistic: string;
      readonly unit?: string;
    }
  | { readonly id: string; readonly expression: string };

/** What stands for a slot in the dimensions of a metric until it is known which slot is meant. */
export const SLOT_VALUES = {
  colour: '{slot.colour}',
  version: '{slot.version}',
  /** As CloudWatch names it: `targetgroup/…`. */
  targetGroup: '{slot.targetGroup}',
  /** As CloudWatch names it: `app/…`. */
  loadBalancer: '{slot.loadBalancer}',
} as const;
export type SlotValue = keyof typeof SLOT_VALUES;

/** A dimension's value with what stands for a slot replaced. */
export function ofSlot(value: string, slot: Readonly<Record<SlotValue, string>>): string {
  return Object.entries(SLOT_VALUES).reduce((text, [name, standIn]) => text.replaceAll(standIn, slot[name as SlotValue]), value);
}

/** What an environment's front door publishes for the hub, as JSON in one SSM parameter. */
export interface FrontDoor {
  readonly loadBalancerArn: string;
  readonly listenerArn: string;
  readonly liveRuleArn: string;
  /** What the live rule did before any release: `503`, or the ARN of the target group that served. */
  readonly original: string;
  /** Rules of the same load balancer that are moved with the live rule as one, in the order they are written in; absent where it is alone. */
  readonly furtherRules?: readonly FurtherRule[];
  /** For example `http://name.eu-west-2.elb.amazonaws.com`. */
  readonly url: string;
  /** How a tester reaches each colour; values of headers are the names of secrets, never the secrets. */
  readonly hiddenUrls: Readonly<Record<string, HiddenUrl>>;
  /** How the environment's own tests reach each colour: by a rule of their own, with a key only the probe and test functions may read. */
  readonly testUrls: Readonly<Record<string, HiddenUrl>>;
}

/** A live rule beside the first one of its environment. */
export interface FurtherRule {
  /** As the team calls it, for example `Internal`; never {@link MAIN_RULE}. */
  readonly name: string;
  readonly ruleArn: string;
  /** What it did before any release: `503`, or the ARN of the target group that served by it. */
  readonly original: string;
}

export interface HiddenUrl {
  readonly url: string;
  /** Header name -> literal value. */
  readonly headers: Readonly<Record<string, string>>;
  /** Header name -> name of the secret whose value it needs. */
  readonly secretHeaders: Readonly<Record<string, string>>;
  /** In words: who gets in, for example `whoever sends the key` or `callers from 203.0.113.0/24`. */
  readonly access: string;
}

/**
 * Names of CloudFormation outputs every slot stack has; `capacity` only where there is a {@link CapacityTarget}, as JSON; `migration`, followed by a
 * number from 0, once for each migration the release brings: a {@link SlotMigration} as JSON.
 */
export const SLOT_OUTPUTS = {
  targetGroupArn: 'TargetGroupArn',
  alarms: 'Alarms',
  releaseVersion: 'Version',
  capacity: 'Capacity',
  migration: 'Migration',
} as const;

/** What of a slot runs in a number that can be read and set, and how many it has at least when it is to serve: a whole number from 1. */
export type CapacityTarget =
  | { readonly kind: 'ecsService'; readonly cluster: string; readonly service: string; readonly least: number }
  | { readonly kind: 'autoScalingGroup'; readonly group: string; readonly least: number };
/** Name of the parameter of every slot stack; its only allowed value is the version it was synthesized for. */
export const RELEASE_VERSION_PARAMETER = 'ReleaseVersion';
/** What a version may look like: it becomes part of execution names, URLs and template parameters. */
export const VERSION_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
/** The version of an app that is synthesized without one; no release may have it. */
export const UNRELEASED = 'unreleased';
/** Key of the metadata in each slot stack's template, by which a release assembly is read. */
export const SLOT_METADATA = 'path-to-live:slot';
/** Key of the metadata in the hub stack's template. */
export const HUB_METADATA = 'path-to-live:hub';
export interface SlotMetadata {
  readonly contract: number;
  readonly path: string;
  readonly environment: string;
  readonly colour: string;
  readonly version: string;
  /** In the order they run in; absent when the release brings none. */
  readonly migrations?: readonly DeclaredMigration[];
}
export interface HubMetadata {
  readonly contract: number;
  readonly path: string;
  readonly account: string;
  readonly region: string;
  /** SSM parameter, in the hub, that holds the API's URL. */
  readonly apiParameter: string;
}
