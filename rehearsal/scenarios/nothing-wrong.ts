import type { DoctorView } from '../../lambda/contract';
import { ptl, type Refusal } from '../people/ptl';
import type { World } from '../world';

/** The service desk compares, in every environment, what there is with what the ledger says. @param when for the promise */
export async function nothingIsWrong({ root, people, path, promises, narrator, plans }: World, when: string): Promise<void> {
  const { exitCode, document } = await ptl<DoctorView & Partial<Refusal>>(root, people.serviceDesk, path, ['doctor']);
  const { environments = [], findings = [], error } = document;
  const seen = error?.message ?? (findings.map(({ subject, actual }) => `${subject}: ${actual}`).join('; ') || `${environments.length} environments looked at`);
  promises.check(`everything is as the ledger says ${when}`, exitCode === 0 && environments.length === plans.length && findings.length === 0, seen);
  narrator.say(`${people.serviceDesk.name} looks for what is not as it must be: ptl doctor (${seen}).`);
}
