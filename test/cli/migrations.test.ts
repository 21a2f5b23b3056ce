import { eventSentence } from '../../cli/follow/event-sentence';
import { releaseReport } from '../../cli/report/release-report';
import { statusReport } from '../../cli/report/status-report';
import { event, exampleRelease, exampleStatus } from './example-views';

const migrations = [{ name: '2026-11-add-currency', kind: 'expand' }] as const;
const sentence = (...given: Parameters<typeof event>) => eventSentence(event(...given), '1.4.2');

test('ptl status says what a release that is under way brings', () => {
  const report = (more: object) => statusReport(exampleStatus({ releases: [exampleRelease(more)] }), 200).join('\n');
  expect(report({ migrations })).toContain('1.4.2  on its way to Integration; brings the migration 2026-11-add-currency (expand)');
  expect(report({})).not.toContain('brings');
});

test('ptl status <version> lists it beside what the release declares', () => {
  expect(releaseReport(exampleRelease({ changes: ['altersSchema'], migrations }), 200)).toEqual(
    expect.arrayContaining(['  change     major, normal, altersSchema', '  migration  2026-11-add-currency, expand']),
  );
});

test.each([
  [
    sentence(0, 'ReleaseSubmitted', { detail: { attempt: 1, migrations, firebreaks: ['Production'] } }),
    'brings the migration 2026-11-add-currency (expand); there will be a firebreak in front of Production',
  ],
  [sentence(1, 'MigrationStarted', { environment: 'Production', detail: { migration: 'm' } }), 'Production: migration "m" runs'],
  [sentence(1, 'MigrationStarted', { detail: { migration: 'm', after: 'failed', by: '1.4.1' } }), 'migration "m" runs, once more: it failed with 1.4.1'],
  [
    sentence(2, 'MigrationFinished', { detail: { migration: 'm', seconds: 3, said: '12 payments' } }),
    'finished after 3 s, never to run here again: 12 payments',
  ],
  [sentence(2, 'MigrationFailed', { detail: { migration: 'm', actual: 'table is locked' } }), 'migration "m" failed: table is locked'],
])('ptl release tells it as it happens: %s', (said, expected) => {
  expect(said).toContain(expected);
});
