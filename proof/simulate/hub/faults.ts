import type { Chance } from '../chance';
import type { Weather } from './weather';

/** What can go wrong around a function of the hub. */
export type FaultKind =
  /** A call of a port is refused because the service is busy. */
  | 'throttled'
  /** It takes effect, and the caller is told that the service did not answer. */
  | 'answer lost'
  /** It takes seconds. */
  | 'slow call'
  /** The process dies, before or after the call takes effect. */
  | 'killed before a call'
  | 'killed after a call'
  /** It dies, and the call it made takes effect seconds later. */
  | 'killed, call late'
  /** The function is not started: too many of them run. */
  | 'not started'
  /** It runs twice, side by side or one after the other. */
  | 'started twice'
  /** It ran, and the caller is told that it failed. */
  | 'outcome lost';

export interface Fault {
  readonly kind: FaultKind;
  /** The caller is told of a death, not of a service that is away: a machine does not try again. */
  readonly deadly: boolean;
}

const EFFECTS = new Set([
  'store',
  'confirm',
  'write',
  'writeOriginal',
  'writeOutage',
  'tagAccepted',
  'look',
  'start',
  'answer',
  'rollBack',
  'raise',
  'set',
  'call',
  'publish',
  'submitAnew',
]);

/** Decides what goes wrong, and counts it. */
export class Faults {
  readonly counts = new Map<string, number>();
  private harmless: number;
  private deadly: number;

  constructor(
    private readonly chance: Chance,
    readonly weather: Weather,
  ) {
    this.harmless = weather.harmless;
    this.deadly = weather.deadly;
  }

  ofCall(method: string): Fault | undefined {
    if (!this.isNow()) return undefined;
    const effects = EFFECTS.has(method);
    return this.took(
      this.chance.weighted<FaultKind>([
        [3, 'throttled'],
        [effects ? 3 : 0, 'answer lost'],
        [3, 'slow call'],
        [2, 'killed before a call'],
        [3, 'killed after a call'],
        [effects ? 1 : 0, 'killed, call late'],
      ]),
    );
  }

  ofStart(): Fault | undefined {
    if (!this.isNow()) return undefined;
    return this.took(
      this.chance.weighted<FaultKind>([
        [1, 'not started'],
        [3, 'started twice'],
        [2, 'outcome lost'],
      ]),
    );
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  private isNow(): boolean {
    return this.harmless + this.deadly > 0 && this.chance.happens(this.weather.rate);
  }

  private took(kind: FaultKind): Fault | undefined {
    const deadly = this.deadly > 0 && kind.startsWith('killed') && this.chance.happens(0.5);
    if (!deadly && this.harmless === 0) return undefined;
    if (deadly) this.deadly -= 1;
    else this.harmless -= 1;
    this.count(deadly ? `${kind}, machine told` : kind);
    return { kind, deadly };
  }
}
