export interface RetryJson {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
}

/** A state of the Amazon States Language, as far as the walk looks at it. */
export interface StateJson {
  readonly Type: 'Task' | 'Choice' | 'Parallel' | 'Map' | 'Wait' | 'Pass' | 'Succeed' | 'Fail';
  readonly Resource?: string;
  readonly Arguments?: Readonly<Record<string, unknown>>;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly TimeoutSeconds?: unknown;
  /** Of a Wait. */
  readonly Seconds?: unknown;
  /** Of a Fail. */
  readonly Error?: string;
  readonly Choices?: readonly { readonly Next: string; readonly Condition: string; readonly Assign?: Readonly<Record<string, unknown>> }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string; readonly Assign?: Readonly<Record<string, unknown>> }[];
  readonly Retry?: readonly RetryJson[];
  readonly Branches?: readonly StatesJson[];
  readonly Assign?: Readonly<Record<string, unknown>>;
}
export interface StatesJson {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateJson>>;
}
export interface DefinitionJson extends StatesJson {
  readonly QueryLanguage?: string;
  readonly TimeoutSeconds?: unknown;
}

/** One way from a state to the next, and the variables that are set on it. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'next' | 'rule' | 'default' | 'catch';
  readonly assigns: readonly string[];
}

/** States and the ways between them, of a machine or of one branch. */
export class Graph {
  readonly edges: readonly Edge[];
  private readonly leaving: ReadonlyMap<string, Edge[]>;

  constructor(readonly definition: StatesJson) {
    this.leaving = new Map(Object.entries(definition.States).map(([from, state]) => [from, edgesOf(from, state)]));
    this.edges = [...this.leaving.values()].flat();
  }

  state(name: string): StateJson {
    const state = this.definition.States[name];
    if (state === undefined) throw new Error(`there is no state ${JSON.stringify(name)}`);
    return state;
  }

  get names(): string[] {
    return Object.keys(this.definition.States);
  }

  /** Names of the states that match. */
  named(pattern: RegExp): string[] {
    return this.names.filter((name) => pattern.test(name));
  }

  from(name: string): Edge[] {
    return this.leaving.get(name) ?? [];
  }

  /** What can be reached from these states, themselves included, without going on from any of `until`. */
  reachable(starts: readonly string[], until: readonly string[] = []): Set<string> {
    const seen = new Set<string>();
    const open = [...starts];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (!until.includes(name)) open.push(...this.from(name).map(({ to }) => to));
    }
    return seen;
  }

  isEnd(name: string): boolean {
    const { Type, End } = this.state(name);
    return End === true || Type === 'Succeed' || Type === 'Fail';
  }

  /** States that lie on a circle. */
  get circular(): string[] {
    return this.names.filter((name) => this.reachable(this.from(name).map(({ to }) => to)).has(name));
  }

  /** Branches of Parallel states, however deep. */
  get branches(): Graph[] {
    const inner = Object.values(this.definition.States).flatMap(({ Branches }) => (Branches ?? []).map((branch) => new Graph(branch)));
    return inner.flatMap((graph) => [graph, ...graph.branches]);
  }

  /** The states of a release that nothing is wrong with, in order: every answer is the expected one. */
  get straight(): string[] {
    return this.through();
  }

  /** The same of a release that needs what these states are for, once. */
  through(needs?: RegExp): string[] {
    const story: string[] = [];
    for (let name: string | undefined = this.definition.StartAt; name !== undefined; ) {
      const { Branches = [], Choices = [], Default, Next } = this.state(name);
      story.push(name, ...Branches.flatMap((branch) => new Graph(branch).through(needs)));
      const needed = Choices.find((choice) => needs?.test(choice.Next) && !story.includes(choice.Next));
      name = needed?.Next ?? Default ?? Next;
    }
    return story;
  }
}

function edgesOf(from: string, state: StateJson): Edge[] {
  const own = Object.keys(state.Assign ?? {});
  const edge = (to: string | undefined, kind: Edge['kind'], assigns: readonly string[]) => (to === undefined ? [] : [{ from, to, kind, assigns }]);
  return [
    ...edge(state.Next, 'next', own),
    ...(state.Choices ?? []).flatMap((rule) => edge(rule.Next, 'rule', Object.keys(rule.Assign ?? {}))),
    ...edge(state.Default, 'default', []),
    ...(state.Catch ?? []).flatMap((caught) => edge(caught.Next, 'catch', Object.keys(caught.Assign ?? {}))),
  ];
}
