import { dirname } from 'node:path/posix';
import type { Mutant } from './mutant';
import type { Survivor } from './survivors';
import type { Tried } from './try-room';

/** Of a room, or of all. */
export interface Score {
  readonly room: string;
  readonly found: number;
  /** Of those, only by never coming to an end. */
  readonly timedOut: number;
  /** Survived, with a reason that is listed. */
  readonly listed: number;
  readonly survived: readonly Mutant[];
  readonly seconds: number;
}

/** Percent of mutants that must be found, of those that are not listed. */
export const LEAST = 90;

const isOf = (mutant: Mutant, { file, on, from, to }: Survivor) => mutant.file === file && mutant.on === on && mutant.from === from && mutant.to === to;

export function scoreOf({ room, found, timedOut, survived, seconds }: Tried, listed: readonly Survivor[]): Score {
  const left = survived.filter((mutant) => !listed.some((each) => isOf(mutant, each)));
  return { room, found, timedOut, listed: survived.length - left.length, survived: left, seconds };
}

export function inAll(scores: readonly Score[]): Score {
  const sum = (of: (score: Score) => number) => scores.reduce((total, score) => total + of(score), 0);
  return {
    room: 'in all',
    found: sum(({ found }) => found),
    timedOut: sum(({ timedOut }) => timedOut),
    listed: sum(({ listed }) => listed),
    survived: scores.flatMap(({ survived }) => survived),
    seconds: sum(({ seconds }) => seconds),
  };
}

/** Percent that was found of those that are not listed; all where there are none. */
export function percentOf({ found, survived }: Score): number {
  const all = found + survived.length;
  return all === 0 ? 100 : (found / all) * 100;
}

/** Entries of the list that are true no more: of what was tried, their mutant is found by now, or its place is gone. */
export function untrue(tried: readonly Tried[], listed: readonly Survivor[]): readonly Survivor[] {
  const rooms = tried.map(({ room }) => room);
  return listed.filter((each) => rooms.includes(dirname(each.file)) && !tried.some(({ survived }) => survived.some((mutant) => isOf(mutant, each))));
}
