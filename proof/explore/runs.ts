import type { Order } from './path';
import type { Bounds } from './search/bounds';

/** What `npm run explore` looks at: two releases with one trouble, and one release with two. */
export const THOROUGH: readonly Bounds[] = [
  { releases: 2, troubles: 1, overtaken: false, fromNothing: false },
  { releases: 2, troubles: 0, overtaken: true, fromNothing: false },
  { releases: 1, troubles: 2, overtaken: true, fromNothing: false },
  { releases: 1, troubles: 1, overtaken: true, fromNothing: true },
  { releases: 1, troubles: 2, overtaken: false, fromNothing: false, breaks: 'undoable' },
  { releases: 1, troubles: 2, overtaken: false, fromNothing: false, breaks: 'final' },
  { releases: 1, troubles: 2, overtaken: false, fromNothing: false, freezes: true },
  { releases: 1, troubles: 2, overtaken: false, fromNothing: false, breaks: 'undoable', freezes: true },
  { releases: 1, troubles: 2, overtaken: false, fromNothing: false, waves: true },
  { releases: 2, troubles: 1, overtaken: false, fromNothing: false, order: 'queue' },
  { releases: 2, troubles: 1, overtaken: false, fromNothing: false, order: 'newestWins' },
  { releases: 2, troubles: 1, overtaken: false, fromNothing: false, order: 'emergency' },
  { releases: 2, troubles: 0, overtaken: true, fromNothing: false, order: 'newestWins' },
];

/** The same with one trouble less, in a minute: for a pipeline. */
export const QUICK: readonly Bounds[] = [
  { releases: 2, troubles: 0, overtaken: true, fromNothing: false },
  { releases: 1, troubles: 1, overtaken: true, fromNothing: false },
  { releases: 1, troubles: 1, overtaken: true, fromNothing: true },
  { releases: 1, troubles: 1, overtaken: false, fromNothing: false, breaks: 'undoable' },
  { releases: 1, troubles: 1, overtaken: false, fromNothing: false, breaks: 'final' },
  { releases: 1, troubles: 1, overtaken: true, fromNothing: false, freezes: true },
  { releases: 1, troubles: 1, overtaken: false, fromNothing: false, breaks: 'undoable', freezes: true },
  { releases: 1, troubles: 1, overtaken: true, fromNothing: false, waves: true },
  { releases: 2, troubles: 0, overtaken: false, fromNothing: false, order: 'queue' },
  { releases: 2, troubles: 0, overtaken: false, fromNothing: false, order: 'newestWins' },
  { releases: 2, troubles: 0, overtaken: false, fromNothing: false, order: 'emergency' },
];

const IN_ORDER: Readonly<Record<Order, string>> = {
  queue: 'where they wait for their turn, ',
  newestWins: 'where the newest wins, ',
  emergency: 'of which the second is an emergency, ',
};

export function boundsInWords({ releases, troubles, overtaken, fromNothing, breaks, freezes, waves, order }: Bounds): string {
  const start = fromNothing ? 'where nothing was released before' : 'where a version is live';
  const between = overtaken ? 'functions overtaken at each effect' : 'functions one after the other';
  const how = breaks && ` that ${releases === 1 ? 'breaks' : 'break'} it${breaks === 'undoable' ? ', and can take that back' : ''},`;
  const frozen = freezes ? 'where environments are frozen, ' : '';
  const through = waves ? 'through two waves, ' : '';
  const turns = order ? IN_ORDER[order] : '';
  return `${counted(releases, 'release')}${how ?? ''} ${start}, ${frozen}${through}${turns}at most ${counted(troubles, 'trouble')}, ${between}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
