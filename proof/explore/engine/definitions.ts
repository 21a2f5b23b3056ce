import type { DefinitionJson, StateJson } from '../../../cli/review/machines/graph';

/** Of the Amazon States Language, what the synthesized machines use besides what the review reads. */
export interface State extends StateJson {
  readonly Output?: unknown;
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Next: string;
    readonly Assign?: Readonly<Record<string, unknown>>;
    readonly Output?: unknown;
  }[];
}

export type Definitions = Readonly<Record<string, DefinitionJson>>;

/** The functions that the machines call, by what their ARN says. */
export type Task = 'Enter' | 'Deploy' | 'RunTest' | 'OpenGate' | 'MoveTraffic' | 'StartBake' | 'ReadGates' | 'Accept' | 'Stop' | 'Finish';

const FUNCTION = /Functions(\w+?)FunctionCurrentVersion/;

export function taskOf(state: State): Task {
  const name = FUNCTION.exec(String(state.Arguments?.FunctionName))?.[1];
  if (name === undefined) throw new Error(`not a function of the hub: ${JSON.stringify(state.Arguments)}`);
  return name as Task;
}

export const startsChild = ({ Resource = '' }: State) => Resource.includes('states:startExecution.sync');
export const waitsForToken = ({ Resource = '' }: State) => Resource.endsWith('.waitForTaskToken');

export const isTriedAgain = ({ Retry = [] }: State, error: string) =>
  Retry.some(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'));

export function catchOf({ Catch = [] }: State, error: string) {
  return Catch.find(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'));
}

/** A state of a machine; or of the one branch of a Parallel. */
export function stateOf(definitions: Definitions, machine: string, name: string, inner?: string): State {
  const outer = definitions[machine]?.States[name];
  const found = inner === undefined ? outer : outer?.Branches?.[0]?.States[inner];
  if (found === undefined) throw new Error(`${machine} has no state ${JSON.stringify(inner ?? name)}`);
  return found as State;
}
