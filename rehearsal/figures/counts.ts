import type { Response } from '../traffic/response';

/** What clients got from one version, everywhere. */
export interface VersionCount {
  readonly version: string;
  /** Answers below 400. */
  readonly served: number;
  /** Answers of 400 and above that the version itself gave. */
  readonly failed: number;
}

export interface TrafficCount {
  readonly sent: number;
  readonly byVersion: readonly VersionCount[];
  /** Before an environment's first release was live; the front door says so itself. */
  readonly beforeFirstRelease: number;
  /** Requests that no release answered although one was live: nobody's errors but ours. */
  readonly lost: readonly Response[];
}

/** Counts what the clients logged, and nothing else. */
export function countTraffic(responses: readonly Response[]): TrafficCount {
  const liveSince = firstAnswers(responses);
  const before = responses.filter(
    ({ environment, sent, version, status }) => version === undefined && status === 503 && sent < (liveSince.get(environment) ?? Number.POSITIVE_INFINITY),
  );
  const lost = responses.filter((response) => response.version === undefined && !before.includes(response));
  return { sent: responses.length, byVersion: byVersion(responses), beforeFirstRelease: before.length, lost };
}

/** Environment -> when a release first answered there. */
function firstAnswers(responses: readonly Response[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const { environment, version, answered } of responses) {
    if (version !== undefined) first.set(environment, Math.min(answered, first.get(environment) ?? answered));
  }
  return first;
}

function byVersion(responses: readonly Response[]): VersionCount[] {
  const counts = new Map<string, { served: number; failed: number }>();
  for (const { version, status } of responses) {
    if (version === undefined) continue;
    const count = counts.get(version) ?? { served: 0, failed: 0 };
    counts.set(version, count);
    if (status < 400) count.served++;
    else count.failed++;
  }
  return [...counts].map(([version, count]) => ({ version, ...count })).sort((a, b) => (a.version < b.version ? -1 : 1));
}

/** How often what kept clients from a good answer happened, the most frequent first, for example `1,354 no answer within 10 s`. */
export function reasonsOf(responses: readonly Response[]): string[] {
  const counts = new Map<string, number>();
  for (const { status, error, version } of responses) {
    const why = error ?? `${status} from ${version ?? 'no release'}`;
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([why, count]) => `${count.toLocaleString('en-GB')} ${why}`);
}
