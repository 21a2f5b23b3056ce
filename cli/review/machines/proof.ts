import { circleOf, roundsOf } from './circles';
import { Durations, type Way } from './duration';
import { type DefinitionJson, type Edge, Graph } from './graph';

/** What a state of an environment machine does to live traffic, as far as the proof looks at it; an outage that begins is a shift, to nobody. */
export type Act = 'shift' | 'accept' | 'rollBack';

/** A state in which a release can be once a shift has been started. */
export interface AfterShift {
  readonly state: string;
  /** Every way out of it. */
  readonly ways: readonly { readonly kind: Edge['kind']; readonly to: string }[];
  /** The ends that can be reached from it, in the order of the definition. */
  readonly ends: readonly string[];
  /** Whether every path from here ends in Accept or Roll back, or in the safety net where even rolling back fails. */
  readonly holds: boolean;
  /** Most seconds from entering it to an end, every retry used. */
  readonly seconds: number;
  /** The same when no task has to be tried again. */
  readonly secondsWithoutRetries: number;
}

/** What was shown about one environment machine. */
export interface Proof {
  readonly holds: boolean;
  /** What is wrong, in sentences; empty when it holds. */
  readonly problems: readonly string[];
  /** In the order of a release that goes straight through, then the rest. */
  readonly states: readonly AfterShift[];
  /** The ways out after a shift that lead to neither: a first one was refused, so nothing was written. A planned outage begins with one of its own. */
  readonly refused: readonly { readonly first: string; readonly from: string; readonly to: string }[];
  /** From the first shift to the end that is furthest away. */
  readonly longest: Way;
  /** The same when no task has to be tried again. */
  readonly longestWithoutRetries: number;
  /** The machine's own time-out: whatever the states do, it ends by then, in the safety net. */
  readonly timeoutSeconds: number;
}

/**
 * Proves of a machine that from every state after a shift, every path ends in Accept or Roll back, and how long that takes at most.
 *
 * @param actOf what a state does to live traffic; undefined: nothing
 */
export function prove(definition: DefinitionJson, actOf: (state: string) => Act | undefined): Proof {
  return new Prover(new Graph(definition), actOf).proof(typeof definition.TimeoutSeconds === 'number' ? definition.TimeoutSeconds : Number.POSITIVE_INFINITY);
}

class Prover {
  private readonly order: string[];
  private readonly shifts: string[];
  private readonly accepts: string[];
  private readonly rollBacks: string[];
  /** Shifts that none comes before. */
  private readonly firsts: string[];
  private readonly refused: readonly { readonly first: string; readonly edge: Edge }[];

  constructor(
    private readonly graph: Graph,
    actOf: (state: string) => Act | undefined,
  ) {
    const straight = graph.straight.filter((name) => graph.names.includes(name));
    this.order = [...straight, ...graph.names.filter((name) => !straight.includes(name))];
    const doing = (act: Act) => this.order.filter((name) => actOf(name) === act);
    this.shifts = doing('shift');
    this.accepts = doing('accept');
    this.rollBacks = doing('rollBack');
    const later = this.shifts.flatMap((shift) => [...graph.reachable(graph.from(shift).map(({ to }) => to))]);
    this.firsts = this.shifts.filter((shift) => !later.includes(shift));
    this.refused = this.firsts.flatMap((first) => {
      const edge = this.refusal(first);
      return edge === undefined ? [] : [{ first, edge }];
    });
  }

  proof(timeoutSeconds: number): Proof {
    const [all, without] = [new Durations(this.graph, true), new Durations(this.graph, false)];
    const after = this.afterShifts();
    const states = this.order
      .filter((name) => after.has(name))
      .map((state) => ({
        state,
        ways: this.graph.from(state).map(({ kind, to }) => ({ kind, to })),
        ends: this.endsFrom(state),
        holds: this.problemsFrom(state).length === 0,
        seconds: all.from(state).seconds,
        secondsWithoutRetries: without.from(state).seconds,
      }));
    const problems = [...this.missing(), ...new Set(states.flatMap(({ state }) => this.problemsFrom(state))), ...this.endless(after)];
    const furthest = this.firsts.map((first) => all.from(first)).sort((one, other) => other.seconds - one.seconds)[0];
    return {
      holds: problems.length === 0,
      problems,
      states,
      refused: this.refused.map(({ first, edge: { from, to } }) => ({ first, from, to })),
      longest: furthest ?? { seconds: 0, states: [] },
      longestWithoutRetries: Math.max(0, ...this.firsts.map((first) => without.from(first).seconds)),
      timeoutSeconds,
    };
  }

  /** The rule by which the question after a first shift sends on a release whose shift was refused: before anything was written. */
  private refusal(first: string): Edge | undefined {
    const question = this.graph.from(first).find(({ kind }) => kind === 'next')?.to;
    if (question === undefined || this.graph.state(question).Type !== 'Choice') return undefined;
    const isRefusal = (to: string) =>
      (this.graph.state(question).Choices ?? []).some(
        (rule) => rule.Next === to && /^\{%\s*\$not\(\$states\.input\.outcome = 'shifted'\)\s*%\}$/.test(rule.Condition),
      );
    return this.graph.from(question).find(({ kind, to }) => kind === 'rule' && isRefusal(to) && !this.rollBacks.includes(to));
  }

  private afterShifts(): Set<string> {
    return this.reach(this.shifts.flatMap((shift) => this.ways(shift).map(({ to }) => to)));
  }

  private missing(): string[] {
    const wanted = { 'shifts traffic': this.shifts, accepts: this.accepts, 'rolls back': this.rollBacks };
    return Object.entries(wanted).flatMap(([what, states]) => (states.length > 0 ? [] : [`no state of it ${what}, so nothing is proved`]));
  }

  private ways(name: string): Edge[] {
    return this.graph.from(name).filter((edge) => !this.refused.some((refused) => refused.edge === edge));
  }

  private reach(starts: readonly string[], until: readonly string[] = []): Set<string> {
    const seen = new Set<string>();
    const open = [...starts];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (!until.includes(name)) open.push(...this.ways(name).map(({ to }) => to));
    }
    return seen;
  }

  private endsFrom(state: string): string[] {
    const reached = this.reach([state]);
    return this.graph.names.filter((name) => reached.has(name) && this.graph.isEnd(name));
  }

  /** Ends that are reached past Accept and Roll back, and by the wrong way from them. */
  private problemsFrom(state: string): string[] {
    // Ends, and what they hang on, are looked at from the states that lead to them.
    if (this.graph.isEnd(state)) return [];
    const acts = [...this.accepts, ...this.rollBacks];
    const past = [...this.reach([state], acts)].filter((name) => this.graph.isEnd(name) && !this.isBehind(state, acts));
    return [
      ...past.map((end) => `after a shift, ${this.lastBefore(state, end, acts)} leads to ${JSON.stringify(end)}, which neither accepts nor rolls back`),
      ...(this.accepts.includes(state) ? this.wrongAfterAccept(state) : []),
      ...(this.rollBacks.includes(state) ? this.wrongAfterRollBack(state) : []),
    ];
  }

  /** Whether a state is only ever entered behind Accept or Roll back, as the question after Accept is. */
  private isBehind(state: string, acts: readonly string[]): boolean {
    const starts = this.shifts.flatMap((shift) => this.ways(shift).map(({ to }) => to));
    return !this.reach(starts, acts).has(state);
  }

  private lastBefore(state: string, end: string, acts: readonly string[]): string {
    const reached = this.reach([state], acts);
    const last = this.graph.edges.find(({ from, to }) => to === end && reached.has(from) && !acts.includes(from));
    return JSON.stringify(last?.from ?? state);
  }

  /** Only an accepted release is live: an error, and any other answer, must lead to Roll back. */
  private wrongAfterAccept(accept: string): string[] {
    const within = this.reach([accept], this.rollBacks);
    const ending = (to: string) => [...this.reach([to], this.rollBacks)].some((name) => this.graph.isEnd(name));
    return this.graph.edges
      .filter(({ from, to, kind }) => within.has(from) && !this.rollBacks.includes(from) && (kind === 'catch' || kind === 'rule') && ending(to))
      .map(({ from, to }) => `${JSON.stringify(from)} leads to ${JSON.stringify(to)} although the release is not accepted`);
  }

  /** A roll back that cannot be carried out must fail the machine: that is what the safety net listens to. */
  private wrongAfterRollBack(rollBack: string): string[] {
    return this.graph
      .from(rollBack)
      .filter(({ kind, to }) => kind === 'catch' && this.graph.state(to).Type !== 'Fail')
      .map(({ to }) => `when ${JSON.stringify(rollBack)} fails it goes on to ${JSON.stringify(to)}, and the safety net is not told`);
  }

  private endless(after: ReadonlySet<string>): string[] {
    const counted = (circle: string[]) => circle.some((name) => this.graph.state(name).Type === 'Choice' && roundsOf(this.graph, name) !== undefined);
    const circles = this.graph.circular.filter((name) => after.has(name) && !counted(circleOf(this.graph, name)));
    const waits = this.order.filter((name) => after.has(name) && !Number.isFinite(new Durations(this.graph, false).of(name)));
    return [
      ...circles.map((name) => `after a shift, the circle through ${JSON.stringify(name)} has no end`),
      ...waits.map((name) => `after a shift, ${JSON.stringify(name)} has no literal time-out, so it may wait for ever`),
    ];
  }
}
