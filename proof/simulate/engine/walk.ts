import type { Definition, RetryJson, State } from './definition';
import type { Ended, Execution, Failed } from './execution';
import type { Scope } from './expression';

/** A way through the states of a definition, state by state: an execution's own, or that of one branch of a Parallel. */
export class Walk {
  private left = false;
  /** Rises with every try of a task: an answer to an earlier one finds nobody. */
  private turn = 0;
  private branches: readonly Walk[] = [];
  private tries: Map<object, number> = new Map();
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
    let [next, handed] = [name, input];
    // A Choice goes on at once.
    for (;;) {
      const state = next === undefined ? undefined : this.definition.states.get(next);
      if (!state) throw new Error(`${this.execution.machine} has no state ${JSON.stringify(next)}`);
      this.execution.entered(state);
      if (state.type !== 'Choice') {
        this.run(state, handed);
        return;
      }
      next = this.choose(state, handed);
    }
  }

  private choose(state: State, input: unknown): string | undefined {
    const scope = this.scope({ input, context: this.execution.context() });
    for (const { condition, next, assign } of state.choices) {
      const answer = condition(scope);
      if (typeof answer !== 'boolean')
        throw new Error(`a condition of ${JSON.stringify(state.name)} is ${JSON.stringify(answer)}, no boolean: Step Functions would fail here`);
      if (!answer) continue;
      if (assign) Object.assign(this.variables, assign(scope));
      return next;
    }
    return state.otherwise;
  }

  private run(state: State, input: unknown): void {
    const { engine } = this.execution;
    switch (state.type) {
      case 'Task':
        this.tries = new Map();
        this.enteredAt = engine.now();
        this.attempt(state, input);
        break;
      case 'Parallel':
        this.fork(state, input);
        break;
      case 'Pass':
        this.goOn(state, input, input);
        break;
      case 'Succeed':
        this.onEnd({ output: input });
        break;
      case 'Fail': {
        const cause = state.cause?.(this.scope({ input, context: this.execution.context() }));
        this.onEnd({ error: state.error ?? 'States.TaskFailed', cause: String(cause ?? '') });
        break;
      }
      default:
        throw new Error(`the simulated engine does not know states of type ${state.type}`);
    }
  }

  private attempt(state: State, input: unknown): void {
    this.turn += 1;
    const turn = this.turn;
    const { engine } = this.execution;
    const answered = (ended: Ended) => {
      if (this.left || turn !== this.turn) return;
      this.turn += 1;
      if ('error' in ended) this.failed(state, input, ended);
      else this.goOn(state, input, ended.output);
    };
    this.token = state.resource.endsWith('waitForTaskToken') ? engine.newToken(answered) : undefined;
    const sent = state.arguments?.(this.scope({ input, context: this.execution.context(this.token, this.present()) }));
    engine.call(this.execution, state, sent as Readonly<Record<string, unknown>>, this.token, answered);
  }

  private present() {
    return { EnteredTime: this.enteredAt, RetryCount: [...this.tries.values()].reduce((sum, tried) => sum + tried, 0) };
  }

  private goOn(state: State, input: unknown, result: unknown): void {
    const scope = this.scope({ input, result, context: this.execution.context() });
    const output = state.output ? state.output(scope) : result;
    if (state.assign) Object.assign(this.variables, state.assign(scope));
    if (state.next === undefined) this.onEnd({ output });
    else this.enter(state.next, output);
  }

  private failed(state: State, input: unknown, failed: Failed): void {
    const matches = (errors: readonly string[]) => errors.includes(failed.error) || errors.includes('States.ALL');
    const retry = state.retry.find(({ ErrorEquals }) => matches(ErrorEquals));
    const tried = retry ? (this.tries.get(retry) ?? 0) : 0;
    const caught = state.catches.find(({ errors }) => matches(errors));
    if (retry && tried < retry.MaxAttempts) this.again(state, input, retry, tried);
    else if (caught) this.caught(input, failed, caught);
    else this.onEnd(failed);
  }

  private again(state: State, input: unknown, retry: RetryJson, tried: number): void {
    this.tries.set(retry, tried + 1);
    const turn = this.turn;
    const seconds = retry.IntervalSeconds * retry.BackoffRate ** tried;
    this.execution.engine.pause(seconds, retry.JitterStrategy === 'FULL', () => {
      if (!this.left && turn === this.turn) this.attempt(state, input);
    });
  }

  private caught(input: unknown, failed: Failed, caught: State['catches'][number]): void {
    const errorOutput = { Error: failed.error, Cause: failed.cause };
    const scope = this.scope({ input, errorOutput, context: this.execution.context() });
    const output = caught.output ? caught.output(scope) : errorOutput;
    if (caught.assign) Object.assign(this.variables, caught.assign(scope));
    this.enter(caught.next, output);
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

  private scope(states: Readonly<Record<string, unknown>>): Scope {
    return { states, variables: this.variables };
  }
}
