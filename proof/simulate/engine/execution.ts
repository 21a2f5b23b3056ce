import type { Definition, State } from '../../machines/definition';
import type { Context } from '../../machines/moves';
import type { Engine } from './engine';
import { Walk } from './walk';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** Why a task, or an execution, failed. */
export interface Failed {
  readonly error: string;
  readonly cause: string;
}

/** How an execution ended, for who started it. */
export type Ended = { readonly output: unknown } | Failed;

/** One execution of a Standard state machine. */
export class Execution {
  status: ExecutionStatus = 'RUNNING';
  /** Variables of its states. */
  readonly variables: Record<string, unknown> = {};
  /** Executions its tasks wait for. */
  readonly children = new Set<Execution>();
  /** What its states see of it. */
  readonly context: Context;
  private readonly walk: Walk;

  constructor(
    readonly engine: Engine,
    readonly machine: string,
    readonly name: string,
    readonly arn: string,
    readonly input: Readonly<Record<string, unknown>>,
    definition: Definition,
    private readonly onEnd: (ended: Ended) => void,
  ) {
    this.context = { Execution: { Id: arn, Name: name, Input: input } };
    this.walk = new Walk(this, definition, this.variables, (ended) => this.end('error' in ended ? 'FAILED' : 'SUCCEEDED', ended));
  }

  begin(): void {
    this.walk.begin(this.input);
  }

  get isRunning(): boolean {
    return this.status === 'RUNNING';
  }

  /** From outside: what its tasks have called goes on, and finds nobody that waits for it. */
  cut(status: 'TIMED_OUT' | 'ABORTED'): void {
    if (this.isRunning) this.end(status, { error: status === 'ABORTED' ? 'States.Aborted' : 'States.Timeout', cause: 'ended from outside' });
  }

  entered(state: State): void {
    this.engine.transitions += 1;
    this.engine.tell(this, state.name);
  }

  private end(status: ExecutionStatus, ended: Ended): void {
    this.status = status;
    this.walk.leave();
    this.engine.ended(this, ended);
    this.onEnd(ended);
  }
}
