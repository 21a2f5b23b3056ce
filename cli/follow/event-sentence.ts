import { type AuditView, type EventName, timeInWords } from '../../lambda/contract';
import { versionInWords } from '../report/held';
import { shortLine } from '../report/in-short';
import { person } from '../report/person';

/** What happened, in a line for whoever reads the log of a pipeline. */
export function eventSentence(event: AuditView, version: string): string {
  const where = event.environment === undefined ? '' : `${event.environment}: `;
  const why = event.why === undefined || event.why === '' ? '' : `: ${event.why}`;
  return shortLine(`${where}${SENTENCES[event.what]?.(event, version) ?? event.what}${why}`);
}

type Sentence = (event: AuditView, version: string) => string;

// A detail is for machines, and may be older or newer than this ptl: what it does not hold is left out of the sentence.
const SENTENCES: Readonly<Record<EventName, Sentence>> = {
  ReleaseSubmitted: (event, version) => {
    const attempt = Number(word(event, 'attempt')) > 1 ? `, attempt ${word(event, 'attempt')}` : '';
    const migrations = migrationsOf(event);
    const brings = migrations.length === 0 ? '' : `; it brings ${migrations.join(' and ')}`;
    const firebreaks = words(event, 'firebreaks');
    const firebreak = firebreaks.length === 0 ? '' : `; there will be a firebreak in front of ${firebreaks.join(' and ')}`;
    return `${version} submitted by ${person(event.who)}${attempt}${special(event)}${brings}${firebreak}`;
  },
  SubmissionRefused: (event, version) => `a submission of ${version} by ${person(event.who)} was refused`,
  TurnAwaited: (event, version) => `${version} waits for its turn behind ${word(event, 'behind')}, until ${word(event, 'until')} at most`,
  ReleaseSuperseded: (event, version) =>
    `${version} ${event.detail.emergency === true ? 'evicted by the emergency release' : 'superseded by release'} ${word(event, 'by')}; what was accepted about it here is void`,
  EnvironmentEntered: (event, version) => `${version} enters${colour(event, ', for the slot ')}${replaces(event)}`,
  SlotDeployed: (event, version) => `${version} deployed to the shadow${colour(event, ', slot ')}`,
  MigrationStarted: (event) =>
    `${migrationOf(event)} ${event.detail.undo === true ? 'is taken back' : 'runs'}${word(event, 'after') === '' ? '' : `, once more: it ${BEFORE[word(event, 'after')] ?? word(event, 'after')} with ${word(event, 'by')}`}`,
  MigrationFinished: (event) =>
    `${migrationOf(event)} finished after ${word(event, 'seconds')} s, never to run here again${word(event, 'said') === '' ? '' : `: ${word(event, 'said')}`}`,
  MigrationFailed: (event) => `${migrationOf(event)} failed: ${word(event, 'actual')}`,
  MigrationUndone: (event) =>
    `${migrationOf(event)} taken back after ${word(event, 'seconds')} s${word(event, 'said') === '' ? '' : `: ${word(event, 'said')}`}`,
  OutageBegan: (event) =>
    `outage ${event.detail.again === true ? 'goes on: users are taken out again' : `begins: users have no version until ${word(event, 'until')} at most`}`,
  OutageEnded: (event) => `outage over after ${word(event, 'seconds')} s: ${word(event, 'how')}`,
  ContractRequested: (event) => `${person(event.who)} asked for the contract ${words(event, 'migrations').join(' and ')}`,
  ContractGateOpened: (event) => `contract, waits for ${parties(event)}`,
  ContractGatePassed: () => 'contract agreed to',
  ContractFinished: (event) => `contract ${words(event, 'migrations').join(' and ')} finished: no older version is a roll-back target here any more`,
  ContractStopped: (event) => `contract ${words(event, 'migrations').join(' and ')} stopped, live traffic stayed where it was`,
  TargetGateOpened: (event) => `waits for ${parties(event)}: ${word(event, 'about') || 'it would take the slot of what can be rolled back to'}`,
  TargetGatePassed: () => 'may take the slot of what can be rolled back to',
  AlarmsFiredBefore: (event) => `fix-forward: alarms that fired before it do not count${colour(event, ' in the slot ')} unless they get worse`,
  TestFinished: (event) => `test ${quoted(event, 'test')} ${word(event, 'verdict')}${word(event, 'verdict') === 'passed' ? '' : `: ${word(event, 'actual')}`}`,
  FirebreakOpened: (event) => `firebreak, waits for ${parties(event)}`,
  GoNoGoOpened: (event) => `go/no-go, waits for ${parties(event)}${outageOf(event)}`,
  DecisionRecorded: (event) => `${word(event, 'party')} ${word(event, 'decision') === 'refuse' ? 'refused' : 'accepted'} (${person(event.who)})`,
  FirebreakPassed: (event) => `firebreak passed, resumed by ${person(event.who)}`,
  GoNoGoPassed: () => 'go',
  GateRefused: (event) => `${REFUSED[word(event, 'gate')] ?? 'refused'} by ${person(event.who)}`,
  CapacityRaised: (event) =>
    `${slotOf(event)} raised from ${word(event, 'from')} to ${word(event, 'to')}${word(event, 'seconds') === '' ? '' : `, healthy after ${word(event, 'seconds')} s`}`,
  CapacityLowered: (event) =>
    `${slotOf(event)} lowered from ${word(event, 'from')} to ${word(event, 'to')}, it has served nobody since ${word(event, 'idleSince')}`,
  TrafficShifted: (event, version) =>
    `${word(event, 'percent')} percent of live traffic goes to ${version}${colour(event, ', slot ')}${word(event, 'atOnce') === '' ? '' : `: ${word(event, 'atOnce')}`}`,
  PauseOpened: (event) => `${paused(event)} at ${word(event, 'percent')} percent, watched, waits for ${parties(event)}`,
  PausePassed: (event) => `goes on from ${word(event, 'percent')} percent`,
  MismatchFound: () => 'the live rule is not what the ledger says',
  AlarmRaised: (event) => `alarm ${quoted(event, 'alarm')}`,
  ReleaseLive: (event, version) => `${version} is live${colour(event, ', slot ')}`,
  ReleaseStopped: (event, version) => `${whose(event, version)} stopped, ${STOPPED[word(event, 'outage')] ?? 'no live traffic was moved'}`,
  ReleaseRolledBack: (event, version) => `${whose(event, version)} rolled back, ${wentBackTo(event)}`,
  ReleaseAborted: (event, version) => `${version} aborted by ${person(event.who)}`,
  RollBackRequested: (event) => `roll back asked for by ${person(event.who)}`,
  ReleaseFinished: (event, version) => (word(event, 'outcome') === 'live' ? `${version} has gone the whole path` : `${version} has ended`),
  TicketRaised: (event) => `ticket ${word(event, 'ticket')}`,
  EnvironmentFrozen: (event) =>
    `frozen by ${person(event.who)}, ${word(event, 'until') === '' ? 'until somebody ends it' : `until ${word(event, 'until')}`}${frozenBefore(event)}`,
  EnvironmentUnfrozen: (event) => `freeze ended by ${person(event.who)}`,
  RetirementRequested: (event) => `${person(event.who)} asked for the whole path to be taken out`,
  TrafficRestored: () => 'users get what served before any release',
  EnvironmentRetired: () => 'retired: its slots are removed',
  DriftFound: (event) => `${word(event, 'subject') || 'something'} is not as it must be: ptl doctor says how`,
  EnvironmentRecovered: (event) => `recovered by ${person(event.who)}: ${word(event, 'did') || 'something was put right'}`,
  SafetyNetActed: () => 'the safety net acted, because the release ended without doing so itself',
};

/** Why it may what others may not, in the words of who submitted it; or that it comes back behind an emergency. */
function special(event: AuditView): string {
  const [emergency, fixForward, after] = [word(event, 'emergency'), word(event, 'fixForward'), word(event, 'requeuedAfter')];
  return [
    emergency === '' ? '' : `, an emergency: ${emergency}`,
    fixForward === '' ? '' : `, a fix-forward: ${fixForward}`,
    after === '' ? '' : `, anew by the hub: the emergency ${after}, which took its place, has ended`,
  ].join('');
}

/** What became of a migration before it runs once more, where that is not the ledger's word. */
const BEFORE: Readonly<Record<string, string>> = { undone: 'was taken back' };

/** What a stop leaves behind that came after an outage had begun. */
const STOPPED: Readonly<Record<string, string>> = { stays: 'and users stay without a version', over: 'users have what they had before its outage' };

const REFUSED: Readonly<Record<string, string>> = {
  firebreak: 'refused at the firebreak',
  goNoGo: 'no-go',
  contract: 'contract refused',
  rollBackTarget: 'the roll-back target is kept',
  pause: 'refused to go on',
  inconclusive: 'refused to go on',
};

function paused(event: AuditView): string {
  const about = word(event, 'about');
  return about === '' ? 'paused' : `inconclusive (${about})`;
}

function outageOf({ detail }: AuditView): string {
  const { longestSeconds } = (detail.outage ?? {}) as { readonly longestSeconds?: number };
  return longestSeconds === undefined ? '' : `: users would have no version for up to ${timeInWords(longestSeconds)}`;
}

function word({ detail }: AuditView, key: string): string {
  const value = detail[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A machine of an earlier attempt may end while a later one is under way. */
function whose({ detail }: AuditView, version: string): string {
  return detail.currentAttempt === false ? `another attempt of ${version}` : version;
}

function wentBackTo({ detail }: AuditView): string {
  if (detail.live === null) return 'no release is live, as before it: users are answered 503';
  return `live traffic is on ${typeof detail.live === 'string' ? versionInWords(detail.live) : 'what served before'}`;
}

/** Whose freeze another took the place of. */
function frozenBefore({ detail }: AuditView): string {
  const { by } = (detail.before ?? {}) as { readonly by?: string };
  return by === undefined ? '' : `, in place of the freeze by ${person(by)}`;
}

function quoted(event: AuditView, key: string): string {
  const value = word(event, key);
  return value === '' ? '' : JSON.stringify(value);
}

function words({ detail }: AuditView, key: string): string[] {
  const value = detail[key];
  return Array.isArray(value) ? value.map(String) : [];
}

function migrationsOf({ detail }: AuditView): string[] {
  const all = Array.isArray(detail.migrations) ? (detail.migrations as { readonly name?: string; readonly kind?: string }[]) : [];
  return all.map(({ name, kind }) => `the migration ${name ?? '?'} (${kind ?? '?'})`);
}

function migrationOf(event: AuditView): string {
  return `migration ${quoted(event, 'migration')}`;
}

function colour(event: AuditView, before: string): string {
  const value = word(event, 'colour');
  return value === '' ? '' : before + value;
}

function replaces(event: AuditView): string {
  const version = word(event, 'replaces');
  return version === '' ? '' : ` that held ${version}: what is live cannot be rolled back to it any more`;
}

function slotOf(event: AuditView): string {
  return `the slot${colour(event, ' ')}`;
}

function parties({ detail }: AuditView): string {
  const all = Array.isArray(detail.parties) ? (detail.parties as { readonly name?: string }[]) : [];
  return all.map(({ name }) => name ?? '?').join(' and ');
}
