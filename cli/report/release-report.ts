import type { ReleaseView } from '../../lambda/contract';
import { eventSentence } from '../follow/event-sentence';
import { isOfLastAttempt } from '../follow/last-attempt';
import { gateReport } from './gate-report';
import { person } from './person';
import { table } from './table';
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
  const { version, digest, origin, changeClass, changes, migrations = [], author, submittedAt, environments, gates, audit } = release;
  return [
    `Release ${version}: ${release.now}`,
    `  digest     ${digest}`,
    `  change     ${[`${origin}, ${changeClass}`, ...changes].join(', ')}`,
    ...migrations.map(({ name, kind }) => `  migration  ${name}, ${kind}`),
    `  submitted  ${instant(submittedAt)} by ${person(author)}`,
    '',
    ...table(
      ['ENVIRONMENT', 'STATE'],
      environments.map(({ environment, state }) => [environment, STATES[state]]),
      columns,
    ),
    ...gates
      .filter((gate) => isOfLastAttempt(gate, release))
      .flatMap((gate) => ['', ...gateReport(gate, columns), ...waitingAt([gate]).map(({ command }) => `  $ ${command}`)]),
    '',
    ...table(
      ['WHEN (UTC)', 'WHAT'],
      audit.map((event) => [second(event.at), eventSentence(event, version)]),
      columns,
    ),
  ];
}
