import { FURTHER_RULE, type FurtherRuleOptions } from '../blue-green/live-rules';
import { listOf, object, optional } from '../kinds/kind';
import { NUMBER, STRING } from '../kinds/kinds';
import { NETWORK, type Network } from './network';
import { PROBE_PLACE, type ProbePlace } from './probe-place';
import { WORKLOAD_SUBNETS, type WorkloadSubnets } from './workload-subnets';

/** A hosted zone of Route 53, in the environment's account. */
export interface HostedZoneOptions {
  /** For example `Z0123456789ABCDEFGHIJ`. */
  readonly hostedZoneId: string;
  /** Its own name, for example `example.com`. */
  readonly zoneName: string;
}

/** A bucket you have that load balancers of this region may write to. */
export interface AccessLogsOptions {
  readonly bucketName: string;
  /**
   * Folder in the bucket, without a slash at either end.
   *
   * @default - the load balancer's own folders, at the top
   */
  readonly prefix?: string;
}

/** What workloads with addresses of their own need to know of a load balancer that was there before. */
export interface OfferedNetworkOptions {
  /** Where they stand. */
  readonly workloads: WorkloadSubnets;
  /** The load balancer's security group: whom they let in. */
  readonly loadBalancerSecurityGroupId: string;
}

/** What every load balancer that is made for an environment may be given. */
export interface LoadBalancerOptions {
  /**
   * ARNs of certificates in the environment's account and region, the one for requests without a host name first. With a `domainName` one
   * of them must also cover `*.<domainName>`.
   *
   * @default - the listener speaks plain HTTP
   */
  readonly certificateArns?: string[];
  /**
   * The service's host name here, for example `pay.example.com`; the hidden URLs are then `blue.pay.example.com` and so on. The DNS
   * records, also the one for `*.pay.example.com`, are yours to make, or `hostedZone` says where.
   *
   * @default - the load balancer's own name; hidden URLs differ by a header
   */
  readonly domainName?: string;
  /**
   * Where to put the DNS records of `domainName` and of `*.<domainName>`.
   *
   * @default - no records are made
   */
  readonly hostedZone?: HostedZoneOptions;
  /**
   * Security groups of yours, in place of one that is made; the first is what workloads with addresses let in.
   *
   * @default - one is made, that lets `ingressCidrs` in
   */
  readonly securityGroupIds?: string[];
  /**
   * ARN of a regional web ACL of AWS WAF that inspects every request.
   *
   * @default - none
   */
  readonly webAclArn?: string;
  /**
   * Where its access log goes.
   *
   * @default - a bucket is made; logs are kept for 90 days
   */
  readonly accessLogs?: AccessLogsOptions;
}

export interface NewLoadBalancerOptions extends LoadBalancerOptions {
  /**
   * Where it stands.
   *
   * @default Network.newVpc()
   */
  readonly network?: Network;
  /**
   * Networks that may reach the load balancer at all, IPv4 or IPv6.
   *
   * @default ['0.0.0.0/0'] - everybody: it is where the users come in
   */
  readonly ingressCidrs?: string[];
  /**
   * Where the environment's own tests come from.
   *
   * @default - the internet
   */
  readonly probe?: ProbePlace;
}

export interface NewInternalLoadBalancerOptions extends LoadBalancerOptions {
  /** Where it stands: `Network.existingVpc`, one that your users reach. */
  readonly network: Network;
  /**
   * Networks that may reach the load balancer at all, IPv4 or IPv6.
   *
   * @default ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] - every private network
   */
  readonly ingressCidrs?: string[];
  /**
   * Where the environment's own tests come from.
   *
   * @default - there are no HTTP tests and gates; from the internet nobody reaches it
   */
  readonly probe?: ProbePlace;
}

export interface ExistingListenerOptions {
  /** ARN of the listener of an Application Load Balancer, in the environment's account and region. */
  readonly listenerArn: string;
  /** Where users reach the service by it, for example `https://pay.example.com`. */
  readonly url: string;
  /** VPC of the load balancer, for example `vpc-0a1b2c3d4e5f60718`. */
  readonly vpcId: string;
  /**
   * First of eleven priorities in a row that no other rule of the listener has, and that come before the rule that serves the users now: up to
   * ten are for the slots, the eleventh is the live rule's. 1-49,990; smaller numbers come first.
   */
  readonly rulePriority: number;
  /**
   * Host names of the requests that are this service's. Together with `pathPatterns` at most three, because the rules of its slots, which take
   * no others, also name the slot and a key.
   *
   * @default - every host
   */
  readonly hosts?: string[];
  /**
   * Paths of the requests that are this service's, for example `/pay` and `/pay/*`.
   *
   * @default - every path
   */
  readonly pathPatterns?: string[];
  /**
   * ARN of the target group that serves these requests now. It goes on serving them, the first release takes its traffic over by weight, and
   * rolling that back, or removing the environment's stack, gives it back. Read when the live rule is made, and never again.
   *
   * @default - nothing serves them yet: they are answered 503 until the first release is live
   */
  readonly currentlyServing?: string;
  /**
   * Other rules of the same load balancer by which users reach the service, on this listener or another: moved with the first one as one. Four at most. The hidden URLs of
   * slots are on the first one's listener only.
   *
   * @default - none
   */
  readonly furtherRules?: FurtherRuleOptions[];
  /**
   * The service's host name, below which hidden URLs have hosts of their own: `blue.pay.example.com`. DNS records and a certificate for
   * `*.<domainName>` are yours.
   *
   * @default - hidden URLs differ by a header
   */
  readonly domainName?: string;
  /**
   * What workloads with addresses of their own need, Fargate tasks for example.
   *
   * @default - not known; enough for functions
   */
  readonly network?: OfferedNetworkOptions;
  /**
   * Where the environment's own tests come from, for a load balancer that is not reached from the internet.
   *
   * @default - the internet
   */
  readonly probe?: ProbePlace;
}

const NEW_LOAD_BALANCER = {
  network: optional(NETWORK),
  certificateArns: optional(listOf(STRING)),
  domainName: optional(STRING),
  hostedZone: optional(object<HostedZoneOptions>({ hostedZoneId: STRING, zoneName: STRING })),
  ingressCidrs: optional(listOf(STRING)),
  securityGroupIds: optional(listOf(STRING)),
  webAclArn: optional(STRING),
  accessLogs: optional(object<AccessLogsOptions>({ bucketName: STRING, prefix: optional(STRING) })),
  probe: optional(PROBE_PLACE),
};

/** @internal */
export const NEW_LOAD_BALANCER_OPTIONS = object<NewLoadBalancerOptions>(NEW_LOAD_BALANCER);

/** @internal */
export const NEW_INTERNAL_LOAD_BALANCER_OPTIONS = object<NewInternalLoadBalancerOptions>({ ...NEW_LOAD_BALANCER, network: NETWORK });

/** @internal */
export const EXISTING_LISTENER_OPTIONS = object<ExistingListenerOptions>({
  listenerArn: STRING,
  url: STRING,
  vpcId: STRING,
  rulePriority: NUMBER,
  hosts: optional(listOf(STRING)),
  pathPatterns: optional(listOf(STRING)),
  currentlyServing: optional(STRING),
  furtherRules: optional(listOf(FURTHER_RULE)),
  domainName: optional(STRING),
  network: optional(object<OfferedNetworkOptions>({ workloads: WORKLOAD_SUBNETS, loadBalancerSecurityGroupId: STRING })),
  probe: optional(PROBE_PLACE),
});
