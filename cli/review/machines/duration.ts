import { circleOf, roundsOf } from './circles';
import { Graph, type RetryJson, type StateJson } from './graph';

/** The longest way through a machine from a state on. */
export interface Way {
  /** What it takes at most; infinite when a state of it has no end. */
  readonly seconds: number;
  /** In the order they are entered, each with its own share. */
  readonly states: readonly { readonly name: string; readonly seconds: number }[];
}

/**
 * How long a machine runs at most from any of its states on, from the literal time-outs in its definition: a task for as long as it may take, as
 * often as it is tried, and the waits in between. What Step Functions itself needs from one state to the next is not in it.
 */
export class Durations {
  private readonly ways = new Map<string, Way>();

  constructor(
    private readonly graph: Graph,
    /** Whether tasks fail as often as they may before they answer. */
    private readonly retries: boolean,
  ) {}

  /** The longest way from a state, itself included, to an end. */
  from(name: string): Way {
    const found = this.ways.get(name);
    if (found !== undefined) return found;
    const circle = circleOf(this.graph, name);
    const states = circle.map((member) => ({ name: member, seconds: this.rounds(circle) * this.of(member) || 0 }));
    const onwards = circle.flatMap((member) => this.graph.from(member)).filter(({ to }) => !circle.includes(to));
    const longest = onwards
      .map(({ to }) => this.from(to))
      .reduce<Way>((one, other) => (other.seconds > one.seconds ? other : one), { seconds: -1, states: [] });
    const seconds = states.reduce((sum, state) => sum + state.seconds, 0) + Math.max(0, longest.seconds);
    const way = { seconds, states: [...states, ...longest.states] };
    for (const member of circle) this.ways.set(member, way);
    return way;
  }

  /** What one state takes at most, entered once. */
  of(name: string): number {
    const state = this.graph.state(name);
    const once = this.once(state);
    if (!this.retries || once === 0) return once;
    const tries = (state.Retry ?? []).reduce((sum, { MaxAttempts = 3 }) => sum + MaxAttempts, 1);
    return once * tries + (state.Retry ?? []).reduce((sum, retry) => sum + waitsOf(retry), 0);
  }

  private once({ Type, TimeoutSeconds, Seconds, Branches = [] }: StateJson): number {
    const literal = (value: unknown) => (typeof value === 'number' ? value : Number.POSITIVE_INFINITY);
    if (Type === 'Task') return literal(TimeoutSeconds);
    if (Type === 'Wait') return literal(Seconds);
    // As often as there are items, which nobody knows beforehand.
    if (Type === 'Map') return Number.POSITIVE_INFINITY;
    return Math.max(0, ...Branches.map((branch) => new Durations(new Graph(branch), this.retries).from(branch.StartAt).seconds));
  }

  private rounds(circle: readonly string[]): number {
    if (circle.length === 1) return this.graph.circular.includes(circle[0] as string) ? Number.POSITIVE_INFINITY : 1;
    const counted = circle.filter((name) => this.graph.state(name).Type === 'Choice').flatMap((name) => roundsOf(this.graph, name) ?? []);
    return counted.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...counted);
  }
}

/** https://states-language.net/#retrying-after-error: jitter only shortens a wait. */
function waitsOf({ IntervalSeconds = 1, BackoffRate = 2, MaxAttempts = 3, MaxDelaySeconds = Number.POSITIVE_INFINITY }: RetryJson): number {
  return Array.from({ length: MaxAttempts }, (_, index) => Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** index)).reduce(
    (sum, wait) => sum + wait,
    0,
  );
}
