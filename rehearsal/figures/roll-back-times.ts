import type { Response } from '../traffic/response';
import { alarmsRaised, loadBalancerWrites, type Recorded } from './calls';

/** How a bad version went back, in milliseconds since 1970 and calls. */
export interface RollBackTimes {
  /** First answer of the bad version with an error that a client saw. */
  readonly firstError: number;
  readonly alarm: number;
  readonly alarmName: string;
  /** When the load balancer had taken the weights back. */
  readonly weights: number;
  /** When a client last had an answer of the bad version. */
  readonly lastBad: number;
  /** Calls that changed the load balancer, from the alarm to the end. */
  readonly writes: number;
}

/**
 * @param until when the release had ended
 * @returns undefined when it did not go back by an alarm and a change of weights
 */
export function rollBackTimes(
  bad: { readonly environment: string; readonly version: string },
  responses: readonly Response[],
  recorded: readonly Recorded[],
  until: number,
): RollBackTimes | undefined {
  const answers = responses.filter(({ environment, version }) => environment === bad.environment && version === bad.version);
  const errors = answers.filter(({ status }) => status >= 500).map(({ answered }) => answered);
  const firstError = Math.min(...errors);
  const alarm = alarmsRaised(recorded, firstError, until)[0];
  if (alarm === undefined) return undefined;
  const writes = loadBalancerWrites(recorded, alarm.at, until);
  const weights = writes.find(({ action }) => action === 'elasticloadbalancing:ModifyRule');
  if (weights === undefined) return undefined;
  const lastBad = Math.max(...answers.map(({ answered }) => answered));
  return { firstError, alarm: alarm.at, alarmName: alarm.alarm, weights: weights.at, lastBad, writes: writes.length };
}
