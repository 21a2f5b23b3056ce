import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { GatePlan } from '../../lambda/contract';
import { listOf, object, optional, requireKind } from '../kinds/kind';
import { DURATION, FUNCTION, made, NUMBER, reasonOf, STRING } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { firstRepeated, requireHttpPath, requireSeconds, requireSome, requireWhole } from '../private/validate';
import { HealthAlarm, type WatchedTarget } from './health-alarm';
import { type MetricGateOptions, requireGateOptions, requireHealthName } from './metric-limits';
import { type MetricQueries, queriesOf } from './metric-queries';

export interface AlarmsGateOptions {
  /**
   * Requests the slot must have had while it baked for silence to count as health; with fewer the verdict is *inconclusive*, and
   * the environment's `inconclusive` says what becomes of the release. 0: silence is health. A whole number.
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

export interface LambdaGateOptions {
  /**
   * What the gate is called in the audit trail and in tickets. 1-40 letters and digits in PascalCase; give one where the function's id is something else.
   *
   * @default - the construct id of the function
   */
  readonly name?: string;
  /**
   * How long the function may take, 1-240 seconds.
   *
   * @default Duration.seconds(30)
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
const LAMBDA_OPTIONS = object<LambdaGateOptions>({ name: optional(STRING), timeout: optional(DURATION) });

/**
 * What is watched while a version takes live traffic. A gate that fails takes the release back; so does one that cannot tell, unless the environment asks
 * somebody about that (`Inconclusive.ask`).
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

  /**
   * What CloudWatch measured of the slot while it baked, each whole period of it by itself: one value beyond a limit fails, too few values are
   * *inconclusive*. For what must stop a bake while it runs take `HealthAlarm.metric`.
   *
   * @param name 1-40 letters and digits in PascalCase, unique among the gates of an environment
   * @param metric in the environment's account and region, with a period of whole minutes, 1-60; alone or an expression over at most nine others. What of it
   * names a slot (`SlotMetric`) is looked up when the gate is read; synth warns where nothing does
   */
  static metric(name: string, metric: IMetric, options: MetricGateOptions): HealthGate {
    return new MetricGate(name, metric, options);
  }

  /**
   * A function of yours, in the environment's account and region, asked after each bake. It is told which slot has how much traffic and how to reach it
   * (`HealthRequest` of the contract), and answers with a verdict (`TestAnswer`). No answer in time, or another one, is an `error`. Called again where Lambda
   * was busy. Where the hub is in another account or region the function needs a `functionName`: nothing else can be referred to from there.
   */
  static lambda(gateFunction: IFunction, options: LambdaGateOptions = {}): HealthGate {
    return new LambdaGate(gateFunction, options);
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
   * What tells it apart from other gates of an environment, where it has a name.
   *
   * @internal
   */
  _name(): string | undefined {
    return undefined;
  }

  /**
   * What it measures; undefined for a gate that queries no metrics.
   *
   * @internal
   */
  _measures(): MetricQueries | undefined {
    return undefined;
  }

  /**
   * The function it asks.
   *
   * @internal
   */
  _asks(): IFunction | undefined {
    return undefined;
  }

  /**
   * A bake that is shorter is never conclusive. Seconds.
   *
   * @internal
   */
  _leastBake(): number {
    return 0;
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

/** CloudWatch has a metric about so many seconds after it was measured. */
const METRICS_COME_AFTER = 60;

class MetricGate extends HealthGate {
  private readonly plan: Extract<GatePlan, { kind: 'metric' }>;
  private readonly measures: MetricQueries;

  constructor(name: string, metric: IMetric, options: MetricGateOptions) {
    super();
    const where = 'HealthGate.metric';
    requireKind(where, 'name', name, STRING);
    requireHealthName('GateName', where, name);
    this.measures = queriesOf(where, metric);
    const { queries, periodSeconds } = this.measures;
    this.plan = { kind: 'metric', name, queries, periodSeconds, ...requireGateOptions(where, options) };
  }

  _bind(): GatePlan {
    return this.plan;
  }

  override _name(): string {
    return this.plan.name;
  }

  override _measures(): MetricQueries {
    return this.measures;
  }

  /** The period that the bake begins in is not whole. */
  override _leastBake(): number {
    return (this.plan.minimumDatapoints + 1) * this.plan.periodSeconds + METRICS_COME_AFTER;
  }
}

class LambdaGate extends HealthGate {
  private readonly name: string;
  private readonly timeoutSeconds: number;

  constructor(
    private readonly gateFunction: IFunction,
    options: LambdaGateOptions,
  ) {
    super();
    const where = 'HealthGate.lambda';
    requireKind(where, 'gateFunction', gateFunction, FUNCTION);
    requireKind(where, 'options', options, LAMBDA_OPTIONS);
    this.name = requireHealthName('GateName', where, options.name ?? gateFunction.node.id);
    // The hub's function that reads all gates side by side runs five minutes.
    this.timeoutSeconds = requireSeconds({ code: 'GateTimeout', where, what: 'the timeout' }, options.timeout ?? Duration.seconds(30), 1, 240);
  }

  _bind(): GatePlan {
    return { kind: 'lambda', name: this.name, functionArn: this.gateFunction.functionArn, timeoutSeconds: this.timeoutSeconds };
  }

  override _name(): string {
    return this.name;
  }

  override _asks(): IFunction {
    return this.gateFunction;
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
