import { Template } from 'aws-cdk-lib/assertions';
import { definitionsIn } from '../../../test/workflow/machines';
import { ENVIRONMENT, PATH } from '../names';
import { faultsApp } from './app';

interface State {
  readonly States?: Readonly<Record<string, State>>;
  readonly Branches?: readonly State[];
}

/** Every state of the synthesized machine of the environment, those in branches included. */
export function synthesizedStates(): string[] {
  const machine = definitionsIn(Template.fromStack(faultsApp().path.hub))[`${PATH}-${ENVIRONMENT}`];
  return namesIn(machine as State | undefined);
}

function namesIn(machine: State | undefined): string[] {
  return Object.entries(machine?.States ?? {}).flatMap(([name, state]) => [name, ...(state.Branches ?? []).flatMap(namesIn)]);
}
