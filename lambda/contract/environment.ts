/** The functions of an environment's account: headers, keys, tags, and what they are asked. */
import type { HiddenUrl } from './plan';
import type { Verdict } from './tasks';

/** Asked of the probe function, in the environment's account. */
export interface ProbeRequest {
  readonly colour: string;
  readonly path: string;
  readonly timeoutSeconds: number;
}
export interface ProbeAnswer {
  /** 0 when no answer came. */
  readonly status: number;
  readonly milliseconds: number;
  /** First 2,000 characters. */
  readonly body: string;
  readonly error?: string;
}

/** Asked of a team's own test function; it answers with a {@link TestAnswer}. */
export interface TestRequest {
  readonly release: string;
  readonly environment: string;
  readonly colour: string;
  /** How the function reaches the slot; it reads the secret that `secretHeaders` names by itself. */
  readonly slot: HiddenUrl;
}
/** Asked of a team's own health gate function once a slot has baked; it answers with a {@link TestAnswer}. */
export interface HealthRequest extends TestRequest {
  /** Whole number, 1-100: the share of live traffic that it baked at. */
  readonly percent: number;
  /** Colour -> percent of live traffic, as the ledger has it. */
  readonly weights: Readonly<Record<string, number>>;
  /** When the bake began, ISO 8601, UTC. */
  readonly since: string;
}
export interface TestAnswer {
  readonly verdict: Verdict;
  readonly expected?: string;
  readonly actual?: string;
  readonly logs?: string;
}

/** Request headers the listener rules of a slot look at. */
export const HEADERS = {
  /** Which slot is asked for: a colour. */
  slot: 'x-path-to-live-slot',
  /** Key of a hidden URL. */
  key: 'x-path-to-live-key',
  /** Key of the environment's own tests. */
  test: 'x-path-to-live-test',
} as const;

/** Environment variables of the probe function. */
export const PROBE_ENV = {
  /** Where the listener answers, for example `http://name.eu-west-2.elb.amazonaws.com`; the slot is chosen by headers. */
  url: 'LOAD_BALANCER_URL',
  /** Name of the secret whose value the test rule of every slot asks for. */
  testSecret: 'TEST_SECRET',
} as const;

/** Properties of the custom resource that owns an environment's live rule. CloudFormation hands every value over as a string. */
export interface TrafficSwitchProperties {
  readonly ListenerArn: string;
  /** Whole number, 1-50000. */
  readonly Priority: string;
  readonly Path: string;
  readonly Environment: string;
  /** Path patterns the rule takes, at most five together with `Hosts`; without it `/*`, every path. */
  readonly PathPatterns?: readonly string[];
  /** Host names the rule takes; without it every host. For a listener that serves other applications too. */
  readonly Hosts?: readonly string[];
  /** ARN of the target group that serves users already; without it the new rule answers 503. Read at creation only. */
  readonly CurrentlyServing?: string;
  /** Only of a further rule: its name. */
  readonly Rule?: string;
  /** Only of a further rule: ARN of the environment's first one, whose doing it shares where nothing serves by it yet. Read at creation only. */
  readonly Joins?: string;
  /** Means nothing by itself: a deployment with another one asks the owner, which makes a rule anew that somebody removed. */
  readonly Anew?: string;
}

/** Tags of the live rule, for the hub and for whoever must roll back without it. */
export const LIVE_RULE_TAGS = {
  path: 'path-to-live:path',
  environment: 'path-to-live:environment',
  /** `503`, or the ARN of the target group that served before any release. */
  original: 'path-to-live:original',
  /** How long clients stick to one of several target groups, because what served before was sticky; absent where it was not. */
  stickySeconds: 'path-to-live:sticky-seconds',
  /** Name of a further rule of its environment; the first one has none. */
  rule: 'path-to-live:rule',
  /** Of a further rule by which nothing was served before it was made: ARN of the rule whose doing it took over. */
  joined: 'path-to-live:joined',
  /** Stack id and logical id of the custom resource that made the rule. */
  owner: 'path-to-live:owner',
  acceptedColour: 'path-to-live:accepted-colour',
  acceptedVersion: 'path-to-live:accepted-version',
  acceptedTarget: 'path-to-live:accepted-target',
} as const;
/** How the first live rule of an environment is called beside its further ones. */
export const MAIN_RULE = 'Main';
/** Value of the tag `original` of a rule that answered 503 before any release. */
export const ORIGINAL_503 = '503';
/** The name under which the ledger keeps what served before any release, as if it were a colour; no slot of an environment has it. */
export const ORIGINAL = 'original';
/** What the live rule answers as long as it serves no release. */
export const NO_RELEASE_TEXT = 'no release is live yet';
