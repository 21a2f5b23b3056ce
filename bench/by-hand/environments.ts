/** Where everything is, spelled out as a team would that writes it for itself. */
export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-2';
export const BAKE_SECONDS = 600;

/** One test of an environment; without a path it is the team's own function. */
export interface Test {
  readonly name: string;
  readonly path?: string;
  readonly seconds: number;
}

const HEALTH: Test = { name: 'GET /health', path: '/health', seconds: 10 };
const PERFORMANCE: Test = { name: 'Performance', seconds: 300 };

/** One environment of the example app. */
export interface Place {
  readonly name: string;
  readonly tests: readonly Test[];
  /** Percentages of live traffic, rising to 100. */
  readonly steps: readonly number[];
  /** Days people have to accept a release in front of it; without it nobody is asked. */
  readonly firebreakDays?: number;
  /** Days for the go/no-go; without it nobody is asked. */
  readonly goNoGoDays?: number;
  /** Whether its slots are watched for slow answers, too. */
  readonly watchesLatency?: boolean;
}

export const PLACES: readonly Place[] = [
  { name: 'Integration', tests: [HEALTH], steps: [100] },
  { name: 'Preproduction', tests: [HEALTH, PERFORMANCE], steps: [100] },
  { name: 'Production', tests: [HEALTH], steps: [10, 50, 100], firebreakDays: 14, goNoGoDays: 3, watchesLatency: true },
];

export const COLOURS = ['blue', 'green'] as const;

/** @param colour `blue` */
export function slotStackName(service: string, place: string, colour: string): string {
  return `${service}-${place}-${colour.charAt(0).toUpperCase()}${colour.slice(1)}`;
}

export function role(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

export function parameter(name: string): string {
  return `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${name}`;
}
