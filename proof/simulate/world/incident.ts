import type { EnvironmentPlan } from '../../../lambda/contract';
import type { AuditEvent } from '../../../lambda/domain/model';
import { alarmOf } from '../../../test/lambda/fake-slots';
import type { PlotKind } from './plot';
import { notify } from './services';
import type { World } from './world';

/** Once the mend has all of the users. */
const MENDS_MS = [10_000, 400_000] as const;
/** Quiet in the middle of the first bake, and not for long. */
const PAUSES_MS = [15_000, 100_000] as const;
const WORSENS_MS = [1_000, 60_000] as const;
const SHARED = '-database';

/** Name of the alarm of a slot that watches what every version needs. */
export function sharedAlarmOf(stackName: string): string {
  return `${stackName}${SHARED}`;
}

/**
 * What every version needs fails in one environment, until a release mends it: an alarm of every slot there fires meanwhile, of whatever version. Only a release that
 * is declared a fix-forward gets past it.
 */
export class Incident {
  /** Where it is; undefined while there is none. */
  private plan?: EnvironmentPlan;

  constructor(private readonly world: World) {}

  get environment(): string | undefined {
    return this.plan?.environment;
  }

  isShared(alarm: string): boolean {
    return alarm.endsWith(SHARED);
  }

  begin(): void {
    const { chance, path, hub } = this.world;
    this.plan = chance.oneOf(path.plans);
    hub.faults.count('something that every version needs fails');
    this.world.tell('the world', `the database of ${this.plan.environment} fails`);
    this.fireAll();
  }

  /** A slot has a version, and its alarms, from here on. */
  deployed({ environment }: EnvironmentPlan, stackName: string): void {
    if (environment !== this.environment) return;
    // What the version before has raised there would not count either, as long as it fires.
    this.world.alarms.quiet(alarmOf(stackName));
    this.fire(stackName);
  }

  happened({ what, release, environment, detail }: AuditEvent): void {
    if (environment !== this.environment || this.plan === undefined) return;
    const attempt = this.world.attempts.of(release);
    if (attempt?.body.fixForward === undefined) return;
    if (what === 'ReleaseLive') this.mended(this.plan);
    if (what === 'ReleaseRolledBack' || what === 'ReleaseStopped') this.goesOn();
    if (what !== 'TrafficShifted') return;
    const isFirst = attempt.events.filter((event) => event.what === 'TrafficShifted' && event.environment === environment).length === 1;
    this.shifted(release, attempt.plot.kind, isFirst, detail.percent === 100);
  }

  /** Users have it: what becomes of what it was to mend. */
  private shifted(version: string, kind: PlotKind, isFirst: boolean, isAll: boolean): void {
    if (kind === 'raises anew an alarm of before') {
      if (isFirst) this.flap(version);
    } else if (kind === 'makes worse what fired before') {
      if (isFirst) this.soon(WORSENS_MS, () => this.worsens(version));
    } else if (isAll) this.soon(MENDS_MS, () => this.has(version) && this.quietAll());
  }

  private mended(plan: EnvironmentPlan): void {
    this.soon(MENDS_MS, () => {
      for (const { stackName } of plan.slots) this.world.alarms.quiet(sharedAlarmOf(stackName));
    });
    this.plan = undefined;
  }

  /** Quiet for a while, and then not any more: it is no alarm of before by then. */
  private flap(version: string): void {
    this.soon(PAUSES_MS, () => {
      if (!this.has(version)) return;
      this.quietAll();
      this.soon(PAUSES_MS, () => this.has(version) && this.fireAll());
    });
  }

  /** Whether users get anything of it. */
  private has(version: string): boolean {
    const { plan } = this;
    const { stacks, traffic } = this.world;
    return plan?.slots.some(({ stackName }) => stacks.holds.get(stackName) === version && traffic.isServed(plan, stackName)) ?? false;
  }

  private worsens(version: string): void {
    for (const { stackName } of this.plan?.slots ?? []) if (this.has(version)) this.world.alarms.worsen(sharedAlarmOf(stackName));
  }

  /** The release that was to mend it has ended without. */
  private goesOn(): void {
    for (const { stackName } of this.plan?.slots ?? []) this.world.alarms.mitigate(sharedAlarmOf(stackName));
    this.fireAll();
  }

  private fireAll(): void {
    for (const { stackName } of this.plan?.slots ?? []) if (this.world.stacks.holds.has(stackName)) this.fire(stackName);
  }

  private quietAll(): void {
    for (const { stackName } of this.plan?.slots ?? []) this.world.alarms.quiet(sharedAlarmOf(stackName));
  }

  private fire(stackName: string): void {
    const alarm = sharedAlarmOf(stackName);
    if (this.plan && this.world.alarms.fire(alarm)) notify(this.world, alarm, this.plan);
  }

  private soon(within: readonly [number, number], then: () => void): void {
    const { timeline, chance } = this.world;
    timeline.after(chance.between(...within), then);
  }
}
