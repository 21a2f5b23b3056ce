import { listed, type ReleaseView } from '../../lambda/contract';

type Emergency = Pick<ReleaseView, 'version' | 'evicted' | 'status' | 'ownMachine'>;

/**
 * What becomes of those whose place an emergency took: they come back by themselves, and were built without it; where a team's own machine brings releases, when that
 * brings them.
 * @returns undefined where it took none
 */
export function comeBack({ version, evicted = [], status, ownMachine }: Emergency): string | undefined {
  if (evicted.length === 0) return undefined;
  const when = status === 'submitted' ? 'when it has ended' : 'now that it has ended';
  const [is, goes, it, lacks, comes] = evicted.length === 1 ? ['is', 'goes', 'it', 'it lacks', 'comes'] : ['are', 'go', 'them', 'they lack', 'come'];
  if (ownMachine !== undefined)
    return `${listed(evicted)}, whose place ${version} took, ${comes} back when your machine, ${ownMachine}, brings ${it} once more`;
  return `${listed(evicted)}, whose place ${version} took, ${is} submitted anew ${when}, and ${goes} live in place of it where nobody stops ${it}: abort ${it}, if ${lacks} what ${version} mends`;
}

/** The same for who looks at it later, when those may have ended, too. */
export function cameBack(release: Emergency): string | undefined {
  const { version, evicted = [], status, ownMachine } = release;
  if (evicted.length === 0 || status === 'submitted' || ownMachine !== undefined) return comeBack(release);
  const it = evicted.length === 1 ? 'it' : 'them';
  const look = evicted.map((each) => `ptl status ${each}`).join(', ');
  return `${listed(evicted)}, whose place ${version} took; submitted anew when that had ended, where nobody had said no to ${it} by then: ${look}`;
}

/** Commands that keep them out; they are heard whether it has stopped or not. None where nothing brings them by itself. */
export function keepOut({ evicted = [], ownMachine }: Pick<ReleaseView, 'evicted' | 'ownMachine'>): string[] {
  return (ownMachine === undefined ? evicted : []).map((release) => `ptl abort ${release} --reason "<why>"`);
}
