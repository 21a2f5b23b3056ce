import { Fn } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { listOf, object, optional, requireKind } from '../kinds/kind';
import { made, STRING } from '../kinds/kinds';
import { requireCidr, requireMatch, requireWhole } from '../private/validate';
import { requireIds } from './entrance-rules';
import { MadeVpc } from './made-vpc';
import { WORKLOAD_SUBNETS, WorkloadSubnets } from './workload-subnets';

export interface NewVpcOptions {
  /**
   * IPv4 block of the VPC, `/16` to `/24`.
   *
   * @default '10.0.0.0/16'
   */
  readonly cidr?: string;
}

export interface ExistingVpcOptions {
  /** For example `vpc-0a1b2c3d4e5f60718`. */
  readonly vpcId: string;
  /** Subnets the load balancer stands in, at least two in different zones; public ones for a load balancer that faces the internet. */
  readonly subnetIds: string[];
  /**
   * Where workloads with addresses of their own stand, Fargate tasks for example.
   *
   * @default - in the load balancer's subnets; with public addresses, where the load balancer faces the internet
   */
  readonly workloads?: WorkloadSubnets;
  /**
   * IPv4 block of the VPC; the load balancer then opens connections to nowhere else.
   *
   * @default - it may open connections to anywhere
   */
  readonly cidr?: string;
}

const NEW_VPC = object<NewVpcOptions>({ cidr: optional(STRING) });
const EXISTING_VPC = object<ExistingVpcOptions>({
  vpcId: STRING,
  subnetIds: listOf(STRING),
  workloads: optional(WORKLOAD_SUBNETS),
  cidr: optional(STRING),
});

/**
 * What a load balancer needs to know of the network it stands in.
 *
 * @internal
 */
export interface NetworkConfig {
  readonly vpc: ec2.IVpc;
  readonly subnets: ec2.SubnetSelection;
  readonly workloads: WorkloadSubnets;
  /** Where the load balancer may open connections to; undefined: anywhere. */
  readonly cidr: string | undefined;
}

/**
 * Where a load balancer stands.
 *
 * @example
 * Network.existingVpc({ vpcId: 'vpc-0a1b2c3d4e5f60718', subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-1a1b2c3d4e5f60718'] });
 */
export abstract class Network {
  /** A VPC of the front door's own: two public subnets, no gateway that costs, its flows logged. */
  static newVpc(options: NewVpcOptions = {}): Network {
    return new NewVpc(options);
  }

  /** A VPC you have. Everything is named by its id, nothing is looked up. */
  static existingVpc(options: ExistingVpcOptions): Network {
    return new ExistingVpc(options);
  }

  /**
   * @param internetFacing whether the load balancer in it is
   * @internal
   */
  abstract _bind(scope: Construct, internetFacing: boolean): NetworkConfig;
}

class NewVpc extends Network {
  private readonly cidr: string;

  constructor(options: NewVpcOptions) {
    super();
    requireKind('Network.newVpc', 'options', options, NEW_VPC);
    this.cidr = options.cidr ?? '10.0.0.0/16';
    requireMatch(
      { code: 'VpcCidr', where: 'Network.newVpc', what: 'the cidr' },
      this.cidr,
      /^\d{1,3}(\.\d{1,3}){3}\/(1[6-9]|2[0-4])$/,
      'an IPv4 block from /16 to /24, for example "10.0.0.0/16"',
    );
    requireCidr({ code: 'VpcCidr', where: 'Network.newVpc', what: 'the cidr' }, this.cidr);
  }

  _bind(scope: Construct): NetworkConfig {
    const { vpc } = new MadeVpc(scope, 'Network', { cidr: this.cidr });
    return {
      vpc,
      subnets: { subnetType: ec2.SubnetType.PUBLIC },
      workloads: WorkloadSubnets.withPublicAddresses(vpc.publicSubnets.map(({ subnetId }) => subnetId)),
      cidr: vpc.vpcCidrBlock,
    };
  }
}

class ExistingVpc extends Network {
  constructor(private readonly options: ExistingVpcOptions) {
    super();
    const where = 'Network.existingVpc';
    requireKind(where, 'options', options, EXISTING_VPC);
    const { vpcId, subnetIds, cidr } = options;
    requireIds(where, 'vpc', [vpcId]);
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
    requireWhole({ code: 'SubnetIds', where, what: 'the number of subnets the load balancer stands in' }, subnetIds.length, 2, 20);
    requireIds(where, 'subnet', subnetIds, 'an id in subnetIds');
    if (cidr !== undefined) requireCidr({ code: 'VpcCidr', where, what: 'the cidr' }, cidr);
  }

  _bind(scope: Construct, internetFacing: boolean): NetworkConfig {
    const { vpcId, subnetIds, cidr } = this.options;
    const workloads = this.options.workloads ?? (internetFacing ? WorkloadSubnets.withPublicAddresses(subnetIds) : WorkloadSubnets.behindNat(subnetIds));
    const network = new Construct(scope, 'Network');
    // Its zones are nobody's business here, but the CDK wants some.
    const vpc = ec2.Vpc.fromVpcAttributes(network, 'Vpc', { vpcId, availabilityZones: [Fn.select(0, Fn.getAzs())], vpcCidrBlock: cidr });
    const subnets = subnetIds.map((subnetId, index) => ec2.Subnet.fromSubnetAttributes(network, `Subnet${index + 1}`, { subnetId }));
    return { vpc, subnets: { subnets }, workloads, cidr };
  }
}

/** @internal */
export const NETWORK = made(Network, 'Network.newVpc()');
