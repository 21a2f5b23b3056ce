import type { ReleaseView } from '../../lambda/contract';
import { eventSentence } from '../follow/event-sentence';
import { isOfLastAttempt } from '../follow/last-attempt';
import { cameBack, undoesInWords } from './emergency';
import { gateReport, isAsked } from './gate-report';
import { person } from './person';
import { fields, table } from './table';
import { instant, second } from './time';
import { waitingAt } from './waiting';

const STATES = {
  notYet: 'not yet',
  entered: 'entered',
  shadow: 'in the shadow',
  shifting: 'getting live traffic',
  live: 'live',
  replaced: 'was live, replaced since',
  stopped: 'stopped',
  rolledBack: 'rolled back',
} as const satisfies Record<ReleaseView['environments'][number]['state'], string>;

/** The story of one release, from who submitted it to where it is now. */
export function releaseReport(release: ReleaseView, columns: number): string[] {
  const { version, environments, gates, audit } = release;
  return [
    `Release ${version}: ${release.now}`,
    ...fields(about(release), columns),
    '',
    ...table(
      ['ENVIRONMENT', 'STATE'],
      environments.map(({ environment, state }) => [environment, STATES[state]]),
      columns,
    ),
    ...gates
      .filter((gate) => isOfLastAttempt(gate, release))
      .flatMap((gate) => [
        '',
        ...gateReport(gate, columns, release),
        ...waitingAt(isAsked(gate, release) ? [gate] : []).map(({ command }) => `  $ ${command}`),
      ]),
    '',
    ...table(
      ['WHEN (UTC)', 'WHAT'],
      audit.map((event) => [second(event.at), eventSentence(event, version)]),
      columns,
    ),
  ];
}

/** What it is, and what is special about it. */
function about(release: ReleaseView): (readonly [string, string])[] {
  const { digest, origin, changeClass, changes, migrations = [], emergency, fixForward, author, submittedAt } = release;
  const [back, undone] = [cameBack(release), undoesInWords(release)];
  return [
    ['digest', digest],
    ['change', [`${origin}, ${changeClass}`, ...changes].join(', ')],
    ...(emergency === undefined ? [] : [['emergency', emergency] as const]),
    ...(back === undefined ? [] : [['evicted', back] as const]),
    ...(undone === undefined ? [] : [['undoes', undone] as const]),
    ...(fixForward === undefined ? [] : [['fix-forward', fixForward] as const]),
    ...migrations.map(({ name, kind }) => ['migration', `${name}, ${kind}`] as const),
    ['submitted', `${instant(submittedAt)} by ${person(author)}`],
  ];
}
