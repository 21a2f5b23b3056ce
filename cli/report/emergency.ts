import type { ReleaseView } from '../../lambda/contract';

/** What becomes of those whose place an emergency took: they come back by themselves, and were built without it. @returns undefined where it took none */
export function comeBack({ version, evicted = [], status }: Pick<ReleaseView, 'version' | 'evicted' | 'status'>): string | undefined {
  if (evicted.length === 0) return undefined;
  const when = status === 'submitted' ? 'when it has ended' : 'now that it has ended';
  return `${evicted.join(' and ')}, whose place ${version} took, is submitted anew ${when}, and goes live in place of it where nobody stops it: abort it, if it lacks what ${version} mends`;
}

/** Commands for that; they are heard whether it has stopped or not. */
export function keepOut({ evicted = [] }: Pick<ReleaseView, 'evicted'>): string[] {
  return evicted.map((release) => `ptl abort ${release} --reason "<why>"`);
}
