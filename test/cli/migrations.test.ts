import { eventSentence } from '../../cli/follow/event-sentence';
import { gateReport } from '../../cli/report/gate-report';
import { releaseReport } from '../../cli/report/release-report';
import { statusReport } from '../../cli/report/status-report';
import type { ContractView, OutageView } from '../../lambda/contract';
import { event, exampleGate, exampleRelease, exampleStatus } from './example-views';

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

test.each<[Partial<ContractView>, RegExp]>([
  [{}, /Integration: drop-amount, brought by 1\.4\.2: nobody has asked for it\n {4}\$ ptl contract Integration --reason "<why>"/],
  [{ notBefore: '2026-12-04T16:05:00.000Z' }, /nobody has asked for it; not before early life support ends, .*2026-12-04.*(?!.*\$ ptl contract)/],
  [{ state: 'asked', by: 'arn:aws:sts::111111111111:assumed-role/Manager/on-call' }, /brought by 1\.4\.2: asked for by .*on-call/],
  [{ state: 'running', by: 'arn:aws:sts::111111111111:assumed-role/Manager/on-call' }, /runs now, asked for by .*on-call/],
  [{ state: 'halfDone' }, /has started and not finished, and nothing runs it\n {4}\$ ptl contract Integration/],
])('ptl status says what is left of a contract, and what to do: %j', (given, expected) => {
  const [first, ...others] = exampleStatus().environments;
  const contract: ContractView = { migrations: ['drop-amount'], state: 'notAsked', ...given };
  const status = exampleStatus({ environments: [{ ...(first as NonNullable<typeof first>), contract }, ...others] });
  const report = statusReport(status, 200).join('\n');
  expect(report).toMatch(expected);
  expect(report).toContain('To be contracted');
  expect(/\$ ptl contract/.test(report)).toBe(contract.notBefore === undefined && (contract.state === 'notAsked' || contract.state === 'halfDone'));
  expect(statusReport(exampleStatus(), 200).join('\n')).not.toContain('To be contracted');
});

test('whoever is asked about a contract is told what would run', () => {
  const report = gateReport(exampleGate({ gate: 'contract', runs: ['drop-amount', 'drop-more'] }), 200);
  expect(report).toEqual(expect.arrayContaining(['Release 1.4.2 at the contract in Production', expect.stringMatching(/^ {2}runs +drop-amount, drop-more$/)]));
});

test.each([
  [sentence(1, 'ContractRequested', { detail: { migrations: ['drop-amount'] } }), 'asked for the contract drop-amount'],
  [sentence(1, 'ContractGateOpened', { detail: { parties: [{ name: 'Change authority' }] } }), 'contract, waits for Change authority'],
  [sentence(1, 'GateRefused', { detail: { gate: 'contract' } }), 'contract refused by'],
  [
    sentence(1, 'ContractFinished', { detail: { migrations: ['drop-amount'] } }),
    'contract drop-amount finished: no older version is a roll-back target here any more',
  ],
  [sentence(1, 'ContractStopped', { detail: { migrations: ['drop-amount'] } }), 'contract drop-amount stopped, live traffic stayed where it was'],
])('and a contract: %s', (said, expected) => {
  expect(said).toContain(expected);
});

describe('a planned outage', () => {
  const status = (outage: OutageView | undefined) => {
    const [first, ...others] = exampleStatus().environments;
    const environments = [{ ...(first as NonNullable<typeof first>), outage, weights: {} }, ...others];
    return statusReport(exampleStatus({ environments }), 240).join('\n');
  };
  const underWay = { release: '1.4.2', since: '2026-11-20T16:05:00.000Z', says: 'back at noon' };
  const notUnderstoodBy = { version: '1.4.1', migration: 'split-name' };

  test('is on one screen with the rest, until when, and that users get no version', () => {
    const report = status({ ...underWay, until: '2026-11-20T16:35:00.000Z' });
    expect(report).toMatch(
      /Planned outage\n +Integration: users have had no version since .*, for 1\.4\.2, and are answered 503 "back at noon"; until .* at most, then the way back begins/,
    );
    expect(report).toMatch(/Integration .* outage /);
    expect(report).not.toContain('$ ptl roll-back');
    expect(status(undefined)).not.toContain('utage');
  });

  test('that its release has left comes with both ways out', () => {
    const report = status({ ...underWay, notUnderstoodBy });
    expect(report.replace(/\s+/g, ' ')).toMatch(
      /1\.4\.1 may not understand the shared state since split-name started; nothing ends it: submit a version that brings split-name, mended; or give users/,
    );
    expect(report).toMatch(/\$ ptl release <version>\n +\$ ptl roll-back Integration --reason "<why>"/);
  });

  test('that its release has left, and can take back, comes with that way, too', () => {
    const report = status({ ...underWay, notUnderstoodBy, takenBackBy: '1.4.2' });
    expect(report.replace(/\s+/g, ' ')).toContain('mended; or 1.4.2 again, which takes it back where it does not go live; or give users');
    expect(report).toMatch(/\$ ptl release <version>\n +\$ ptl release 1\.4\.2\n +\$ ptl roll-back Integration/);
  });

  test.each([
    [true, /users have no version for up to 30 minutes, then the new one, all at once; if it fails, what runs is taken back/],
    [false, /if it fails once something has started, they stay without one until a person decides: nothing takes it back/],
  ])('is what a go means (it can be taken back: %s)', (undoable, expected) => {
    const report = gateReport(exampleGate({ gate: 'goNoGo', runs: ['split-name'], outage: { longestSeconds: 1_800, undoable } }), 240);
    expect(report.join('\n')).toMatch(expected);
  });

  test.each([
    [
      sentence(1, 'GoNoGoOpened', { detail: { parties: [{ name: 'CAB' }], outage: { longestSeconds: 90 } } }),
      'go/no-go, waits for CAB: users would have no version for up to 90 seconds',
    ],
    [sentence(1, 'OutageBegan', { detail: { until: 'noon' } }), 'outage begins: users have no version until noon at most'],
    [sentence(1, 'OutageBegan', { detail: { again: true } }), 'outage goes on: users are taken out again'],
    [sentence(1, 'OutageEnded', { detail: { seconds: 12, how: 'the release has the users' } }), 'outage over after 12 s: the release has the users'],
    [sentence(1, 'MigrationStarted', { detail: { migration: 'm', undo: true } }), 'migration "m" is taken back'],
    [
      sentence(1, 'MigrationStarted', { detail: { migration: 'm', after: 'undone', by: '1.4.1' } }),
      'migration "m" runs, once more: it was taken back with 1.4.1',
    ],
    [sentence(1, 'MigrationUndone', { detail: { migration: 'm', seconds: 2, said: 'as before' } }), 'migration "m" taken back after 2 s: as before'],
    [sentence(1, 'ReleaseStopped', { detail: { outage: 'stays' } }), '1.4.2 stopped, and users stay without a version'],
    [sentence(1, 'ReleaseStopped', { detail: { outage: 'over' } }), '1.4.2 stopped, users have what they had before its outage'],
    [sentence(1, 'ReleaseStopped'), '1.4.2 stopped, no live traffic was moved'],
  ])('is told as it happens: %s', (said, expected) => {
    expect(said).toContain(expected);
  });
});
