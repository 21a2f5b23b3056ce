import { Graph } from '../../../cli/review/machines/graph';
import { type Definition, type Definitions, read, type State } from '../../machines/definition';
import { compile, type Scope } from '../../machines/expression';
import { type Context, catcherOf, caught, chosen, done, retrierOf, startsChild } from '../../machines/moves';
import type { Run } from '../world/run';
import { arnOf, type Ended, type Execution, keyOf } from '../world/world';

/** How many tasks an execution has behind it that a call may still arrive of: a function runs for a quarter of an hour at most. */
const LATE = 2;
/** What every failure is told as: no rule reads its words. */
export const FAILURE = { step: 'a step', subject: 'something', expected: 'well', actual: 'not well', logs: 'somewhere' };
const CAUSE = 'a cause';
/** Each machine comes by a state once. */
const ENTERED = '2026-01-01T00:00:00.000Z';

type Answer = { readonly success: unknown } | { readonly error: string; readonly cause: string };

/**
 * Step Functions, as far as the synthesized machines need it: it takes an execution from one task to the next by their own definitions. What lies between
 * two tasks, questions for the most part, takes no time. Failures are told in words that rules never read: they are made the same.
 */
export class Engine {
  private readonly definitions: ReadonlyMap<string, Definition>;
  private readonly graphs: ReadonlyMap<string, Graph>;

  constructor(definitions: Definitions) {
    const machines = Object.entries(definitions);
    this.definitions = new Map(machines.map(([name, json]) => [name, read(json, compile)]));
    this.graphs = new Map(machines.map(([name, json]) => [name, new Graph(json)]));
  }

  /** Starts an execution; under a name that there was before, nothing. */
  start(run: Run, name: string, machine: string, input: Execution['started'], parent?: string): void {
    if (run.get(keyOf.execution(name)) !== undefined) return;
    const { contract, release } = input;
    const started = { contract, release };
    const first = this.definitionOf(machine).startAt;
    const fresh: Execution = { machine, status: 'running', state: first, input: started, started, variables: {}, tries: 0, late: [], parent };
    run.set(keyOf.execution(name), fresh);
    this.enter(run, name, first, started, {});
  }

  /** What the task that an execution is at is called with. */
  payload(name: string, execution: Execution, state = this.at(execution), token = execution.token): Record<string, unknown> {
    const { Payload } = this.sent(name, execution, state, token);
    return Payload as Record<string, unknown>;
  }

  /** The state an execution is at. */
  at({ machine, state, inner }: Execution): State {
    return this.stateOf(machine, state, inner);
  }

  /** The state of this name in the machine of an execution, or in a branch of it. */
  named({ machine }: Execution, name: string): State {
    const { states } = this.definitionOf(machine);
    const found = states.get(name) ?? [...states.values()].flatMap(({ branches }) => branches.flatMap((branch) => branch.states.get(name) ?? []))[0];
    if (found === undefined) throw new Error(`${machine} has no state ${JSON.stringify(name)}`);
    return found;
  }

  /** Whether an execution can come to no state of such a name any more: not to the one it is at, either. */
  isPast({ machine, state }: Execution, pattern: RegExp): boolean {
    return ![...(this.graphs.get(machine)?.reachable([state], []) ?? [])].some((name) => pattern.test(name));
  }

  /** Begins a task that waits: with a token of its own, each time. */
  withToken(run: Run, name: string, execution: Execution): Execution {
    const tries = execution.tries + 1;
    const waiting = { ...execution, token: `${name} ${execution.state} ${tries}`, tries, failing: undefined };
    run.set(keyOf.execution(name), waiting);
    return waiting;
  }

  /** Starts the execution that a state waits for. */
  startChild(run: Run, name: string, execution: Execution): void {
    const { Name, Input, StateMachineArn } = this.sent(name, execution, this.at(execution)) as {
      readonly Name: string;
      readonly Input: Execution['started'];
      readonly StateMachineArn: string;
    };
    const machine = [...this.definitions.keys()].find((each) => Name === `${name}-${each.slice('Payments-'.length)}`);
    if (machine === undefined) throw new Error(`no machine for ${Name}, ${StateMachineArn}`);
    run.set(keyOf.execution(name), { ...execution, child: Name });
    this.start(run, Name, machine, Input, name);
  }

  /** The present task has answered. */
  succeeded(run: Run, name: string, answer: unknown): void {
    const execution = run.get<Execution>(keyOf.execution(name));
    const state = this.at(execution);
    const result = tidy(answer);
    const { output, assigned } = done(state, result, this.scope(name, execution, { input: execution.input, result }));
    const variables = withAssigned(execution, assigned);
    run.set(keyOf.execution(name), passed({ ...execution, variables }));
    if (execution.inner !== undefined) this.branchEnded(run, name, tidy(output));
    else this.enter(run, name, state.next, tidy(output), variables);
  }

  /** A try of the present task has failed: it is tried again where the definition says so, and otherwise caught. */
  failed(run: Run, name: string, error: string): void {
    const execution = run.get<Execution>(keyOf.execution(name));
    if (retrierOf(this.at(execution), error)) run.set(keyOf.execution(name), { ...execution, token: undefined, failing: error });
    else this.caught(run, name, error);
  }

  /** The present task has failed for good. */
  caught(run: Run, name: string, error: string): void {
    const execution = run.get<Execution>(keyOf.execution(name));
    const catcher = catcherOf(this.at(execution), error);
    if (!catcher) throw new Error(`${execution.machine} does not catch ${error} in ${execution.state}`);
    const errorOutput = { Error: error, Cause: CAUSE };
    const { output, assigned } = caught(catcher, errorOutput, this.scope(name, execution, { input: execution.input, errorOutput }));
    const variables = withAssigned(execution, assigned);
    run.set(keyOf.execution(name), passed({ ...execution, variables }));
    if (execution.inner === undefined) {
      this.enter(run, name, catcher.next, tidy(output), variables);
      return;
    }
    const behind = this.stateOf(execution.machine, execution.state, catcher.next);
    if (behind.type !== 'Pass' || behind.next !== undefined || behind.output) throw new Error(`a branch goes on after ${execution.inner}`);
    this.branchEnded(run, name, tidy(output));
  }

  /** Somebody answers a token: the execution that waits for it goes on, if there is one. */
  answer(run: Run, token: string, answer: Answer): void {
    const found = [...run.world].find(([key, value]) => key.startsWith('execution ') && (value as Execution).token === token);
    if (!found || (found[1] as Execution).status !== 'running') return;
    const name = found[0].slice('execution '.length);
    if ('success' in answer) this.succeeded(run, name, answer.success);
    else this.caught(run, name, answer.error);
  }

  /** An execution is stopped from outside, or its time is up. */
  kill(run: Run, name: string): void {
    const execution = run.get<Execution>(keyOf.execution(name));
    this.ended(run, name, { ...execution, status: 'failed' }, 'ABORTED');
  }

  private enter(run: Run, name: string, stateName: string | undefined, input: unknown, variables: Execution['variables']): void {
    const execution = run.get<Execution>(keyOf.execution(name));
    const state = this.stateOf(execution.machine, stateName);
    const here: Execution = { ...execution, state: state.name, inner: undefined, input, variables };
    run.set(keyOf.execution(name), here);
    switch (state.type) {
      case 'Task':
        if (startsChild(state)) this.startChild(run, name, here);
        return;
      case 'Parallel': {
        const [branch, ...more] = state.branches;
        if (!branch || more.length > 0) throw new Error(`the exploration takes one branch at a time, ${state.name} has ${more.length + 1}`);
        run.set(keyOf.execution(name), { ...here, inner: branch.startAt });
        return;
      }
      case 'Choice': {
        const { next, assigned } = chosen(state, this.scope(name, here, { input }));
        this.enter(run, name, next, input, withAssigned(here, assigned));
        return;
      }
      case 'Succeed':
        this.ended(run, name, { ...here, status: 'succeeded' });
        return;
      case 'Fail':
        this.ended(run, name, { ...here, status: 'failed', input: {} }, 'FAILED');
        return;
      default:
        throw new Error(`the exploration knows no ${state.type}, as ${state.name} is`);
    }
  }

  private branchEnded(run: Run, name: string, output: unknown): void {
    const execution = run.get<Execution>(keyOf.execution(name));
    const { next } = this.stateOf(execution.machine, execution.state);
    this.enter(run, name, next, [output], execution.variables);
  }

  private ended(run: Run, name: string, execution: Execution, how?: Ended['status']): void {
    const { parent } = execution;
    run.set(keyOf.execution(name), { ...execution, token: undefined, child: undefined, failing: undefined, tries: 0 });
    if (how) {
      const before = run.get<readonly Ended[] | undefined>(keyOf.ended) ?? [];
      run.set(
        keyOf.ended,
        [...before, { execution: name, status: how, held: false }].sort((a, b) => (a.execution < b.execution ? -1 : 1)),
      );
    }
    const waiting = parent === undefined ? undefined : run.get<Execution>(keyOf.execution(parent));
    if (parent === undefined || waiting?.status !== 'running' || waiting.child !== name) return;
    if (how) this.caught(run, parent, 'States.TaskFailed');
    else this.succeeded(run, parent, { Output: execution.input, Status: 'SUCCEEDED' });
  }

  private sent(name: string, execution: Execution, state: State, token?: string): Record<string, unknown> {
    return (state.arguments?.(this.scope(name, execution, { input: execution.input }, token)) ?? {}) as Record<string, unknown>;
  }

  private scope(name: string, { machine, started, variables, tries }: Execution, states: Record<string, unknown>, token?: string): Scope {
    const context: Context = {
      Execution: { Id: arnOf(name, machine), Name: name, Input: started },
      State: { EnteredTime: ENTERED, RetryCount: tries },
      ...(token !== undefined && { Task: { Token: token } }),
    };
    return { states: { ...states, context }, variables };
  }

  private definitionOf(machine: string): Definition {
    const found = this.definitions.get(machine);
    if (!found) throw new Error(`there is no machine ${machine}`);
    return found;
  }

  /** A state of a machine; or of the one branch of a Parallel. */
  private stateOf(machine: string, name: string | undefined, inner?: string): State {
    const outer = this.definitionOf(machine).states.get(name ?? '');
    const found = inner === undefined ? outer : outer?.branches[0]?.states.get(inner);
    if (found === undefined) throw new Error(`${machine} has no state ${JSON.stringify(inner ?? name)}`);
    return found;
  }
}

/** An execution that leaves its state: it has one task more behind it. */
function passed(execution: Execution): Execution {
  const { child, state, inner, late } = execution;
  const behind = child === undefined ? [inner ?? state, ...late].slice(0, LATE) : late;
  return { ...execution, late: behind, token: undefined, child: undefined, failing: undefined, tries: 0 };
}

/** Its variables with those that a state has set. */
function withAssigned({ variables }: Execution, assigned: Execution['variables']): Execution['variables'] {
  return { ...variables, ...assigned, ...('failure' in assigned && { failure: FAILURE }) };
}

/** An answer without the words of its failure, and without which ticket there is of it. */
function tidy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(tidy);
  const { ticket: _ticket, ...rest } = value as Record<string, unknown>;
  return 'failure' in rest ? { ...rest, failure: FAILURE } : rest;
}
