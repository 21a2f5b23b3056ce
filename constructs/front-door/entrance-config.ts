import type { FurtherRuleOptions } from '../blue-green/live-rules';
import type { OfferedNetwork } from './workload-subnets';

/**
 * Where an entrance's requests are told apart, as far as it is known before anything is made: slots are synthesized apart from their front door.
 *
 * @internal
 */
export interface RulePlace {
  /** First of the eleven priorities that are the environment's: up to ten for its slots, then the live rule's. */
  readonly priority: number;
  /** Requests the live rule takes, and so the slots' rules; empty: all. */
  readonly hosts: readonly string[];
  readonly pathPatterns: readonly string[];
  /** Hidden URLs are hosts below this one; without it they differ by a header. */
  readonly domainName: string | undefined;
  readonly scheme: 'http' | 'https';
  /** ARN of a listener that was there before; undefined for one of the environment's own. */
  readonly listenerArn: string | undefined;
  /** Target group that serves users already, see `TrafficSwitch`. */
  readonly currentlyServing: string | undefined;
  /** Rules that are moved with the live rule. */
  readonly furtherRules: readonly FurtherRuleOptions[];
  /** Whether it offers slots a network, see `SlotNetwork`. */
  readonly offersNetwork: boolean;
}

/**
 * An entrance once it stands.
 *
 * @internal
 */
export interface EntranceConfig {
  readonly loadBalancerArn: string;
  /** As the dimensions of its metrics want it: `app/<name>/<id>`. */
  readonly loadBalancerFullName: string;
  readonly listenerArn: string;
  /** Where users reach it, for example `http://name.eu-west-2.elb.amazonaws.com`. */
  readonly url: string;
  readonly vpcId: string;
  /** For workloads with addresses; there if `RulePlace.offersNetwork`. */
  readonly offered: OfferedNetwork | undefined;
}
