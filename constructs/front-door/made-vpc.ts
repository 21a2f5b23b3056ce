import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface MadeVpcProps {
  /** IPv4 block of the VPC, `/16` to `/24`; each of its two public subnets gets a quarter. */
  readonly cidr: string;
}

/**
 * Where a front door's load balancer stands: a VPC over two availability zones with public subnets only, because a NAT gateway costs more than
 * many a service. Slots that have addresses have them here too; that nobody but the load balancer reaches them is their security group's matter.
 * Who talked to whom is logged and kept for a month.
 *
 * It takes the first two zones its stack names; a stack with a literal account looks them up unless it says otherwise.
 */
export class MadeVpc extends Construct {
  readonly vpc: ec2.Vpc;

  constructor(scope: Construct, id: string, props: MadeVpcProps) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(props.cidr),
      maxAzs: 2,
      // The other half of the block stays free for the subnets of workloads that need some.
      subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: Number(props.cidr.split('/')[1]) + 2 }],
      natGateways: 0,
    });
    const log = new logs.LogGroup(this, 'FlowLog', { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    this.vpc.addFlowLog('Flows', { destination: ec2.FlowLogDestination.toCloudWatchLogs(log) });
  }
}
