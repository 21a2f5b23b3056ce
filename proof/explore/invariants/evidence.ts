import type { Release } from '../../../lambda/domain/model';
import { ENVIRONMENTS } from '../path';

/** What has been tested by the time a gate is reached, and what came of it; as somebody who decides sees it. */
export function evidenceOf({ evidence }: Pick<Release, 'evidence'>, environment: string, gate: string): string {
  const place = ENVIRONMENTS.indexOf(environment);
  const seen = ENVIRONMENTS.slice(0, gate === 'goNoGo' ? place + 1 : place);
  return Object.values(evidence)
    .filter((each) => seen.includes(each.environment))
    .map((each) => `${each.environment} ${each.test} ${each.verdict}`)
    .sort()
    .join(', ');
}
