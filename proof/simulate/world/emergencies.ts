import type { AuditEvent } from '../../../lambda/domain/model';
import type { World } from './world';

const FIRST_MS = [0, 900_000] as const;
const SOON_MS = [0, 300_000] as const;
const MEANWHILE_MS = [1_000, 600_000] as const;

const BEHIND_MS = [1_000, 60_000] as const;
const LATER_MS = [60_000, 200_000] as const;

/** What an emergency is submitted at: another has come so far. */
interface Cue {
  readonly what: AuditEvent['what'];
  readonly environment: string;
  /** There the other is taken out before, where it was live. */
  readonly behind?: string;
}

/** Emergencies of a world, and what people do about the releases that they meet. */
export class Emergencies {
  private readonly left: string[];
  private readonly cue: Cue | undefined;

  /** @param submit one of its versions, now */
  constructor(
    private readonly world: World,
    private readonly submit: (version: string) => void,
  ) {
    const { chance, path } = world;
    this.left = chance.happens(0.25) ? ['1.0.1', '1.0.2'] : ['1.0.1'];
    const [first, ...later] = path.plans.map(({ environment }) => environment) as [string, ...string[]];
    const between = later.slice(0, -1);
    const cues: readonly (readonly [number, Cue | undefined])[] = [
      [1, undefined],
      [1, { what: 'EnvironmentEntered', environment: first }],
      ...[first, ...between].map((environment) => [1, { what: 'ReleaseLive', environment }] as const),
      ...between.map((environment) => [6, { what: 'TrafficShifted', environment, behind: first }] as const),
    ];
    this.cue = chance.weighted(cues);
  }

  begin(): void {
    if (this.cue === undefined) this.next(FIRST_MS);
  }

  happened(event: AuditEvent): void {
    const { what, environment, release, detail } = event;
    if (this.isEmergency(release)) return;
    if (what === this.cue?.what && environment === this.cue.environment) this.cued(release, this.cue);
    if (what === 'ReleaseSuperseded' && detail.emergency === true) this.evicted(release);
  }

  private cued(version: string, { behind }: Cue): void {
    if (behind !== undefined && this.left.length > 0) this.after(BEHIND_MS, () => this.rollBack(behind, version));
    this.next(behind === undefined ? SOON_MS : LATER_MS);
  }

  private next(within: readonly [number, number]): void {
    const version = this.left.shift();
    if (version !== undefined) this.after(within, () => this.submit(version));
  }

  /** It is to come back, unless somebody does not want it any more; somebody may not wait for that. */
  private evicted(version: string): void {
    const { chance, people, attempts, path } = this.world;
    if (!chance.happens(0.4)) return;
    const act = chance.oneOf(['abort', 'submit', 'roll back'] as const);
    this.after(MEANWHILE_MS, () => {
      if (act === 'abort') people.ask('ReleaseManager', `POST /releases/${version}/abort`, { reason: 'not after that' });
      if (act === 'submit') people.ask('Pipeline', 'POST /releases', attempts.of(version)?.body ?? {});
      if (act === 'roll back') for (const { environment } of path.plans) this.rollBack(environment, version);
    });
  }

  private rollBack(environment: string, version: string): void {
    const { people, records } = this.world;
    const still = () => {
      const { live, lock, rollBackRequested } = records.environment(environment);
      return live?.version === version && lock === undefined && rollBackRequested === undefined;
    };
    people.ask('ReleaseManager', `POST /environments/${environment}/roll-back`, { reason: 'users complain' }, { still });
  }

  private isEmergency(version: string): boolean {
    return this.world.attempts.of(version)?.body.emergency !== undefined;
  }

  private after(within: readonly [number, number], then: () => void): void {
    const { timeline, chance } = this.world;
    timeline.after(chance.between(...within), () => {
      timeline.running = true;
      then();
    });
  }
}
