import { listed, type ReleaseView } from '../../lambda/contract';

type Emergency = Pick<ReleaseView, 'version' | 'evicted' | 'status'>;

/** What becomes of those whose place an emergency took: they come back by themselves, and were built without it. @returns undefined where it took none */
export function comeBack({ version, evicted = [], status }: Emergency): string | undefined {
  if (evicted.length === 0) return undefined;
  const when = status === 'submitted' ? 'when it has ended' : 'now that it has ended';
  const [is, goes, it, lacks] = evicted.length === 1 ? ['is', 'goes', 'it', 'it lacks'] : ['are', 'go', 'them', 'they lack'];
  return `${listed(evicted)}, whose place ${version} took, ${is} submitted anew ${when}, and ${goes} live in place of it where nobody stops ${it}: abort ${it}, if ${lacks} what ${version} mends`;
}

/** The same for who looks at it later, when those may have ended, too. */
export function cameBack(release: Emergency): string | undefined {
  const { version, evicted = [], status } = release;
  if (evicted.length === 0 || status === 'submitted') return comeBack(release);
  const it = evicted.length === 1 ? 'it' : 'them';
  const look = evicted.map((each) => `ptl status ${each}`).join(', ');
  return `${listed(evicted)}, whose place ${version} took; submitted anew when that had ended, where nobody had said no to ${it} by then: ${look}`;
}

/** Commands for that; they are heard whether it has stopped or not. */
export function keepOut({ evicted = [] }: Pick<ReleaseView, 'evicted'>): string[] {
  return evicted.map((release) => `ptl abort ${release} --reason "<why>"`);
}
