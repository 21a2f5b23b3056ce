import { type EnvironmentView, ORIGINAL, type ReleaseView, type StatusView, type TurnView, tryPolicyName } from '../../lambda/contract';
import { allWaves } from '../waves';
import { comeBack, notUndone, undoesInWords } from './emergency';
import { frozenReport } from './frozen';
import { gateReport, releaseAt } from './gate-report';
import { heldInWords, versionInWords as heldVersion, SERVED_BEFORE } from './held';
import { person } from './person';
import { shadowRequest } from './shadow-request';
import { hanging, table } from './table';
import { instant } from './time';
import { waitingAt } from './waiting';

/** The whole path on one screen. */
export function statusReport(status: StatusView, columns: number): string[] {
  return [
    `Path to live ${status.path}`,
    '',
    ...table(['ENVIRONMENT', 'LIVE', 'BEFORE', 'SHADOW', 'TRAFFIC', 'BUSY WITH'], status.environments.map(row), columns),
    ...section(
      'Under way',
      status.releases.flatMap((release) => underWay(release, columns)),
    ),
    ...section('Waves', waves(status)),
    ...section(
      'Waiting for people',
      status.openGates.flatMap((gate) => [
        ...gateReport(gate, columns - 2, releaseAt(gate, status)),
        ...waitingAt([gate]).map(({ command }) => `  $ ${command}`),
      ]),
    ),
    ...section(
      'Frozen',
      status.environments.flatMap((environment) => frozenReport(environment, columns)),
    ),
    ...section(
      'Waiting for their turn',
      status.environments.flatMap(({ environment, waiting = [] }) => waiting.flatMap((each) => turn(environment, each, columns))),
    ),
    ...section(
      'Planned outage',
      status.environments.flatMap((environment) => outage(environment, columns)),
    ),
    ...section(
      'To be contracted',
      status.environments.flatMap((environment) => contract(environment, columns)),
    ),
    ...section(
      'Cannot be rolled back',
      status.environments.flatMap((environment) => noWayBack(environment, columns)),
    ),
    ...section(
      'Try the shadow',
      status.environments.flatMap((environment) => hiddenUrl(status, environment, columns)),
    ),
  ];
}

function row({ environment, live, previous, shadow, weights, lockedBy, rollingBack, retiring, contract: left, outage: planned }: EnvironmentView): string[] {
  const shares = Object.entries(weights).map(([colour, percent]) => `${colour === ORIGINAL ? SERVED_BEFORE : colour} ${percent} %`);
  return [
    environment,
    slot(live),
    previous?.rolledBack ? `${slot(previous)}, rolled back` : slot(previous),
    slot(shadow),
    shares.join(', ') || (planned ? 'outage' : 'no release'),
    left?.state === 'running' ? 'contract' : (lockedBy ?? (retiring ? 'retiring' : rollingBack ? 'roll back' : '-')),
  ];
}

/** Which environments are one place to their users, and in which order they have a release. */
function waves({ environments }: StatusView): string[] {
  return allWaves(environments).map(({ name, waves: order }) => `${name}: ${order.join(', then ')}; what fails in one goes back in those before it`);
}

function turn(environment: string, { release, since, until, behind, emergency }: TurnView, columns: number): string[] {
  const after = behind === undefined ? 'is about to enter' : `waits behind ${behind}`;
  return hanging(
    `${environment}: `,
    `${release}${emergency ? ', an emergency,' : ''} ${after}, since ${instant(since)}, until ${instant(until)} at most`,
    columns - 2,
  );
}

function underWay(release: ReleaseView, columns: number): string[] {
  const { version, now, fixForward } = release;
  const undone = undoesInWords(release);
  const special = [...(fixForward === undefined ? [] : [`fix-forward: ${fixForward}`]), ...(undone === undefined ? [] : [`undoes ${undone}`])];
  return [
    ...hanging(`${version}  `, [`${now}${brings(release)}`, ...special].join('; '), columns - 2),
    ...notUndone(release).map((command) => `  $ ${command}`),
  ];
}

function brings(release: ReleaseView): string {
  const { migrations = [], emergency } = release;
  const brought = migrations.length === 0 ? '' : `; brings ${migrations.map(({ name, kind }) => `the migration ${name} (${kind})`).join(' and ')}`;
  const anew = comeBack(release);
  return `${brought}${emergency === undefined ? '' : `; an emergency: ${emergency}`}${anew === undefined ? '' : `; ${anew}`}`;
}

function slot(held: { readonly colour: string; readonly version: string; readonly lowered?: boolean } | undefined): string {
  return held === undefined ? '-' : heldInWords(held);
}

function outage({ environment, outage: planned, live }: EnvironmentView, columns: number): string[] {
  if (planned === undefined) return [];
  const { release, since, says, until, notUnderstoodBy: not, takenBackBy: back } = planned;
  const about = `users have had no version since ${instant(since)}, for ${release}, and are answered 503 ${JSON.stringify(says)}`;
  const why = not === undefined ? '' : `; ${heldVersion(not.version)} may not understand the shared state since ${not.migration} started`;
  if (until !== undefined) return hanging(`${environment}: `, `${about}; until ${instant(until)} at most, then the way back begins${why}`, columns - 2);
  const again = back === undefined ? '' : `; or ${back} again, which takes it back where it does not go live`;
  const ways = `nothing ends it: submit a version${not === undefined ? '' : ` that brings ${not.migration}, mended`}${again}; or give users ${live === undefined ? 'what they had' : heldVersion(live.version)} all the same`;
  return [
    ...hanging(`${environment}: `, `${about}${why}; ${ways}`, columns - 2),
    '  $ ptl release <version>',
    ...(back === undefined ? [] : [`  $ ptl release ${back}`]),
    `  $ ptl roll-back ${environment} --reason "<why>"`,
  ];
}

const CONTRACT = {
  notAsked: 'nobody has asked for it',
  asked: 'asked for',
  running: 'runs now, asked for',
  halfDone: 'has started and not finished, and nothing runs it',
} as const;

function contract({ environment, live, contract: left }: EnvironmentView, columns: number): string[] {
  if (left === undefined) return [];
  const { migrations, state, by, notBefore } = left;
  const who = by === undefined ? '' : ` by ${person(by)}`;
  const when = notBefore === undefined ? '' : `; not before early life support ends, ${instant(notBefore)}`;
  const canBeAsked = notBefore === undefined && (state === 'notAsked' || state === 'halfDone');
  return [
    ...hanging(`${environment}: `, `${migrations.join(' and ')}, brought by ${live?.version ?? '?'}: ${CONTRACT[state]}${who}${when}`, columns - 2),
    ...(canBeAsked ? [`  $ ptl contract ${environment} --reason "<why>"`] : []),
  ];
}

function noWayBack({ environment, noWayBack: no }: EnvironmentView, columns: number): string[] {
  if (no === undefined) return [];
  return [...hanging(`${environment}: `, `${no.why}; ${no.instead}`, columns - 2), ...no.commands.map((command) => `  $ ${command}`)];
}

/** Only while a release is there to be tried: what else a slot holds is for a roll back. */
function hiddenUrl({ path }: StatusView, { environment, account, region, shadow, lockedBy }: EnvironmentView, columns: number): string[] {
  if (shadow === undefined || shadow.version !== lockedBy) return [];
  const { hiddenUrl: at, version } = shadow;
  const needsKey = Object.keys(at.secretHeaders).length > 0;
  return [
    ...hanging(`${environment}, ${version}: `, `${at.url} (${at.access})`, columns - 2),
    ...(at.url === '' ? [] : shadowRequest(at, region).map((line) => `  ${line}`)),
    ...(needsKey
      ? hanging('  ', `The key is read in account ${account}, by who has the managed policy ${tryPolicyName(path, environment)}.`, columns - 2)
      : []),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}
