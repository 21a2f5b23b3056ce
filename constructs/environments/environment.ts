import type { Environment as AccountAndRegion } from 'aws-cdk-lib';
import { Colour } from '../blue-green/colour';
import { TrafficStrategy } from '../blue-green/traffic-strategy';
import type { Firebreak } from '../release/firebreak';
import type { GoNoGo } from '../release/go-no-go';
import { HealthAlarm } from '../release/health-alarm';
import { HealthGate } from '../release/health-gate';
import type { IWorkload } from '../workloads/workload';
import { requireEnvironment } from './environment-rules';
import type { EnvironmentTest } from './environment-test';
import { ShadowAccess } from './shadow-access';
import type { ISharedState } from './shared-state';

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
   * The pause in front of this environment. The last environment of a path must say something here.
   *
   * @default - none; not allowed in the last environment
   */
  readonly firebreak?: Firebreak;
  /**
   * The decision to go live. The last environment of a path must say something here.
   *
   * @default - nobody is asked; not allowed in the last environment
   */
  readonly goNoGo?: GoNoGo;
  /**
   * How live traffic moves to a new version.
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
   * First of the listener's rule priorities that are this environment's: it takes up to ten from here on, and the one that is 50
   * higher. 1-49,950. Only matters on a listener that has other rules.
   *
   * @default 100
   */
  readonly rulePriority?: number;
  /**
   * The service's host name here, for example `pay.example.com`; the hidden URLs are then `blue.pay.example.com` and so on. The DNS
   * records, also the one for `*.pay.example.com`, are yours to make.
   *
   * @default - the load balancer's own name; hidden URLs differ by a header
   */
  readonly domainName?: string;
  /**
   * ARN of a certificate in this account and region, which with a `domainName` must also cover `*.<domainName>`.
   *
   * @default - the listener speaks plain HTTP
   */
  readonly certificateArn?: string;
  /**
   * Networks that may reach the load balancer at all, IPv4 or IPv6.
   *
   * @default ['0.0.0.0/0'] - everybody: it is where the users come in
   */
  readonly ingressCidrs?: string[];
  /**
   * IPv4 block of the VPC made for the front door, `/16` to `/24`.
   *
   * @default '10.0.0.0/16'
   */
  readonly vpcCidr?: string;
}

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
  readonly shadowAccess: ShadowAccess;
  readonly rulePriority: number;
  readonly domainName?: string;
  readonly certificateArn?: string;
  readonly ingressCidrs: string[];
  readonly vpcCidr: string;
  readonly workload?: IWorkload;
  readonly sharedState?: ISharedState;

  /**
   * @param name 1-20 letters and digits, starting with an upper case letter; part of stack, role and state names
   */
  constructor(
    readonly name: string,
    props: EnvironmentProps,
  ) {
    this.account = props.env.account ?? '';
    this.region = props.env.region ?? '';
    this.colours = props.colours ?? [Colour.blue(), Colour.green()];
    this.tests = props.tests ?? [];
    this.firebreak = props.firebreak;
    this.goNoGo = props.goNoGo;
    this.traffic = props.traffic ?? TrafficStrategy.allAtOnce();
    this.healthGates = props.healthGates ?? [HealthGate.alarms([HealthAlarm.serverErrors()], { minimumRequests: 0 })];
    this.shadowAccess = props.shadowAccess ?? ShadowAccess.secretHeader();
    this.rulePriority = props.rulePriority ?? 100;
    this.domainName = props.domainName;
    this.certificateArn = props.certificateArn;
    this.ingressCidrs = props.ingressCidrs ?? ['0.0.0.0/0'];
    this.vpcCidr = props.vpcCidr ?? '10.0.0.0/16';
    this.workload = props.workload;
    this.sharedState = props.sharedState;
    requireEnvironment(this);
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
      ...this.healthGates.map((gate) => ({ what: 'HealthGate.none', reason: gate._optOut() })),
    ].flatMap(({ what, reason }) => (reason === undefined ? [] : [{ what, reason }]));
  }
}
