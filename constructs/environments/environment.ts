import type { Duration } from 'aws-cdk-lib';
import { Colour } from '../blue-green/colour';
import { TrafficStrategy } from '../blue-green/traffic-strategy';
import { Entrance } from '../front-door/entrance';
import { HealthAlarm } from '../health/health-alarm';
import { HealthGate } from '../health/health-gate';
import { Inconclusive } from '../health/inconclusive';
import { requireKind } from '../kinds/kind';
import { made } from '../kinds/kinds';
import { literalPlace } from '../private/literal-place';
import { requireEnvironmentName } from '../private/names';
import type { Firebreak } from '../release/firebreak';
import type { GoNoGo } from '../release/go-no-go';
import type { ISharedState } from '../shared-state/shared-state';
import type { IWorkload } from '../workloads/workload';
import { ENVIRONMENT_PROPS, type EnvironmentProps } from './environment-props';
import { inWords, requireEnvironment } from './environment-rules';
import type { EnvironmentTest } from './environment-test';
import type { PlannedOutage } from './planned-outage';
import { RollBackTarget } from './roll-back-target';
import { ShadowAccess } from './shadow-access';

/**
 * One place on the path to live, with the policy that holds there. A plain value: it becomes stacks when a `PathToLive` takes it.
 *
 * @example
 * new Environment('Integration', { env: { account: '222222222222', region: 'eu-west-2' }, tests: [EnvironmentTest.http('/health')] });
 */
export class Environment {
  readonly account: string;
  readonly region: string;
  readonly colours: Colour[];
  readonly tests: EnvironmentTest[];
  readonly firebreak?: Firebreak;
  readonly goNoGo?: GoNoGo;
  readonly traffic: TrafficStrategy;
  readonly healthGates: HealthGate[];
  readonly inconclusive: Inconclusive;
  readonly shadowAccess: ShadowAccess;
  readonly entrance: Entrance;
  readonly workload?: IWorkload;
  readonly sharedState?: ISharedState;
  readonly stickySessions?: Duration;
  readonly warmFor?: Duration;
  readonly earlyLifeSupport?: Duration;
  readonly plannedOutage?: PlannedOutage;
  readonly rollBackTarget: RollBackTarget;
  /**
   * Whether somebody wrote how its traffic moves.
   *
   * @internal
   */
  readonly _saysTraffic: boolean;

  /**
   * @param name 1-20 letters and digits, starting with an upper case letter; part of stack, role and state names
   */
  constructor(
    readonly name: string,
    props: EnvironmentProps,
  ) {
    const where = inWords(name);
    requireEnvironmentName(where, name);
    requireKind(where, 'props', props, ENVIRONMENT_PROPS);
    const why = 'roles, trust and asset buckets of other accounts are settled at synth';
    const { account, region } = literalPlace({ code: 'EnvironmentPlace', where, what: 'env' }, props.env, why);
    this.account = account;
    this.region = region;
    this.colours = props.colours ?? [Colour.blue(), Colour.green()];
    this.tests = props.tests ?? [];
    this.firebreak = props.firebreak;
    this.goNoGo = props.goNoGo;
    this._saysTraffic = props.traffic !== undefined;
    this.traffic = props.traffic ?? TrafficStrategy.allAtOnce();
    this.healthGates = props.healthGates ?? [HealthGate.alarms([HealthAlarm.serverErrors()], { minimumRequests: 0 })];
    this.inconclusive = props.inconclusive ?? Inconclusive.rollBack();
    this.shadowAccess = props.shadowAccess ?? ShadowAccess.secretHeader();
    this.entrance = props.entrance ?? Entrance.newLoadBalancer();
    this.workload = props.workload;
    this.sharedState = props.sharedState;
    this.stickySessions = props.stickySessions;
    this.warmFor = props.warmFor;
    this.earlyLifeSupport = props.earlyLifeSupport;
    this.plannedOutage = props.plannedOutage;
    this.rollBackTarget = props.rollBackTarget ?? RollBackTarget.replace();
    requireEnvironment(this);
  }

  /**
   * Its health gates, and those of single steps.
   *
   * @internal
   */
  _gates(): HealthGate[] {
    return [...this.healthGates, ...this.traffic._gates.map(({ gate }) => gate)];
  }

  /**
   * Its tests, and those of single steps.
   *
   * @internal
   */
  _tests(): EnvironmentTest[] {
    return [...this.tests, ...this.traffic._tests];
  }

  /**
   * Safeties that were switched off by a visible value, and why.
   *
   * @internal
   */
  _optOuts(): { readonly what: string; readonly reason: string }[] {
    return [
      { what: 'Firebreak.none', reason: this.firebreak?._optOut() },
      { what: 'GoNoGo.none', reason: this.goNoGo?._optOut() },
      { what: 'ShadowAccess.open', reason: this.shadowAccess._optOut() },
      { what: 'PlannedOutage.allowed', reason: this.plannedOutage?._reason() },
      ...this.healthGates.map((gate) => ({ what: 'HealthGate.none', reason: gate._optOut() })),
    ].flatMap(({ what, reason }) => (reason === undefined ? [] : [{ what, reason }]));
  }
}

/** @internal */
export const ENVIRONMENT = made(Environment, "new Environment('Production', { env })");
