import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { GatePlan } from '../../lambda/contract';
import { listOf, object, optional, requireKind } from '../kinds/kind';
import { DURATION, made, NUMBER, reasonOf } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { firstRepeated, requireHttpPath, requireSeconds, requireSome, requireWhole } from '../private/validate';
import { HealthAlarm, type WatchedTarget } from './health-alarm';

export interface AlarmsGateOptions {
  /**
   * Requests the slot must have had while it baked for silence to count as health; with fewer the verdict is *inconclusive*, and
   * the release goes back. 0: silence is health. A whole number.
   *
   * @default 1
   */
  readonly minimumRequests?: number;
}

export interface HttpGateOptions {
  /**
   * The only status that passes, 100-599.
   *
   * @default 200
   */
  readonly expectStatus?: number;
  /**
   * 1-60 seconds.
   *
   * @default Duration.seconds(5)
   */
  readonly timeout?: Duration;
}

export interface NoHealthGateOptions {
  /** Why nothing needs to be watched here; for reviewers, in the metadata of the front door's template. */
  readonly reason: string;
}

const ALARMS = listOf(made(HealthAlarm, 'HealthAlarm.serverErrors()'));
const ALARMS_OPTIONS = object<AlarmsGateOptions>({ minimumRequests: optional(NUMBER) });
const HTTP_OPTIONS = object<HttpGateOptions>({ expectStatus: optional(NUMBER), timeout: optional(DURATION) });

/**
 * What is watched while a version takes live traffic. A gate that fails, or cannot tell, takes the release back.
 *
 * @example
 * new Environment('Production', { env, healthGates: [HealthGate.alarms([HealthAlarm.serverErrors()]), HealthGate.http('/health')] });
 */
export abstract class HealthGate {
  /** None of the alarms may fire: before a shift, while a step bakes (within seconds), and after it. */
  static alarms(alarms: HealthAlarm[], options: AlarmsGateOptions = {}): HealthGate {
    return new AlarmsGate(alarms, options);
  }

  /** Asked of the slot itself, through its test rule, after each bake. */
  static http(path: string, options: HttpGateOptions = {}): HealthGate {
    return new HttpGate(path, options);
  }

  /** Nothing is watched: a bad version stays live until a person takes it back. */
  static none(options: NoHealthGateOptions): HealthGate {
    return new NoGate(reasonOf('HealthGate.none', options));
  }

  /**
   * @internal
   * @returns undefined for none
   */
  abstract _bind(): GatePlan | undefined;

  /** @internal */
  _alarms(): readonly HealthAlarm[] {
    return [];
  }

  /**
   * Makes the gate's alarms inside a slot's stack.
   *
   * @internal
   * @returns names of alarms
   */
  _watch(scope: Construct, target: WatchedTarget): string[] {
    return this._alarms().flatMap((alarm) => alarm._bind(scope, target));
  }

  /**
   * Why nothing is watched; undefined when something is.
   *
   * @internal
   */
  _optOut(): string | undefined {
    return undefined;
  }
}

class AlarmsGate extends HealthGate {
  private readonly minimumRequests: number;

  constructor(
    private readonly alarms: readonly HealthAlarm[],
    options: AlarmsGateOptions,
  ) {
    super();
    const where = 'HealthGate.alarms';
    requireKind(where, 'alarms', alarms, ALARMS);
    requireKind(where, 'options', options, ALARMS_OPTIONS);
    requireSome({ code: 'GateWithoutAlarms', where, what: 'the list of alarms' }, alarms, 'name at least one, for example HealthAlarm.serverErrors()');
    const repeated = firstRepeated(alarms.map((alarm) => alarm._name));
    if (repeated !== undefined) {
      throw new PathToLiveError('AlarmName', where, `two alarms are named ${JSON.stringify(repeated)}; give one of them another name: { name: '…' }`);
    }
    this.minimumRequests = options.minimumRequests ?? 1;
    requireWhole({ code: 'MinimumRequests', where, what: 'the minimum of requests' }, this.minimumRequests, 0, 1_000_000_000);
  }

  _bind(): GatePlan {
    return { kind: 'alarms', minimumRequests: this.minimumRequests };
  }

  override _alarms(): readonly HealthAlarm[] {
    return this.alarms;
  }
}

class HttpGate extends HealthGate {
  private readonly plan: GatePlan;

  constructor(path: string, options: HttpGateOptions) {
    super();
    const where = 'HealthGate.http';
    requireKind(where, 'options', options, HTTP_OPTIONS);
    requireHttpPath(where, path);
    const expectStatus = options.expectStatus ?? 200;
    requireWhole({ code: 'HttpStatus', where, what: 'the expected status' }, expectStatus, 100, 599);
    const timeoutSeconds = requireSeconds({ code: 'HttpTimeout', where, what: 'the timeout' }, options.timeout ?? Duration.seconds(5), 1, 60);
    this.plan = { kind: 'http', path, expectStatus, timeoutSeconds };
  }

  _bind(): GatePlan {
    return this.plan;
  }
}

class NoGate extends HealthGate {
  constructor(private readonly reason: string) {
    super();
  }

  _bind(): undefined {
    return undefined;
  }

  override _optOut(): string {
    return this.reason;
  }
}
