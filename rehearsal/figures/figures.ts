import { SFNClient } from '@aws-sdk/client-sfn';
import { VERSIONS } from '../services';
import type { Response } from '../traffic/response';
import type { Told, World } from '../world';
import { denied, type Recorded } from './calls';
import { countTraffic, reasonsOf, type TrafficCount } from './counts';
import { countExecutions, type ExecutionCount } from './executions';
import { type RollBackTimes, rollBackTimes } from './roll-back-times';
import { countSharedTable, type SharedTableCount } from './shared-table';

export interface ReleaseFigures extends ExecutionCount {
  readonly version: string;
  readonly outcome: string;
  /** Answers below 400 that clients got from it, in every environment. */
  readonly served: number;
  /** Errors it answered. */
  readonly failed: number;
  /** From `ptl release` to its end, people included. */
  readonly seconds: number;
}

/** What was measured; also what `--json` writes. */
export interface Figures {
  readonly releases: readonly ReleaseFigures[];
  readonly traffic: Omit<TrafficCount, 'byVersion' | 'lost'> & {
    readonly lost: number;
    readonly failedByOtherVersions: number;
    /** What became of those, with how often; absent when there are none. */
    readonly reasons?: readonly string[];
  };
  /** Of the table that every version reads and writes: over all of the story, and after the bad version was rolled back. */
  readonly sharedTable: SharedTableCount;
  readonly sharedTableAfterwards: SharedTableCount;
  /** Absent when the bad version did not go back by an alarm and a change of weights. */
  readonly rollBack?: {
    readonly alarm: string;
    readonly firstErrorToAlarmSeconds: number;
    readonly alarmToWeightsSeconds: number;
    readonly weightsToLastBadResponseSeconds: number;
    readonly loadBalancerWrites: number;
  };
  /** Calls that were refused, by principal and action, but for what people tried: each is a missing permission. */
  readonly refusedCalls: readonly string[];
}

/** Measured times, still as instants, for the picture. */
export interface Measured {
  readonly figures: Figures;
  readonly rollBack: RollBackTimes | undefined;
}

export async function measure(world: World, releases: readonly Told[], responses: readonly Response[], recorded: readonly Recorded[]): Promise<Measured> {
  const traffic = countTraffic(responses);
  const states = new SFNClient(world.aws.client);
  const figures: ReleaseFigures[] = [];
  for (const { version, began, ended, release } of releases) {
    const { served = 0, failed = 0 } = traffic.byVersion.find((count) => count.version === version) ?? {};
    const counted = await countExecutions(states, release.execution.split(':').at(-1) ?? '');
    figures.push({ version, outcome: release.status, served, failed, ...counted, seconds: (ended - began) / 1000 });
  }
  const bad = releases.find(({ version }) => version === VERSIONS.bad);
  const rollBack = bad && rollBackTimes({ environment: world.production.environment, version: bad.version }, responses, recorded, bad.ended);
  const failedByOtherVersions = traffic.byVersion.filter(({ version }) => version !== VERSIONS.bad).reduce((sum, { failed }) => sum + failed, 0);
  const failed = responses.filter(({ version, status }) => version !== undefined && version !== VERSIONS.bad && status >= 400);
  const reasons = reasonsOf([...traffic.lost, ...failed]);
  return {
    rollBack,
    figures: {
      releases: figures,
      traffic: {
        sent: traffic.sent,
        beforeFirstRelease: traffic.beforeFirstRelease,
        lost: traffic.lost.length,
        failedByOtherVersions,
        ...(reasons.length > 0 && { reasons }),
      },
      sharedTable: countSharedTable(responses),
      sharedTableAfterwards: countSharedTable(responses.filter(({ sent }) => rollBack !== undefined && sent > rollBack.weights)),
      rollBack: rollBack && inSeconds(rollBack),
      refusedCalls: [...new Set(denied(recorded, world.tried).map(({ principal, action, resource }) => `${principal} ${action} ${resource}`))],
    },
  };
}

function inSeconds({ alarmName: alarm, firstError, alarm: raised, weights, lastBad, writes }: RollBackTimes) {
  return {
    alarm,
    firstErrorToAlarmSeconds: (raised - firstError) / 1000,
    alarmToWeightsSeconds: (weights - raised) / 1000,
    weightsToLastBadResponseSeconds: Math.max(0, lastBad - weights) / 1000,
    loadBalancerWrites: writes,
  };
}
