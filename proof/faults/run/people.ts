import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../../cli/user-error';
import type { DecisionBody, SubmitBody } from '../../../lambda/contract';
import { ENVIRONMENT } from '../names';
import type { Kind } from '../table/cell';
import type { Platform } from './world';

const LOOK_EVERY_MS = 150;

/** What the authority says of a release. */
export function decisionOf(kind: Kind, { digest }: SubmitBody): DecisionBody {
  const decision = kind === 'refused' ? 'refuse' : 'accept';
  return { environment: ENVIRONMENT, decision, reason: kind === 'refused' ? 'refused by the change authority' : 'nothing speaks against it', digest };
}

/** Decides as soon as the gate is open. @param isOver nobody will be asked any more */
export async function decideWhenAsked({ ledger, authority }: Platform, { version }: SubmitBody, decision: DecisionBody, isOver: () => boolean): Promise<void> {
  for (; !isOver(); await wait(LOOK_EVERY_MS)) {
    if ((await ledger.gate(version))?.status !== 'open') continue;
    // A machine with others at work on it may be too slow for an answer: people ask once more.
    if (await said(authority.decide(version, decision))) return;
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
