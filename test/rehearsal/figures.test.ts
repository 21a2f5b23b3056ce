import { busyMachine } from '../../rehearsal/busy-machine';
import { checkFigures } from '../../rehearsal/figures/check';
import { reasonsOf } from '../../rehearsal/figures/counts';
import type { Figures } from '../../rehearsal/figures/figures';
import { treeBytes } from '../../rehearsal/figures/memory';
import { countSharedTable, tableInWords } from '../../rehearsal/figures/shared-table';
import { figuresTable } from '../../rehearsal/figures/table';
import { Promises } from '../../rehearsal/promises';

const release = { executions: 4, transitions: 68, historyEvents: 212, seconds: 21.4, failed: 0 };
const figures: Figures = {
  releases: [
    { ...release, version: '1.0.0', outcome: 'live', served: 2911 },
    { ...release, version: '1.2.0', outcome: 'rolledBack', served: 278, failed: 6 },
  ],
  traffic: { sent: 7292, beforeFirstRelease: 1264, lost: 0, failedByOtherVersions: 0 },
  rollBack: { alarm: 'errors', firstErrorToAlarmSeconds: 2.12, alarmToWeightsSeconds: 0.5, weightsToLastBadResponseSeconds: 0.01, loadBalancerWrites: 1 },
  sharedTable: {
    read: [
      { by: '1.1.0', of: '1.0.0', count: 31 },
      { by: '1.0.0', of: '1.1.0', count: 12 },
    ],
    failed: 0,
  },
  sharedTableAfterwards: { read: [{ by: '1.1.0', of: '1.2.0', count: 9 }], failed: 0 },
  refusedCalls: [],
};
const ONE_TABLE = '1.0.0 and 1.1.0 use one table at once, each reading what the other wrote';
const AFTERWARDS = 'after the roll back 1.1.0 goes on with the table as 1.2.0 left it';

function broken(more: Partial<Figures>): string[] {
  const promises = new Promises();
  checkFigures({ ...figures, ...more }, promises);
  return promises.broken.map(({ promise }) => promise);
}

test('figures as they should be break no promise', () => {
  expect(broken({})).toEqual([]);
});

test.each<[string, Partial<Figures>]>([
  ['no request fails but by 1.2.0 itself', { traffic: { ...figures.traffic, lost: 1 } }],
  ['no request fails but by 1.2.0 itself', { traffic: { ...figures.traffic, failedByOtherVersions: 1 } }],
  ['no request fails but by 1.2.0 itself', { traffic: { ...figures.traffic, sent: 0 } }],
  [ONE_TABLE, { sharedTable: { ...figures.sharedTable, failed: 1 } }],
  [ONE_TABLE, { sharedTable: { ...figures.sharedTable, read: figures.sharedTable.read.slice(1) } }],
  [ONE_TABLE, { sharedTable: { ...figures.sharedTable, read: figures.sharedTable.read.slice(0, 1) } }],
  [AFTERWARDS, { sharedTableAfterwards: { read: [], failed: 0 } }],
  [AFTERWARDS, { sharedTableAfterwards: { ...figures.sharedTableAfterwards, failed: 1 } }],
  ['a roll back is one call to the load balancer', { rollBack: figures.rollBack && { ...figures.rollBack, loadBalancerWrites: 2 } }],
  ['the product has every permission it uses', { refusedCalls: ['arn:aws:sts::0:assumed-role/x/y dynamodb:PutItem table'] }],
  [
    'a release straight through takes fewer than 100 transitions',
    { releases: [{ ...release, version: '1.0.0', outcome: 'live', served: 1, transitions: 100 }, ...figures.releases.slice(1)] },
  ],
])('%s: figures that say otherwise break it', (promise, more) => {
  expect(broken(more)).toEqual([promise]);
});

test('without a roll back there is nothing to be measured, and each promise about it is broken', () => {
  expect(broken({ rollBack: undefined })).toEqual([AFTERWARDS, 'the alarm is raised by what users got', 'a roll back is one call to the load balancer']);
});

test('the table is for people: aligned, rounded, in words', () => {
  expect(figuresTable(figures)).toEqual([
    '  release   outcome       served   failed   transitions   history events   seconds',
    '  -------   -----------   ------   ------   -----------   --------------   -------',
    '  1.0.0     live           2,911        0            68              212      21.4',
    '  1.2.0     rolled back      278        6            68              212      21.4',
    '',
    '  7,292 requests sent, none twice; 1,264 before the first release was live (503, as they should be), 0 lost.',
    '',
    '  The roll back',
    '    first error to alarm                           2.12 s',
    '    alarm to weights                               0.50 s',
    '    weights to the last answer of the bad version  0.01 s',
    '    calls that changed the load balancer           1',
  ]);
});

test('promises that are broken stand out', () => {
  const promises = new Promises();
  promises.check('it works', true, 'seen');
  promises.check('it always works', false, 'once not');
  expect(promises.report()).toEqual(['  kept    it works (seen)', '  BROKEN  it always works (once not)']);
});

test('memory is that of this process and what it started, where the system tells', () => {
  const bytes = treeBytes(process.pid);
  if (process.platform === 'linux') expect(bytes).toBeGreaterThan(10 * 2 ** 20);
  else expect(bytes).toBe(0);
});

test('the table is counted by what clients were answered: who read whose payments, and what failed', () => {
  const answer = (version: string, paymentBy: string | undefined, status = 200, path = '/payments') =>
    ({ sent: 1, answered: 2, environment: 'Production', path, connection: 'fresh', status, version, colour: 'blue', paymentBy }) as const;
  const counted = countSharedTable([
    answer('1.1.0', '1.0.0'),
    answer('1.1.0', '1.0.0'),
    answer('1.0.0', '1.1.0'),
    answer('1.0.0', '1.0.0'),
    answer('1.0.0', undefined),
    answer('1.1.0', undefined, 500),
    answer('1.1.0', undefined, 500, '/pay'),
  ]);
  expect(counted).toEqual({
    read: [
      { by: '1.1.0', of: '1.0.0', count: 2 },
      { by: '1.0.0', of: '1.1.0', count: 1 },
    ],
    failed: 1,
  });
  expect(tableInWords(counted)).toBe('1.1.0 read 2 payments of 1.0.0; 1.0.0 read 1 payment of 1.1.0; 1 request failed');
});

test.each<[string, Partial<Figures>, string]>([
  [
    'nobody read what the bad version left',
    { sharedTableAfterwards: { read: [{ by: '1.1.0', of: '1.0.0', count: 52 }], failed: 0 } },
    'missing: no payment of 1.2.0 was read by 1.1.0; 1.1.0 read 52 payments of 1.0.0; 0 requests failed',
  ],
  ['there was no roll back', { rollBack: undefined }, 'no roll back by an alarm was seen, so nothing is known to have come after it'],
])('the failure names what is missing where %s', (_, more, seen) => {
  const promises = new Promises();
  checkFigures({ ...figures, ...more }, promises);
  expect(promises.broken.find(({ promise }) => promise === AFTERWARDS)?.seen).toBe(seen);
});

test('what became of failed requests is said beside their number, the most frequent first', () => {
  const lost = (error: string) => ({ sent: 0, answered: 1, environment: 'Production', path: '/', connection: 'fresh' as const, status: 0, error });
  const late = 'no answer within 10 s';
  const reasons = reasonsOf([
    lost('ECONNRESET'),
    ...Array.from({ length: 1354 }, () => lost(late)),
    { ...lost(''), error: undefined, status: 502, version: '1.0.0' },
  ]);
  expect(reasons).toEqual([`1,354 ${late}`, '1 ECONNRESET', '1 502 from 1.0.0']);
  const promises = new Promises();
  checkFigures({ ...figures, traffic: { ...figures.traffic, lost: 1355, failedByOtherVersions: 1, reasons } }, promises);
  expect(promises.broken.map(({ seen }) => seen)).toEqual([`1356 of 7292; 1,354 ${late}; 1 ECONNRESET; 1 502 from 1.0.0`]);
});

test('a machine with more to do than it has cores is named', () => {
  expect(busyMachine([0.5, 14.24, 1], 2)).toEqual([expect.stringContaining('a load of 14.2 on 2 cores')]);
  expect(busyMachine([9, 2, 9], 2)).toEqual([]);
});
