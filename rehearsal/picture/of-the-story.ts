import type { Figures, Measured } from '../figures/figures';
import { VERSIONS } from '../services';
import type { Response } from '../traffic/response';
import type { Told, World } from '../world';
import type { Mark } from './marks';
import { drawPicture } from './picture';

/** The picture of a whole rehearsal. */
export function pictureOf({ plans, production, path }: World, told: readonly Told[], { figures, rollBack }: Measured, responses: readonly Response[]): string {
  const times = responses.map(({ answered }) => answered);
  const bad = rollBack && production.environment;
  return drawPicture({
    title: `Three releases of ${path}, as users saw them`,
    subtitle: subtitle(figures),
    span: { from: least(responses.map(({ sent }) => sent)), to: most(times) },
    panels: plans.map(({ environment }) => ({
      environment,
      responses: responses.filter((response) => response.environment === environment),
      marks: [
        ...told.flatMap((release) => shifts(release, environment)),
        ...(rollBack && bad === environment
          ? [
              { at: rollBack.alarm, kind: 'alarm' as const, label: 'alarm' },
              { at: rollBack.weights, kind: 'rollBack' as const, label: 'rolled back' },
            ]
          : []),
      ],
      large: environment === production.environment,
    })),
  });
}

function shifts({ release, version }: Told, environment: string): Mark[] {
  return release.audit
    .filter((event) => event.what === 'TrafficShifted' && event.environment === environment)
    .map(({ at, detail }, index) => ({ at: Date.parse(at), kind: 'shift', label: `${index === 0 ? `${version} ` : ''}${detail.percent} %` }));
}

function subtitle({ traffic, rollBack }: Figures): string {
  const failed = traffic.lost + traffic.failedByOtherVersions;
  const words = `${traffic.sent.toLocaleString('en-GB')} requests at a fixed rate, never sent twice; ${failed} failed but by ${VERSIONS.bad} itself`;
  return rollBack === undefined
    ? words
    : `${words}. Its last answer came ${(rollBack.firstErrorToAlarmSeconds + rollBack.alarmToWeightsSeconds + rollBack.weightsToLastBadResponseSeconds).toFixed(1)} s after its first error.`;
}

// Not Math.min(...): there may be more responses than arguments a call can have.
const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
