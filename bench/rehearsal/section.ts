import { MOST_TRANSITIONS } from '../../rehearsal/figures/check';
import type { Section, Table } from '../section';
import type { RehearsalFigures, Rehearsed } from './measure';

export function rehearsalSection({ figures, rollBackCalls }: Rehearsed): Section {
  const broken = figures.promises.filter(({ kept }) => !kept);
  const memory = figures.memoryBytes === undefined ? '' : ` and ${Math.round(figures.memoryBytes / 2 ** 20)} MB of memory at most`;
  const calls = rollBackCalls.reduce((sum, count) => sum + count.calls, 0);
  return {
    title: 'Releases, and a roll back',
    text: [
      `From one \`npm run rehearse\`: a local AWS, the real templates, machines and handlers, under live traffic. It took ${figures.seconds.toFixed(0)} s${memory}. ` +
        `Aim: fewer than ${MOST_TRANSITIONS} transitions for a release that goes straight through, whatever its deployments take; one call to the load balancer for a ` +
        'roll back; no request that fails but by the bad version itself.',
    ],
    tables: [releases(figures), ...(figures.rollBack === undefined ? [] : [rollBack(figures.rollBack, calls)])],
    remarks: [
      `${figures.traffic.sent} requests were sent, ${figures.traffic.lost + figures.traffic.failedByOtherVersions} failed but by the bad version itself (aim: 0)`,
      ...(rollBackCalls.length === 0 ? [] : [`AWS calls of the roll back: ${rollBackCalls.map(({ action, calls }) => `${calls} ${action}`).join(', ')}`]),
      ...broken.map(({ promise, seen }) => `BROKEN: ${promise} (${seen})`),
    ],
  };
}

function releases({ releases }: RehearsalFigures): Table {
  return {
    columns: ['release', 'outcome', 'transitions', `aim < ${MOST_TRANSITIONS}`, 'history events', 'executions', 'served', 'failed', 'seconds'],
    words: 2,
    rows: releases.map(({ version, outcome, transitions, historyEvents, executions, served, failed, seconds }) => [
      version,
      outcome === 'rolledBack' ? 'rolled back' : outcome,
      String(transitions),
      transitions < MOST_TRANSITIONS ? 'within' : 'OVER',
      ...[historyEvents, executions, served, failed].map(String),
      seconds.toFixed(1),
    ]),
  };
}

function rollBack(times: NonNullable<RehearsalFigures['rollBack']>, calls: number): Table {
  return {
    columns: ['the roll back', 'measured', 'aim'],
    words: 1,
    rows: [
      ['first error to alarm, s', times.firstErrorToAlarmSeconds.toFixed(2), ''],
      ['alarm to weights, s', times.alarmToWeightsSeconds.toFixed(2), ''],
      ['weights to the last answer of the bad version, s', times.weightsToLastBadResponseSeconds.toFixed(2), ''],
      ['calls that changed the load balancer', String(times.loadBalancerWrites), '1'],
      ['AWS calls from the alarm to the end, all told', String(calls), ''],
    ],
  };
}
