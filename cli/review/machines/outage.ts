import type { Machine } from './machines';

/** The states of a machine by which users are taken out of every version, kept out, and by which what was changed meanwhile is taken back. */
export interface OutageStates {
  readonly begins: string;
  readonly stays: string;
  readonly undoes: string;
}

/** Known by what their functions are told, as the contract has it; undefined where the machine has no outage. */
export function outageOf({ definition }: Pick<Machine, 'definition'>): OutageStates | undefined {
  const told = (outage: string) =>
    Object.keys(definition.States).find(
      (name) => (definition.States[name]?.Arguments as { readonly Payload?: { readonly outage?: string } } | undefined)?.Payload?.outage === outage,
    );
  const [begins, stays, undoes] = [told('begins'), told('stays'), told('undoes')];
  return begins === undefined || stays === undefined || undoes === undefined ? undefined : { begins, stays, undoes };
}
