import type { Catcher, Definition, Retrier, State } from '../../machines/definition';
import type { Scope } from '../../machines/expression';
import { type Context, catcherOf, caught, chosen, done, type Move, retrierOf, waitsForToken } from '../../machines/moves';
import type { Ended, Execution, Failed } from './execution';

/** A way through the states of a definition, state by state: an execution's own, or that of one branch of a Parallel. */
export class Walk {
  private left = false;
  /** Rises with every try of a task: an answer to an earlier one finds nobody. */
  private turn = 0;
  private branches: readonly Walk[] = [];
  /** Of the present state, by the rule that had it tried again. */
  private tries: Map<Retrier, number> = new Map();
  private retries = 0;
  private token?: string;
  private enteredAt = '';

  constructor(
    private readonly execution: Execution,
    private readonly definition: Definition,
    private readonly variables: Record<string, unknown>,
    private readonly onEnd: (ended: Ended) => void,
  ) {}

  begin(input: unknown): void {
    this.enter(this.definition.startAt, input);
  }

  /** Whatever is under way is no longer waited for. */
  leave(): void {
    this.left = true;
    this.execution.engine.forget(this.token);
    for (const branch of this.branches) branch.leave();
  }

  private enter(name: string | undefined, input: unknown): void {
    let next = name;
    // A Choice goes on at once.
    for (;;) {
      const state = next === undefined ? undefined : this.definition.states.get(next);
      if (!state) throw new Error(`${this.execution.machine} has no state ${JSON.stringify(next)}`);
      this.execution.entered(state);
      if (state.type !== 'Choice') {
        this.run(state, input);
        return;
      }
      const way = chosen(state, this.scope(input));
      this.assign(way.assigned);
      next = way.next;
    }
  }

  private run(state: State, input: unknown): void {
    switch (state.type) {
      case 'Task':
      case 'Parallel':
        this.tries = new Map();
        this.retries = 0;
        this.enteredAt = this.execution.engine.now();
        this.attempt(state, input);
        break;
      case 'Pass':
        this.goOn(state, input, input);
        break;
      case 'Succeed':
        this.onEnd({ output: done(state, input, this.scope(input)).output });
        break;
      case 'Fail':
        this.onEnd({ error: state.error ?? 'States.TaskFailed', cause: String(state.cause?.(this.scope(input)) ?? '') });
        break;
      default:
        throw new Error(`the simulated engine does not know states of type ${state.type}`);
    }
  }

  private attempt(state: State, input: unknown): void {
    if (state.type === 'Parallel') this.fork(state, input);
    else this.call(state, input);
  }

  private call(state: State, input: unknown): void {
    this.turn += 1;
    const turn = this.turn;
    const { engine } = this.execution;
    const answered = (ended: Ended) => {
      if (this.left || turn !== this.turn) return;
      this.turn += 1;
      if ('error' in ended) this.failed(state, input, ended);
      else this.goOn(state, input, ended.output);
    };
    this.token = waitsForToken(state) ? engine.newToken(answered) : undefined;
    const State = { EnteredTime: this.enteredAt, RetryCount: this.retries };
    const context: Context = { Execution: this.execution.context.Execution, State, ...(this.token !== undefined && { Task: { Token: this.token } }) };
    const sent = state.arguments?.({ states: { input, context }, variables: this.variables });
    engine.call(this.execution, state, sent as Readonly<Record<string, unknown>>, this.token, answered);
  }

  private goOn(state: State, input: unknown, result: unknown): void {
    const { output, assigned } = done(state, result, { states: { input, result, context: this.execution.context }, variables: this.variables });
    this.assign(assigned);
    if (state.next === undefined) this.onEnd({ output });
    else this.enter(state.next, output);
  }

  private failed(state: State, input: unknown, failed: Failed): void {
    const retrier = retrierOf(state, failed.error);
    const tried = retrier ? (this.tries.get(retrier) ?? 0) : 0;
    const catcher = catcherOf(state, failed.error);
    if (retrier && tried < retrier.maxAttempts) this.again(state, input, retrier, tried);
    else if (catcher) this.caught(input, failed, catcher);
    else this.onEnd(failed);
  }

  private again(state: State, input: unknown, retrier: Retrier, tried: number): void {
    this.tries.set(retrier, tried + 1);
    this.retries += 1;
    const turn = this.turn;
    this.execution.engine.pause(retrier, tried, () => {
      if (!this.left && turn === this.turn) this.attempt(state, input);
    });
  }

  private caught(input: unknown, failed: Failed, catcher: Catcher): void {
    const errorOutput = { Error: failed.error, Cause: failed.cause };
    const { output, assigned } = caught(catcher, errorOutput, { states: { input, errorOutput, context: this.execution.context }, variables: this.variables });
    this.assign(assigned);
    this.enter(catcher.next, output);
  }

  private fork(state: State, input: unknown): void {
    const outputs: unknown[] = [];
    let open = state.branches.length;
    this.branches = state.branches.map(
      (branch, index) =>
        new Walk(this.execution, branch, Object.create(this.variables), (ended) => {
          if (this.left || open < 0) return;
          if ('error' in ended) {
            open = -1;
            for (const each of this.branches) each.leave();
            this.failed(state, input, ended);
            return;
          }
          outputs[index] = ended.output;
          open -= 1;
          if (open === 0) this.goOn(state, input, outputs);
        }),
    );
    for (const branch of this.branches) branch.begin(input);
  }

  private assign(assigned: Move['assigned']): void {
    Object.assign(this.variables, assigned);
  }

  private scope(input: unknown): Scope {
    return { states: { input, context: this.execution.context }, variables: this.variables };
  }
}
