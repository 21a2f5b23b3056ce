import type { Alarms, AlarmsFound, AlarmValues } from '../../../lambda/domain/ports';
import type { Timeline } from '../timeline';

/** Of what an alarm measures that fires. */
const BAD = 1.8;
const WORSE = 1.4;
const PERIOD_MS = 60_000;
const PERIODS = 12;
const REASON = 'p99 of the response time: 1.8 s in 1 minute, allowed: less than 1 s';

/** CloudWatch's alarms: which of them fire, and since when. Quiet, unless told otherwise. */
export class WorldAlarms implements Alarms {
  readonly missing = new Set<string>();
  private readonly firing = new Map<string, string>();

  /** How bad what they measure has become, and when. */
  private readonly worse: { readonly alarm: string; readonly value: number; readonly from: number; until: number }[] = [];

  constructor(private readonly timeline: Timeline) {}

  /** Since when without a break. */
  since(alarm: string): string | undefined {
    return this.firing.get(alarm);
  }

  /** @returns whether that is news */
  fire(alarm: string): boolean {
    if (this.firing.has(alarm)) return false;
    this.firing.set(alarm, this.timeline.text());
    return true;
  }

  quiet(alarm: string): void {
    this.firing.delete(alarm);
  }

  /** What it measures is worse than ever from here on. */
  worsen(alarm: string): void {
    this.worse.push({ alarm, value: BAD * WORSE ** (this.worse.length + 1), from: this.timeline.now, until: Number.POSITIVE_INFINITY });
  }

  /** It is as bad as it was. */
  mitigate(alarm: string): void {
    for (const each of this.worse) if (each.alarm === alarm) each.until = Math.min(each.until, this.timeline.now);
  }

  async values(_plan: unknown, alarm: string): Promise<AlarmValues> {
    const values = Array.from({ length: PERIODS }, (_, index) => this.at(alarm, this.timeline.now - (PERIODS - index) * PERIOD_MS, index));
    return { values, periods: 2, breaching: 2, raisedBy: 'more', threshold: 1, raisedAt: true, by: 'p99', what: 'p99 of the response time', unit: 's' };
  }

  /** Never still, and never worse for that. */
  private at(alarm: string, instant: number, index: number): number {
    const worse = this.worse.find((each) => each.alarm === alarm && each.from <= instant && instant < each.until);
    return worse?.value ?? BAD * (1 + (index % 5) / 100);
  }

  async read(_plan: unknown, names: readonly string[]): Promise<AlarmsFound> {
    const firing = names.flatMap((alarm) => {
      const since = this.firing.get(alarm);
      return since === undefined ? [] : [{ alarm, reason: REASON, since }];
    });
    return { firing, missing: names.filter((name) => this.missing.has(name)) };
  }
}
