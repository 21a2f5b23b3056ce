import type { UndoesView } from '../../contract';
import type { EnvironmentState, Release } from '../model';

/** What a release that is on its way would undo: emergencies that it was built without, where they are live and it may go live in place of them. */
export function undoes({ status, aborted, builtWithout = [], plan }: Release, states: readonly EnvironmentState[]): UndoesView[] | undefined {
  if (status !== 'submitted' || aborted) return undefined;
  const isLive = (emergency: string, environment: string) => states.some((state) => state.environment === environment && state.live?.version === emergency);
  const undone = builtWithout
    .map((emergency) => ({ emergency, environments: plan.map(({ environment }) => environment).filter((environment) => isLive(emergency, environment)) }))
    .filter(({ environments }) => environments.length > 0);
  return undone.length > 0 ? undone : undefined;
}
