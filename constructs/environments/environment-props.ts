import type { Environment as AccountAndRegion, Duration } from 'aws-cdk-lib';
import { Colour } from '../blue-green/colour';
import { TrafficStrategy } from '../blue-green/traffic-strategy';
import { Entrance } from '../front-door/entrance';
import { HealthGate } from '../health/health-gate';
import { Inconclusive } from '../health/inconclusive';
import { ANYTHING, listOf, object, optional } from '../kinds/kind';
import { DURATION, made } from '../kinds/kinds';
import { Firebreak } from '../release/firebreak';
import { GoNoGo } from '../release/go-no-go';
import { type ISharedState, SHARED_STATE } from '../shared-state/shared-state';
import { type IWorkload, WORKLOAD } from '../workloads/workload';
import { EnvironmentTest } from './environment-test';
import { PlannedOutage } from './planned-outage';
import { RollBackTarget } from './roll-back-target';
import { ShadowAccess } from './shadow-access';

export interface EnvironmentProps {
  /** Account and region, both literal: templates, roles and asset buckets are settled at synth. */
  readonly env: AccountAndRegion;
  /**
   * Run against the shadow slot, in parallel, before anybody is asked and before any traffic moves.
   *
   * @default - no tests
   */
  readonly tests?: EnvironmentTest[];
  /**
   * The pause in front of this environment. The last environment of a path must say something here, or the first of its `Waves`.
   *
   * @default - none; not allowed in the last environment
   */
  readonly firebreak?: Firebreak;
  /**
   * The decision to go live. The last environment of a path must say something here, or the first of its `Waves`.
   *
   * @default - nobody is asked; not allowed in the last environment
   */
  readonly goNoGo?: GoNoGo;
  /**
   * How live traffic moves to a new version. Synth warns where the last environment of a path says nothing here.
   *
   * @default TrafficStrategy.allAtOnce()
   */
  readonly traffic?: TrafficStrategy;
  /**
   * What is watched while it moves.
   *
   * @default - five server errors of the slot within a minute take the release back; silence is health
   */
  readonly healthGates?: HealthGate[];
  /**
   * What becomes of a release when they could not tell.
   *
   * @default Inconclusive.rollBack()
   */
  readonly inconclusive?: Inconclusive;
  /**
   * Who reaches the slots by their hidden URLs.
   *
   * @default ShadowAccess.secretHeader()
   */
  readonly shadowAccess?: ShadowAccess;
  /**
   * The slots, 2-5, in the order of preference for a first release.
   *
   * @default [Colour.blue(), Colour.green()]
   */
  readonly colours?: Colour[];
  /**
   * What this environment runs, where it is not what the path runs.
   *
   * @default - the path's workload
   */
  readonly workload?: IWorkload;
  /**
   * State that every version in this environment uses, in a stack of its own that no release replaces.
   *
   * @default - the path's shared state, if it has any
   */
  readonly sharedState?: ISharedState;
  /**
   * Where requests come in.
   *
   * @default Entrance.newLoadBalancer()
   */
  readonly entrance?: Entrance;
  /**
   * How long a user stays with the version that answered first, by a cookie of the load balancer, while a release shares live traffic: 1 second to 7 days. The weights then say where *new* users go. When
   * a version has all of the traffic, and after a roll back, the live rule names it alone, and no cookie holds anybody elsewhere.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupStickinessConfig.html
   *
   * @default - users stay with no version: each request goes by the weights
   */
  readonly stickySessions?: Duration;
  /**
   * How long a slot keeps its capacity after it has served its last user: so long a roll back is one change of weights. Then its tasks or instances are
   * stopped, and a roll back starts them first. 1 second to 364 days; functions have nothing to keep warm.
   *
   * @default - for ever: a slot that serves nobody runs, and costs, as much as the one that does
   */
  readonly warmFor?: Duration;
  /**
   * How long a version that has gone live here is in early life support, the warranty period of the team it is from: until then no contract that it brings
   * (`Migration.contract`) runs, so that it can be rolled back. 1 second to 364 days; a release keeps what it was submitted with.
   *
   * @default - none: a contract may run as soon as its version is live
   */
  readonly earlyLifeSupport?: Duration;
  /**
   * What a new deployment does to the slot of what the live version can be rolled back to, where no other is left for it: with three colours one is, as a rule.
   *
   * @default RollBackTarget.replace()
   */
  readonly rollBackTarget?: RollBackTarget;
  /**
   * Whether a release may take users out of every version for a while, for what it brings with `Migration.breaking`. Every environment of the path has to
   * say so before one is let in.
   *
   * @default - no: a release that brings one is refused
   */
  readonly plannedOutage?: PlannedOutage;
}

/** @internal */
export const ENVIRONMENT_PROPS = object<EnvironmentProps>({
  env: object<AccountAndRegion>({ account: ANYTHING, region: ANYTHING }),
  tests: optional(listOf(made(EnvironmentTest, "EnvironmentTest.http('/health')"))),
  firebreak: optional(made(Firebreak, 'Firebreak.parties([security])')),
  goNoGo: optional(made(GoNoGo, 'GoNoGo.by(changeAuthority)')),
  traffic: optional(made(TrafficStrategy, 'TrafficStrategy.allAtOnce()')),
  healthGates: optional(listOf(made(HealthGate, "HealthGate.http('/health')"))),
  inconclusive: optional(made(Inconclusive, 'Inconclusive.rollBack()')),
  shadowAccess: optional(made(ShadowAccess, 'ShadowAccess.secretHeader()')),
  colours: optional(listOf(made(Colour, 'Colour.blue()'))),
  workload: optional(WORKLOAD),
  sharedState: optional(SHARED_STATE),
  entrance: optional(made(Entrance, 'Entrance.newLoadBalancer()')),
  stickySessions: optional(DURATION),
  warmFor: optional(DURATION),
  earlyLifeSupport: optional(DURATION),
  rollBackTarget: optional(made(RollBackTarget, 'RollBackTarget.replace()')),
  plannedOutage: optional(made(PlannedOutage, "PlannedOutage.allowed({ reason: 'agreed with the business' })")),
});
