import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../../cli/user-error';
import type { DecisionBody, SubmitBody } from '../../../lambda/contract';
import type { Place } from '../names';
import type { Kind, Row } from '../table/cell';
import type { Platform } from './world';

const LOOK_EVERY_MS = 150;

/** What the authority says of a release. */
export function decisionOf({ environment }: Place, kind: Kind, { digest }: SubmitBody): DecisionBody {
  const decision = kind === 'refused' ? 'refuse' : 'accept';
  return { environment, decision, reason: kind === 'refused' ? 'refused by the change authority' : 'nothing speaks against it', digest };
}

/** Decides wherever people are asked, as soon as a gate is open. @param troubled at the gate of the row, the trouble comes first @param isOver nobody will be asked any more */
export async function decideWhenAsked(
  { ledger, authority, place }: Platform,
  { version }: SubmitBody,
  decision: DecisionBody,
  { gate: own }: Pick<Row, 'gate'>,
  troubled: Promise<unknown>,
  isOver: () => boolean,
): Promise<void> {
  for (; !isOver(); await wait(LOOK_EVERY_MS)) {
    for (const gate of place.gates) {
      const open = await ledger.gate(version, gate);
      if (open?.status !== 'open') continue;
      if (gate === own) await troubled;
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
