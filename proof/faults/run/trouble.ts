import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { DecisionBody } from '../../../lambda/contract';
import { LEASE_SECONDS } from '../../../lambda/contract';
import { ordersOf, type Place } from '../names';
import { makesSense, type Row } from '../table/cell';
import type { Fault } from '../table/fault';
import { said } from './people';
import { FAULT, THROTTLED_CALLS } from './rules';
import type { Platform } from './world';

/** How long a stopped machine's function is held before its effect: the safety net has begun by then, and waits for a writer. */
const HELD_MS = { writer: 1_000, otherwise: 3_000 } as const;
/** As long as a call that may still be answered is waited for, beyond its own time; and a little. */
const AFTER_A_CALL_SECONDS = 31;
const LOOK_EVERY_MS = 100;

export interface Troubled {
  readonly version: string;
  readonly row: Omit<Row, 'place'>;
  readonly fault: Fault;
  readonly decision: DecisionBody;
  /** Nothing will strike any more. */
  readonly isOver: () => boolean;
}

/** Makes the trouble of one cell, as soon as the release is where it is to happen. @returns whether it happened */
export async function trouble(platform: Platform, troubled: Troubled): Promise<boolean> {
  const { faults } = platform.emulator;
  const { fault, isOver, row } = troubled;
  const struckBefore = row.behind !== undefined && row.effect === undefined && fault !== 'stopped';
  if (struckBefore) return faults.until('led-here', ({ struck }) => struck === row.behind?.deaths, isOver);
  const times = fault === 'throttled' ? THROTTLED_CALLS : 1;
  const happened = await faults.until(FAULT, ({ struck, held }) => struck >= times || held, isOver);
  if (!happened) return false;
  await during(platform, troubled);
  await faults.release(FAULT);
  return true;
}

async function during(platform: Platform, { version, row, fault, decision, isOver }: Troubled): Promise<void> {
  const { emulator, builds, authority, ledger } = platform;
  switch (fault) {
    case 'killedBefore':
    case 'killedAfter':
    case 'throttled':
      // A writer that died, or does not know what became of its call, leaves its lease to run out.
      if (row.writes) await emulator.faults.moveOn(LEASE_SECONDS + 1);
      // A call that may still be answered is waited for.
      if (fault === 'killedAfter' && row.callSeconds !== undefined) await emulator.faults.moveOn(row.callSeconds + AFTER_A_CALL_SECONDS);
      return;
    case 'stoppedMidway':
      for (const begun = Date.now(); Date.now() - begun < (row.writes ? HELD_MS.writer : HELD_MS.otherwise) && !isOver(); ) await wait(LOOK_EVERY_MS);
      return;
    case 'redeployed':
      return builds.deployHub();
    case 'alarm':
      await raiseAlarm(platform, isOver);
      // One that may fall silent again does; any other goes on, however slow the machine is that this runs on.
      if (!goesLive(row)) void keepRaised(platform, isOver);
      return;
    case 'decidedTwice': {
      const open = row.gate && (await ledger.gate(version, row.gate));
      const twice = { ...decision, ...(open && { gate: open.gate, percent: open.percent }) };
      await Promise.all([said(authority.decide(version, twice)), said(authority.decide(version, twice))]);
      return;
    }
    default:
      return;
  }
}

function goesLive({ cells: { alarm } }: Pick<Row, 'cells'>): boolean {
  return makesSense(alarm) && alarm.outcome === 'live';
}

async function raiseAlarm({ emulator, place }: Platform, isOver: () => boolean): Promise<void> {
  const client = new CloudWatchClient(emulator.client);
  await failOrder(client, place);
  for (; !isOver(); await wait(LOOK_EVERY_MS)) {
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [ordersOf(place).alarm] }));
    if (MetricAlarms?.[0]?.StateValue === 'ALARM') return;
  }
}

async function keepRaised({ emulator, place }: Platform, isOver: () => boolean): Promise<void> {
  const client = new CloudWatchClient(emulator.client);
  for (; !isOver(); await wait(1_000)) await failOrder(client, place);
}

async function failOrder(client: CloudWatchClient, place: Place): Promise<void> {
  const { namespace: Namespace, metric: MetricName } = ordersOf(place);
  await client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Value: 1 }] }));
}
