import type { Figures, Measured } from '../figures/figures';
import type { RollBackTimes } from '../figures/roll-back-times';
import { VERSIONS } from '../services';
import type { Response } from '../traffic/response';
import type { Told, World } from '../world';
import type { Mark } from './marks';
import { drawPicture, type PanelData } from './picture';
import type { Wait } from './waits';

/** How much of the time before and after a roll back its close look shows. */
const BEFORE_MS = 3000;
const AFTER_MS = 4000;
const CLOSE_BIN_MS = 250;

/** The picture of a whole rehearsal. */
export function pictureOf({ plans, production, path }: World, told: readonly Told[], { figures, rollBack }: Measured, responses: readonly Response[]): string {
  const panels = plans.map(({ environment }): PanelData => {
    const large = environment === production.environment;
    const marks = [...told.flatMap((release) => shifts(release, environment)), ...(large ? ends(rollBack) : [])];
    const waits = told.flatMap((release) => waitsIn(release, environment));
    return { title: environment, responses: responses.filter((response) => response.environment === environment), marks, waits, large };
  });
  return drawPicture({
    title: `Three releases of ${path}, as users saw them`,
    subtitle: subtitle(figures),
    span: { from: least(responses.map(({ sent }) => sent)), to: most(responses.map(({ answered }) => answered)) },
    panels: [...panels, ...closeLook(panels.at(-1), rollBack)],
  });
}

function closeLook(production: PanelData | undefined, rollBack: RollBackTimes | undefined): PanelData[] {
  if (production === undefined || rollBack === undefined) return [];
  const span = { from: rollBack.firstError - BEFORE_MS, to: rollBack.weights + AFTER_MS };
  return [{ ...production, title: `${production.title}, the roll back`, closeUp: { span, binMs: CLOSE_BIN_MS } }];
}

function ends(rollBack: RollBackTimes | undefined): Mark[] {
  if (rollBack === undefined) return [];
  return [
    { at: rollBack.alarm, kind: 'alarm', label: 'alarm' },
    { at: rollBack.weights, kind: 'rollBack', label: 'rolled back' },
  ];
}

function shifts({ release, version }: Told, environment: string): Mark[] {
  return release.audit
    .filter((event) => event.what === 'TrafficShifted' && event.environment === environment)
    .map(({ at, detail }, index) => ({ at: Date.parse(at), kind: 'shift', label: `${index === 0 ? `${version} ` : ''}${detail.percent} %` }));
}

const GATES = [
  ['firebreak', 'FirebreakOpened', 'FirebreakPassed'],
  ['go/no-go', 'GoNoGoOpened', 'GoNoGoPassed'],
] as const;

/** From when people were asked until they had all agreed; until the release ended where they did not. */
export function waitsIn({ release, ended }: Pick<Told, 'release' | 'ended'>, environment: string): Wait[] {
  const here = release.audit.filter((event) => event.environment === environment).map(({ what, at }) => ({ what, at: Date.parse(at) }));
  return GATES.flatMap(([label, opens, passes]) =>
    here
      .filter(({ what }) => what === opens)
      .map(({ at: from }) => ({ label, from, to: here.find(({ what, at }) => what === passes && at >= from)?.at ?? ended })),
  );
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
