import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../../cli/user-error';
import type { DecisionBody, SubmitBody } from '../../../lambda/contract';
import type { Place } from '../names';
import type { Kind, Row } from '../table/cell';
import type { Fault } from '../table/fault';
import type { Platform } from './world';

const LOOK_EVERY_MS = 150;

/** What the authority says of a release. */
export function decisionOf({ environment }: Place, kind: Kind, { digest }: SubmitBody): DecisionBody {
  const decision = kind === 'refused' ? 'refuse' : 'accept';
  return { environment, decision, reason: kind === 'refused' ? 'refused by the change authority' : 'nothing speaks against it', digest };
}

export interface Asked {
  readonly version: string;
  readonly decision: DecisionBody;
  readonly row: Pick<Row, 'gate'>;
  readonly fault: Fault | undefined;
  /** At the gate of the row, the trouble comes first. */
  readonly troubled: Promise<unknown>;
  /** Nobody will be asked any more. */
  readonly isOver: () => boolean;
}

/** Decides wherever people are asked, as soon as a gate is open. */
export async function decideWhenAsked({ ledger, authority, place }: Platform, asked: Asked): Promise<void> {
  const { version, decision, row, fault, troubled, isOver } = asked;
  // A pause is watched: an alarm in it is to end it by itself, and not to find that people have just said yes.
  const isEndedByAlarm = fault === 'alarm' && row.gate === 'pause';
  for (; !isOver(); await wait(LOOK_EVERY_MS)) {
    for (const gate of place.gates) {
      const open = await ledger.gate(version, gate);
      if (open?.status !== 'open') continue;
      if (gate === row.gate) await troubled;
      if (gate === row.gate && isEndedByAlarm) continue;
      // A machine with others at work on it may be too slow for an answer: people ask once more.
      await said(authority.decide(version, { ...decision, gate, percent: open.percent }));
    }
  }
}

/** @returns whether it was taken; a refusal of the hub is an answer, too */
export async function said(decided: Promise<unknown>): Promise<boolean> {
  return decided.then(
    () => true,
    (error: unknown) => {
      if (error instanceof UserError) return false;
      throw error;
    },
  );
}
