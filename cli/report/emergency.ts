import { listed, type ReleaseView } from '../../lambda/contract';

type Emergency = Pick<ReleaseView, 'version' | 'evicted' | 'staysAway' | 'status' | 'ownMachine'>;

/**
 * What becomes of those whose place an emergency took: they come back by themselves, and were built without it; where a team's own machine brings releases, when that
 * brings them.
 * @returns undefined where it took none, or none comes back
 */
export function comeBack(release: Emergency): string | undefined {
  const { version, status, ownMachine } = release;
  const evicted = thoseThatComeBack(release);
  if (evicted.length === 0) return undefined;
  const when = status === 'submitted' ? 'when it has ended' : 'now that it has ended';
  const [is, goes, it, lacks, comes] = evicted.length === 1 ? ['is', 'goes', 'it', 'it lacks', 'comes'] : ['are', 'go', 'them', 'they lack', 'come'];
  if (ownMachine !== undefined)
    return `${listed(evicted)}, whose place ${version} took, ${comes} back when your machine, ${ownMachine}, brings ${it} once more`;
  return `${listed(evicted)}, whose place ${version} took, ${is} submitted anew ${when}, and ${goes} live in place of it where nobody stops ${it}: abort ${it}, if ${lacks} what ${version} mends`;
}

/** The same for who looks at it later, when those may have ended, too; and of those that stay away. */
export function cameBack(release: Emergency): string | undefined {
  const { version, evicted = [], staysAway = [], status, ownMachine } = release;
  const back = thoseThatComeBack(release);
  const look = (all: readonly string[]) => all.map((each) => `ptl status ${each}`).join(', ');
  const stay = staysAway.length === 1 ? 'stays' : 'stay';
  const away = staysAway.length === 0 ? [] : [`${listed(staysAway)}, whose place ${version} took, ${stay} away: ${look(staysAway)}`];
  if (evicted.length === 0) return undefined;
  if (back.length === 0 || status === 'submitted' || ownMachine !== undefined) return [comeBack(release) ?? [], away].flat().join('; ');
  const it = back.length === 1 ? 'it' : 'them';
  const later = `${listed(back)}, whose place ${version} took; submitted anew when that had ended, where nobody had said no to ${it} by then: ${look(back)}`;
  return [later, ...away].join('; ');
}

/** Commands that keep them out; they are heard whether it has stopped or not. None where nothing brings them by itself. */
export function keepOut(release: Emergency): string[] {
  return release.ownMachine === undefined ? thoseThatComeBack(release).map(abort) : [];
}

function thoseThatComeBack({ evicted = [], staysAway = [] }: Emergency): string[] {
  return evicted.filter((version) => !staysAway.includes(version));
}

/** What is undone where one of them goes live that has come back, for who decides about it. */
export function undoesInWords({ version, undoes = [] }: Pick<ReleaseView, 'version' | 'undoes'>): string | undefined {
  if (undoes.length === 0) return undefined;
  const places = undoes.map(({ emergency, environments }) => `what the emergency ${emergency} mends, whose place it takes in ${listed(environments)}`);
  return `${places.join(', and ')}: ${version} was submitted before, and lacks that unless it was mended there, too`;
}

/** Keeps it out. None where it undoes nothing. */
export function notUndone({ version, undoes = [] }: Pick<ReleaseView, 'version' | 'undoes'>): string[] {
  return undoes.length === 0 ? [] : [abort(version)];
}

const abort = (version: string) => `ptl abort ${version} --reason "<why>"`;
