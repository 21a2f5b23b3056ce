import type { ContractView } from '../../contract';
import { ofKind } from '../migrations/declared';
import type { EnvironmentState } from '../model';

/** What is left of the contract that the live version brings, so that somebody asks for it; undefined when nothing is. */
export function contractView(state: EnvironmentState, now: string): ContractView | undefined {
  const { live, slots, contracts, contracting, lock } = state;
  const slot = live && slots[live.colour];
  const finished = new Set(contracts?.flatMap(({ name, finishedAt }) => (finishedAt === undefined ? [] : [name])));
  const left = ofKind(slot?.migrations, 'contract').filter(({ name }) => !finished.has(name));
  if (!live || left.length === 0) return undefined;
  const started = contracts?.some(({ name }) => left.some((migration) => migration.name === name));
  const until = live.earlyLifeSupportUntil;
  return {
    migrations: left.map(({ name }) => name),
    state: lock?.contract ? 'running' : contracting ? 'asked' : started ? 'halfDone' : 'notAsked',
    ...(contracting && { by: contracting.by }),
    ...(until !== undefined && now < until && { notBefore: until }),
  };
}
