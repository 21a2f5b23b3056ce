import { type Kind, keyOf } from './bins';

/** Okabe and Ito's palette, without its yellow (too light on white) and its vermilion (kept for errors). https://jfly.uni-koeln.de/color */
const VERSIONS = ['#0072B2', '#009E73', '#E69F00', '#CC79A7', '#56B4E9'];
const ERRORS = '#D55E00';
const BEFORE = '#D9D9D9';
const LOST = '#000000';

/** A colour for each kind of answer, the same in every panel. */
export function colours(kinds: readonly Kind[]): { readonly kinds: readonly Kind[]; readonly fill: (kind: Kind) => string } {
  const once = [...new Map(kinds.map((kind) => [keyOf(kind), kind]))].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
  const versions = [...new Set(once.flatMap((kind) => ('version' in kind ? [kind.version] : [])))];
  const fill = (kind: Kind): string => {
    if ('nobody' in kind) return kind.nobody === 'before' ? BEFORE : LOST;
    return kind.failed ? ERRORS : (VERSIONS[versions.indexOf(kind.version) % VERSIONS.length] ?? LOST);
  };
  return { kinds: once, fill };
}
