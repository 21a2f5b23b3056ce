import type { Gate, Release } from '../../../lambda/domain/model';
import { ENVIRONMENTS } from '../path';

/** What has been tested by the time a gate is reached, and what came of it; as somebody who decides sees it. */
export function evidenceOf({ evidence }: Pick<Release, 'evidence'>, environment: string, gate: string): string {
  const place = ENVIRONMENTS.indexOf(environment);
  const seen = ENVIRONMENTS.slice(0, gate === 'firebreak' ? place : place + 1);
  return Object.values(evidence)
    .filter((each) => seen.includes(each.environment))
    .map((each) => `${each.environment} ${each.test} ${each.verdict}`)
    .sort()
    .join(', ');
}

/** What people say at a gate is remembered by its kind, and by the step it is at. */
export function saidAt({ gate, percent }: Pick<Gate, 'gate' | 'percent'>): string {
  return percent === undefined ? gate : `${gate} ${percent}`;
}

/** Everywhere they may say something. */
export const SAID_AT = ['firebreak', 'goNoGo', ...[50, 100].flatMap((percent) => [`pause ${percent}`, `inconclusive ${percent}`])];
