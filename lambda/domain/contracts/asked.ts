import type { TaskInput } from '../../contract';
import type { Contracting, EnvironmentState } from '../model';

/** Whether a contract was asked for, and this execution is to run it. */
export function isAskedBy(
  state: EnvironmentState,
  { execution }: Pick<TaskInput, 'execution'>,
): state is EnvironmentState & { readonly contracting: Contracting } {
  return state.contracting?.execution === execution;
}

/** Why an execution does not go on with a contract that it was started for. */
export function takenOver({ contracting }: EnvironmentState): string {
  return contracting ? `${contracting.by} asked for the contract of ${contracting.release} since, at ${contracting.at}` : 'it has ended';
}
