import type { Failure, RollBackWaveInput } from '../../contract';
import { sinceSubmitted } from '../audit';
import type { AuditEvent, EnvironmentState, Release } from '../model';
import type { RuleTargets } from '../ports';
import { isLiveIn } from '../release/release';
import { step } from '../steps/step';
import { decideSwapBack, type SwapBackView } from '../traffic/decide-swap-back';
import type { Swap } from '../traffic/swap';
import { hasMoved } from './moved';

/** A wave in which a release went live that failed in a later one, and what is known there. */
export interface WaveSight extends Omit<SwapBackView, 'request'> {
  readonly input: RollBackWaveInput;
  readonly release: Release;
  readonly audit: readonly AuditEvent[];
}

/** Why nothing is to be rolled back. */
export type Over =
  /** It was rolled back before, by this path, or by whoever took this attempt out there. */
  | { readonly kind: 'done' }
  /** Nothing of this attempt is to be rolled back here: it was live before, is not any more, or another attempt goes on with it. */
  | { readonly kind: 'left' };

export type WaveDecision = Swap | Over | { readonly kind: 'stays'; readonly failure: Failure; readonly state: EnvironmentState; readonly actual: RuleTargets };

/**
 * Whether a wave goes back, and where to: to what was live before, as for a person who asks for it. What a person has rolled back meanwhile, or what a later
 * release has taken over, stays as it is.
 */
export function decideRollBackWave(sight: WaveSight): WaveDecision {
  const { input, release, state, healthyTargets, actual } = sight;
  const { environment, execution } = input;
  const over = notToGoBack(sight);
  if (over) return over;
  const reason = whyBack(sight);
  const swap = decideSwapBack({ request: { environment, who: execution, reason }, state, healthyTargets, actual });
  if (swap.kind === 'swap') return swap;
  const { expected, actual: found } = swap.failure;
  const why = `${found}; ${release.version} stays live in ${environment}, although ${reason}`;
  return {
    kind: 'stays',
    state,
    actual,
    failure: { step: step.rollBackWave(environment), subject: 'the roll back target', expected, actual: why, logs: execution },
  };
}

/** Where nothing is to be rolled back, whatever the live rule holds. @returns undefined where this attempt is live there */
export function notToGoBack({ input, release, audit, state }: Pick<WaveSight, 'input' | 'release' | 'audit' | 'state'>): Over | undefined {
  const { environment, execution } = input;
  const isOwn = audit.some(({ what, who, environment: where }) => what === 'ReleaseRolledBack' && who === execution && where === environment);
  if (isOwn || (release.execution === execution && release.reached[environment] === 'rolledBack')) return { kind: 'done' };
  if (release.execution !== execution || !hasMoved(release, environment) || !isLiveIn(state, release)) return { kind: 'left' };
  return undefined;
}

/** Why a wave goes back: what happened in the later one, as it was recorded there. */
export function whyBack({ input, release, audit }: Pick<WaveSight, 'input' | 'release' | 'audit'>): string {
  const { failedIn, failure } = input;
  const end = sinceSubmitted(audit)
    .filter(({ what, environment }) => environment === failedIn && (what === 'ReleaseRolledBack' || what === 'ReleaseStopped'))
    .at(-1);
  if (end?.what === 'ReleaseRolledBack') return `${failedIn} was rolled back: ${end.why}`;
  if (end) return `${release.version} was stopped in ${failedIn}: ${end.why}`;
  return `${release.version} did not go live in ${failedIn}: ${failure.subject}: ${failure.actual}`;
}

/** The ticket of what happened in the later wave, as far as it was raised by now. */
export function ticketOf({ input, audit }: Pick<WaveSight, 'input' | 'audit'>): string | undefined {
  const raised = sinceSubmitted(audit)
    .filter(({ what, environment }) => what === 'TicketRaised' && environment === input.failedIn)
    .at(-1);
  return raised && String(raised.detail.ticket);
}
