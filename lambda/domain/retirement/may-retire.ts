import { type EnvironmentPlan, ORIGINAL_503 } from '../../contract';
import { freezeInWords, runningFreeze, unfreezeCommand } from '../freezes/freeze';
import type { EnvironmentState, Release } from '../model';
import { isLeftOut } from '../outage/end-outage';
import { waysOut } from '../outage/outage';
import { isOriginal } from '../traffic/original';

/** An environment, and what is known there. */
export interface Candidate {
  readonly plan: EnvironmentPlan;
  readonly state: EnvironmentState;
  /** What the live rule did before any release: `503`, or the ARN of a target group. */
  readonly original: string;
  /** Of what served before; 1 where nothing did. */
  readonly healthyTargets: number;
  readonly now: string;
}

/**
 * Why a path cannot be retired now, each with what to do. What is in flight ends first: a retirement must not race a shift. And nobody who is served
 * today gets less without somebody saying so.
 *
 * @param usersGet503 environments where that was said
 */
export function whyNot(inFlight: readonly Release[], candidates: readonly Candidate[], usersGet503: readonly string[]): string[] {
  const unknown = usersGet503.filter((name) => !candidates.some(({ plan }) => plan.environment === name));
  const names = candidates.map(({ plan }) => plan.environment).join(', ');
  return [
    ...unknown.map((name) => `the path has no environment ${JSON.stringify(name)}, whose users would get 503; it has ${names}`),
    ...inFlight.map((release) => inTheWay(release)),
    ...candidates.flatMap((candidate) => [...busy(candidate, inFlight), ...frozen(candidate), ...unserved(candidate, usersGet503)]),
  ];
}

function inTheWay({ version, aborted }: Release): string {
  if (aborted) return `release ${version} is aborted and ends at its next step: run this again when ptl status does not show it any more`;
  return `release ${version} is in flight: let it end, or take it out with ptl abort ${version}, and with ptl roll-back where it has live traffic`;
}

function busy({ state }: Candidate, inFlight: readonly Release[]): string[] {
  if (isLeftOut(state)) return [`users of ${state.environment} are in an outage that ${state.outage.release} has left: ${waysOut(state, state.outage)}`];
  const { lock, rollBackRequested: asked = state.goingBack, environment } = state;
  if (lock?.contract) return [`the contract of ${environment} runs, since ${lock.since}: wait for its end`];
  if (lock && !inFlight.some(({ version }) => version === lock.release)) return [`release ${lock.release} still holds ${environment}, by ${lock.execution}`];
  const left = state.goingBack ? `; where its writer died, ptl recover ${environment} ends it` : '';
  return !lock && asked ? [`a roll back of ${environment} is under way, asked for by ${asked.by}: wait for its end${left}`] : [];
}

function frozen({ state, now }: Candidate): string[] {
  const freeze = runningFreeze(state, now);
  return freeze ? [`${state.environment} is ${freezeInWords(freeze)}: wait until that is over, or end it with ${unfreezeCommand(state.environment)}`] : [];
}

function unserved({ plan, state, original, healthyTargets }: Candidate, usersGet503: readonly string[]): string[] {
  const { environment } = plan;
  if (original !== ORIGINAL_503) {
    const repair = 'repair it first: its users go back to it';
    return healthyTargets > 0 ? [] : [`what served ${environment} before any release, ${original}, has no healthy target; ${repair}`];
  }
  if (!state.live || isOriginal(state.live) || usersGet503.includes(environment)) return [];
  return [
    `${state.live.version} is live in ${environment}, and nothing served there before: its users would get 503; if that is meant, say --users-get-503 ${environment}`,
  ];
}
