import { type DefinitionJson, Graph } from '../../../cli/review/machines/graph';
import type { Run } from '../world/run';
import { arnOf, type Ended, type Execution, keyOf } from '../world/world';
import { catchOf, type Definitions, isTriedAgain, type State, startsChild, stateOf } from './definitions';
import { evaluated, type Scope } from './expressions';

/** How many tasks an execution has behind it that a call may still arrive of: a function runs for a quarter of an hour at most. */
const LATE = 2;
const FAILURE = { step: 'a step', subject: 'something', expected: 'well', actual: 'not well', logs: 'somewhere' };
const CAUSE = 'a cause';
/** Each machine comes by a state once. */
const ENTERED = '2026-01-01T00:00:00.000Z';

type Answer = { readonly success: unknown } | { readonly error: string; readonly cause: string };

/**
 * Step Functions, as far as the synthesized machines need it: it takes an execution from one task to the next by their own definitions. What lies between
 * two tasks, questions for the most part, takes no time. Failures are told in words that rules never read: they are made the same.
 */
export class Engine {
  private readonly graphs = new Map<string, Graph>();

  constructor(readonly definitions: Definitions) {}

  /** Starts an execution; under a name that there was before, nothing. */
  async start(run: Run, name: string, machine: string, input: Execution['started'], parent?: string): Promise<void> {
    if (run.get(keyOf.execution(name)) !== undefined) return;
    const { contract, release } = input;
    const started = { contract, release };
    const first = this.definitions[machine]?.StartAt;
    if (first === undefined) throw new Error(`there is no machine ${machine}`);
    const fresh: Execution = { machine, status: 'running', state: first, input: started, started, variables: {}, tries: 0, late: [], parent };
    run.set(keyOf.execution(name), fresh);
    await this.enter(run, name, first, started, {});
  }

  /** What the task that an execution is at is called with. */
  async payload(name: string, execution: Execution, state = this.at(execution), token = execution.token): Promise<Record<string, unknown>> {
    return (await evaluated(state.Arguments?.Payload, this.scope(name, execution, { input: execution.input, token }))) as Record<string, unknown>;
  }

  /** The state an execution is at. */
  at({ machine, state, inner }: Execution): State {
    return stateOf(this.definitions, machine, state, inner);
  }

  /** The state of this name in the machine of an execution, or in a branch of it. */
  named({ machine }: Execution, name: string): State {
    const states = this.definitions[machine]?.States ?? {};
    const found = states[name] ?? Object.values(states).flatMap(({ Branches = [] }) => Branches.flatMap(({ States }) => States[name] ?? []))[0];
    if (found === undefined) throw new Error(`${machine} has no state ${JSON.stringify(name)}`);
    return found as State;
  }

  /** Whether an execution can come to no state of such a name any more: not to the one it is at, either. */
  isPast({ machine, state }: Execution, pattern: RegExp): boolean {
    return ![...this.graphOf(machine).reachable([state], [])].some((name) => pattern.test(name));
  }

  private graphOf(machine: string): Graph {
    const found = this.graphs.get(machine) ?? new Graph(this.definitions[machine] as DefinitionJson);
    this.graphs.set(machine, found);
    return found;
  }

  /** Begins a task that waits: with a token of its own, each time. */
  withToken(run: Run, name: string, execution: Execution): Execution {
    const tries = execution.tries + 1;
    const waiting = { ...execution, token: `${name} ${execution.state} ${tries}`, tries, failing: undefined };
    run.set(keyOf.execution(name), waiting);
    return waiting;
  }

  /** Starts the execution that a state waits for. */
  async startChild(run: Run, name: string, execution: Execution): Promise<void> {
    const { Name, Input, StateMachineArn } = (await evaluated(this.at(execution).Arguments, this.scope(name, execution, { input: execution.input }))) as {
      readonly Name: string;
      readonly Input: Execution['started'];
      readonly StateMachineArn: string;
    };
    const machine = Object.keys(this.definitions).find((each) => Name === `${name}-${each.slice('Payments-'.length)}`);
    if (machine === undefined) throw new Error(`no machine for ${Name}, ${StateMachineArn}`);
    run.set(keyOf.execution(name), { ...execution, child: Name });
    await this.start(run, Name, machine, Input, name);
  }

  /** The present task has answered. */
  async succeeded(run: Run, name: string, result: unknown): Promise<void> {
    const execution = run.get<Execution>(keyOf.execution(name));
    const state = this.at(execution);
    const scope = this.scope(name, execution, { input: execution.input, result: tidy(result) });
    const variables = { ...execution.variables, ...((await evaluated(tidyAssign(state.Assign), scope)) as object | undefined) };
    const output = state.Output === undefined ? result : await evaluated(state.Output, scope);
    const late = passed(execution);
    const ready = { ...execution, variables, late, token: undefined, child: undefined, failing: undefined, tries: 0 };
    run.set(keyOf.execution(name), ready);
    if (execution.inner !== undefined) return this.branchEnded(run, name, tidy(output));
    await this.enter(run, name, state.Next as string, tidy(output), variables);
  }

  /** A try of the present task has failed: it is tried again where the definition says so, and otherwise caught. */
  async failed(run: Run, name: string, error: string): Promise<void> {
    const execution = run.get<Execution>(keyOf.execution(name));
    if (!isTriedAgain(this.at(execution), error)) return this.caught(run, name, error);
    run.set(keyOf.execution(name), { ...execution, token: undefined, failing: error });
  }

  /** The present task has failed for good. */
  async caught(run: Run, name: string, error: string): Promise<void> {
    const execution = run.get<Execution>(keyOf.execution(name));
    const handler = catchOf(this.at(execution), error);
    if (!handler) throw new Error(`${execution.machine} does not catch ${error} in ${execution.state}`);
    const errorOutput = { Error: error, Cause: CAUSE };
    const scope = this.scope(name, execution, { input: execution.input, errorOutput });
    const variables = { ...execution.variables, ...((await evaluated(tidyAssign(handler.Assign), scope)) as object | undefined) };
    const output = handler.Output === undefined ? errorOutput : await evaluated(handler.Output, scope);
    const late = passed(execution);
    run.set(keyOf.execution(name), { ...execution, variables, late, token: undefined, child: undefined, failing: undefined, tries: 0 });
    if (execution.inner !== undefined) {
      const behind = stateOf(this.definitions, execution.machine, execution.state, handler.Next);
      if (behind.Type !== 'Pass' || !behind.End || behind.Output !== undefined) throw new Error(`a branch goes on after ${execution.inner}`);
      return this.branchEnded(run, name, tidy(output));
    }
    await this.enter(run, name, handler.Next, tidy(output), variables);
  }

  /** Somebody answers a token: the execution that waits for it goes on, if there is one. */
  async answer(run: Run, token: string, answer: Answer): Promise<void> {
    const found = [...run.world].find(([key, value]) => key.startsWith('execution ') && (value as Execution).token === token);
    if (!found || (found[1] as Execution).status !== 'running') return;
    const name = found[0].slice('execution '.length);
    if ('success' in answer) await this.succeeded(run, name, answer.success);
    else await this.caught(run, name, answer.error);
  }

  /** An execution is stopped from outside, or its time is up. */
  async kill(run: Run, name: string): Promise<void> {
    const execution = run.get<Execution>(keyOf.execution(name));
    await this.ended(run, name, { ...execution, status: 'failed' }, 'ABORTED');
  }

  private async enter(run: Run, name: string, stateName: string, input: unknown, variables: Execution['variables']): Promise<void> {
    const execution = run.get<Execution>(keyOf.execution(name));
    const here: Execution = { ...execution, state: stateName, inner: undefined, input, variables };
    const state = stateOf(this.definitions, execution.machine, stateName);
    run.set(keyOf.execution(name), here);
    switch (state.Type) {
      case 'Task':
        if (startsChild(state)) await this.startChild(run, name, here);
        return;
      case 'Parallel': {
        const [branch, ...more] = state.Branches ?? [];
        if (!branch || more.length > 0) throw new Error(`the exploration takes one branch at a time, ${stateName} has ${more.length + 1}`);
        return run.set(keyOf.execution(name), { ...here, inner: branch.StartAt });
      }
      case 'Choice':
        return this.choose(run, name, here, state);
      case 'Succeed':
        return this.ended(run, name, { ...here, status: 'succeeded' });
      case 'Fail':
        return this.ended(run, name, { ...here, status: 'failed', input: {} }, 'FAILED');
      default:
        throw new Error(`the exploration knows no ${state.Type}, as ${stateName} is`);
    }
  }

  private async choose(run: Run, name: string, execution: Execution, { Choices = [], Default }: State): Promise<void> {
    const scope = this.scope(name, execution, { input: execution.input });
    for (const rule of Choices) {
      if ((await evaluated(rule.Condition, scope)) !== true) continue;
      const variables = { ...execution.variables, ...((await evaluated(tidyAssign(rule.Assign), scope)) as object | undefined) };
      return this.enter(run, name, rule.Next, execution.input, variables);
    }
    await this.enter(run, name, Default as string, execution.input, execution.variables);
  }

  private async branchEnded(run: Run, name: string, output: unknown): Promise<void> {
    const execution = run.get<Execution>(keyOf.execution(name));
    const { Next } = stateOf(this.definitions, execution.machine, execution.state);
    await this.enter(run, name, Next as string, [output], execution.variables);
  }

  private async ended(run: Run, name: string, execution: Execution, how?: Ended['status']): Promise<void> {
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
    if (how) await this.caught(run, parent, 'States.TaskFailed');
    else await this.succeeded(run, parent, { Output: execution.input, Status: 'SUCCEEDED' });
  }

  private scope(name: string, { machine, started, variables, tries }: Execution, { token, ...states }: Record<string, unknown>): Scope {
    const Execution = { Id: arnOf(name, machine), Name: name, Input: started };
    return {
      states: { ...states, context: { Execution, State: { EnteredTime: ENTERED, RetryCount: tries }, ...(token !== undefined && { Task: { Token: token } }) } },
      variables,
    };
  }
}

/** The tasks an execution has behind it once it leaves its state. */
function passed({ child, state, inner, late }: Execution): readonly string[] {
  return child === undefined ? [inner ?? state, ...late].slice(0, LATE) : late;
}

/** An answer without the words of its failure, and without which ticket there is of it. */
function tidy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(tidy);
  const { ticket: _ticket, ...rest } = value as Record<string, unknown>;
  return 'failure' in rest ? { ...rest, failure: FAILURE } : rest;
}

function tidyAssign(assign: Readonly<Record<string, unknown>> | undefined): unknown {
  return assign && ('failure' in assign ? { ...assign, failure: FAILURE } : assign);
}
