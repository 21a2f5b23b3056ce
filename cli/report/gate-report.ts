import { type GateView, type ReleaseView, type StatusView, timeInWords } from '../../lambda/contract';
import { undoesInWords } from './emergency';
import { person } from './person';
import { fields } from './table';
import { instant } from './time';
import { gateName } from './waiting';

/**
 * What is being decided, and by whom so far.
 *
 * @param release that it is about: whoever decides sees whether that is an emergency, and why; or what it undoes
 */
export function gateReport(gate: GateView, columns: number, release?: ReleaseView): string[] {
  const parties = gate.parties.map((party) => [party.name, saidAt(party, isAsked(gate, release))] as const);
  const runs = gate.runs === undefined ? [] : [['runs', gate.runs.join(', ')] as const];
  const measured = gate.about === undefined ? [] : [[ABOUT[gate.gate] ?? 'inconclusive', gate.about] as const];
  const emergency = release?.emergency === undefined ? [] : [['emergency', release.emergency] as const];
  const undone = release && gate.gate !== 'contract' ? undoesInWords(release) : undefined;
  const undoes = undone === undefined ? [] : [['undoes', undone] as const];
  const about = [
    ['digest', gate.digest],
    ...emergency,
    ...undoes,
    ...runs,
    ...outage(gate),
    ...measured,
    ['until', instant(gate.expiresAt)],
    ...parties,
  ] as const;
  return [`Release ${gate.release} at ${gateName(gate)}`, ...fields(about, columns)];
}

/** The release that waits at a gate, as far as it is under way. */
export function releaseAt({ release }: GateView, { releases }: StatusView): ReleaseView | undefined {
  return releases.find(({ version }) => version === release);
}

/** What `about` is of a gate. */
const ABOUT: Readonly<Partial<Record<GateView['gate'], string>>> = { rollBackTarget: 'takes', firebreak: 'fix-forward', goNoGo: 'fix-forward' };

/** What a go means for users. */
function outage({ outage: planned }: GateView): (readonly [string, string])[] {
  if (planned === undefined) return [];
  const back = planned.undoable
    ? 'if it fails, what runs is taken back, and they get the version before'
    : 'if it fails once something has started, they stay without one until a person decides: nothing takes it back';
  return [['outage', `users have no version for up to ${timeInWords(planned.longestSeconds)}, then the new one, all at once; ${back}`]];
}

/** The same gate as the release has it after a decision. */
export function asAnswered(asked: GateView, { gates }: ReleaseView): GateView {
  return gates.find(({ environment, gate }) => environment === asked.environment && gate === asked.gate) ?? asked;
}

/** Whether anybody is still asked: not where a release has ended that nobody decided about. A contract is of one that is live. */
export function isAsked({ gate, status }: GateView, release?: Pick<ReleaseView, 'status'>): boolean {
  return (status === 'open' || status === 'accepted') && (gate === 'contract' || release === undefined || release.status === 'submitted');
}

/** What a party said, by whom and when; or that it is asked, or was. */
export function saidAt({ decision, by, reason, at }: GateView['parties'][number], asked: boolean): string {
  if (decision === undefined) return asked ? 'is asked' : 'was asked, and has not answered';
  const when = at === undefined ? '' : `, ${instant(at)}`;
  return `${decision === 'accept' ? 'accepted' : 'refused'} (${person(by ?? '?')}${when}): ${reason ?? ''}`;
}
