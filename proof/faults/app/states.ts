import { Template } from 'aws-cdk-lib/assertions';
import { definitionsIn } from '../../../test/workflow/machines';
import { PLACES, type PlaceName } from '../names';
import { faultsApp } from './app';

interface State {
  readonly States?: Readonly<Record<string, State>>;
  readonly Branches?: readonly State[];
}

/** Every state of the synthesized machines of a path, those in branches included: of its environment, and of the path itself. */
export function synthesizedStates(place: PlaceName): { readonly environment: readonly string[]; readonly path: readonly string[] } {
  const { path, environment } = PLACES[place];
  const machines = definitionsIn(Template.fromStack(faultsApp({ place }).path.hub));
  return { environment: namesIn(machines[`${path}-${environment}`] as State), path: namesIn(machines[`${path}-path`] as State) };
}

function namesIn(machine: State | undefined): string[] {
  return Object.entries(machine?.States ?? {}).flatMap(([name, state]) => [name, ...(state.Branches ?? []).flatMap(namesIn)]);
}
