/**
 * One state of everything: the ledger's items, the live rules, what is in the slots, the executions of the machines, what is on its way. A flat map of
 * values that never change; a state that is one value further shares all the others.
 */
import type { AuditEvent, Delivery, EnvironmentState, Gate, Item, Release } from '../../../lambda/domain/model';
import type { RuleTargets } from '../../../lambda/domain/ports';
import type { Breaks, Order } from '../path';

export type World = ReadonlyMap<string, unknown>;

/** An execution of one of the machines. */
export interface Execution {
  readonly machine: string;
  readonly status: 'running' | 'succeeded' | 'failed';
  /** Where it is, or ended. */
  readonly state: string;
  /** The state within the branch of a Parallel. */
  readonly inner?: string;
  readonly input: unknown;
  readonly started: { readonly contract: number; readonly release: string };
  readonly variables: Readonly<Record<string, unknown>>;
  /** It waits for this token; or would, had its function not ended yet. */
  readonly token?: string;
  /** It waits for this execution. */
  readonly child?: string;
  /** Its last try failed in a way that is tried again. */
  readonly failing?: string;
  /** How many tokens this state was given. */
  readonly tries: number;
  /** The last tasks before the present one, latest first: a call of them may arrive late. */
  readonly late: readonly string[];
  readonly parent?: string;
}

/** An execution that ended without an outcome, of which the safety net is told. */
export interface Ended {
  readonly execution: string;
  readonly status: 'FAILED' | 'ABORTED';
  /** The safety net was called, and could not act. */
  readonly held: boolean;
}

/** What was said at a gate, as whoever watches the people sees it: what the rules make of it does not count. */
export interface Witness {
  /** Party -> what it accepted: the content, and the evidence at that moment. */
  readonly accepted: Readonly<Record<string, { readonly digest: string; readonly evidence: string }>>;
  readonly resumed: boolean;
}

/** What the exploration remembers of an environment, whatever the ledger says. */
export interface Memory {
  /** `<version> <digest>` of what was accepted as live here. */
  readonly lived: readonly string[];
  /** Versions that were taken out of here since they were submitted last. */
  readonly takenOut: readonly string[];
  /** Executions whose slot an alarm went off in, before their last look at it. */
  readonly alarmed: readonly string[];
  /** `<execution> <percent>` where too little was seen of a slot to tell. */
  readonly unclear: readonly string[];
  /** Executions by which a release went live here, where environments are waves. */
  readonly came?: readonly string[];
}

/** What a slot really holds. */
export interface Content {
  readonly version: string;
  readonly digest: string;
}

const NO_MEMORY: Memory = { lived: [], takenOut: [], alarmed: [], unclear: [] };
const NOTHING_SAID: Witness = { accepted: {}, resumed: false };

export const keyOf = {
  release: (version: string) => `release ${version}`,
  environment: (name: string) => `environment ${name}`,
  gate: (release: string, environment: string, gate: string) => `gate ${release} ${environment} ${gate}`,
  audit: (release: string) => `audit ${release}`,
  execution: (name: string) => `execution ${name}`,
  rule: (environment: string) => `rule ${environment}`,
  slot: (stackName: string) => `slot ${stackName}`,
  alarms: (environment: string) => `alarms ${environment}`,
  unhealthy: (environment: string) => `unhealthy ${environment}`,
  witness: (release: string, environment: string, gate: string) => `witness ${release} ${environment} ${gate}`,
  memory: (environment: string) => `memory ${environment}`,
  /** What the shared state is like. */
  data: (environment: string) => `data ${environment}`,
  /** How the releases change it. */
  breaks: 'breaks',
  /** The environments are waves of one. */
  waves: 'waves',
  /** What becomes of a release that finds another. */
  order: 'order',
  notices: 'notices',
  ended: 'ended',
  outbox: 'outbox',
  item: (item: Item): string => {
    if (item.kind === 'release') return `release ${item.version}`;
    if (item.kind === 'environment') return `environment ${item.environment}`;
    if (item.kind === 'gate') return `gate ${item.release} ${item.environment} ${item.gate}`;
    return item.kind === 'ticket' ? `ticket ${item.fingerprint}` : `migration ${item.environment} ${item.name}`;
  },
} as const;

export const of = {
  release: (world: World, version: string) => world.get(keyOf.release(version)) as Release | undefined,
  environment: (world: World, environment: string) =>
    (world.get(keyOf.environment(environment)) ?? { kind: 'environment', revision: 0, environment, slots: {}, weights: {} }) as EnvironmentState,
  gate: (world: World, release: string, environment: string, gate: string) => world.get(keyOf.gate(release, environment, gate)) as Gate | undefined,
  audit: (world: World, release: string) => (world.get(keyOf.audit(release)) ?? []) as readonly AuditEvent[],
  execution: (world: World, name: string) => world.get(keyOf.execution(name)) as Execution | undefined,
  rule: (world: World, environment: string) => (world.get(keyOf.rule(environment)) ?? { kind: 'other' }) as RuleTargets,
  slot: (world: World, stackName: string) => world.get(keyOf.slot(stackName)) as Content | undefined,
  /** Colours with an alarm that fires. */
  alarms: (world: World, environment: string) => (world.get(keyOf.alarms(environment)) ?? []) as readonly string[],
  /** Colours without a healthy target. */
  unhealthy: (world: World, environment: string) => (world.get(keyOf.unhealthy(environment)) ?? []) as readonly string[],
  witness: (world: World, release: string, environment: string, gate: string) =>
    (world.get(keyOf.witness(release, environment, gate)) ?? NOTHING_SAID) as Witness,
  memory: (world: World, environment: string) => (world.get(keyOf.memory(environment)) ?? NO_MEMORY) as Memory,
  /** What the shared state is like: only versions of before understand the `old` one, only the releases that are explored the `new` one; nobody what is `half` done. */
  data: (world: World, environment: string) => (world.get(keyOf.data(environment)) ?? 'old') as 'old' | 'half' | 'new',
  waves: (world: World) => world.get(keyOf.waves) === true,
  breaks: (world: World) => world.get(keyOf.breaks) as Breaks | undefined,
  order: (world: World) => world.get(keyOf.order) as Order | undefined,
  /** Names of alarms whose notice is on its way. */
  notices: (world: World) => (world.get(keyOf.notices) ?? []) as readonly string[],
  ended: (world: World) => (world.get(keyOf.ended) ?? []) as readonly Ended[],
  outbox: (world: World) => (world.get(keyOf.outbox) ?? []) as readonly Extract<Delivery, { to: 'token' }>[],
} as const;

/** Every value of a kind, with the rest of its key. */
export function all<T>(world: World, kind: string): [name: string, value: T][] {
  return [...world].flatMap(([key, value]) => (key.startsWith(`${kind} `) ? [[key.slice(kind.length + 1), value as T] as [string, T]] : []));
}

export const arnOf = (name: string, machine: string) => `arn:aws:states:eu-west-2:111111111111:execution:${machine}:${name}`;
export const nameOf = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);
