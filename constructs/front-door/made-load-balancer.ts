import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { NewLoadBalancerOptions } from './entrance-options';
import type { NetworkConfig } from './network';

export interface MadeLoadBalancerProps extends Omit<NewLoadBalancerOptions, 'network'> {
  readonly network: NetworkConfig;
  readonly internetFacing: boolean;
  readonly ingressCidrs: string[];
  /** What becomes of the access logs; anything but `RETAIN` also leaves the load balancer without protection against deletion. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * A load balancer, its access log, and the one listener whose rules choose a slot. With certificates it speaks HTTPS, and plain HTTP is sent there.
 */
export class MadeLoadBalancer extends Construct {
  readonly loadBalancer: elb.ApplicationLoadBalancer;
  readonly listener: elb.ApplicationListener;
  readonly securityGroupIds: string[];
  /** Where users reach it, for example `http://name.eu-west-2.elb.amazonaws.com`. */
  readonly url: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MadeLoadBalancerProps,
  ) {
    super(scope, id);
    const { network, internetFacing, removalPolicy, certificateArns, domainName } = props;
    const [group, ...others] = this.securityGroups();
    this.securityGroupIds = [group, ...others].map(({ securityGroupId }) => securityGroupId);
    this.loadBalancer = new elb.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc: network.vpc,
      vpcSubnets: network.subnets,
      internetFacing,
      securityGroup: group,
      dropInvalidHeaderFields: true,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    });
    for (const other of others) this.loadBalancer.addSecurityGroup(other);
    this.logAccess();
    this.listener = certificateArns === undefined ? this.plain() : this.encrypted(certificateArns);
    this.url = `${certificateArns === undefined ? 'http' : 'https'}://${domainName ?? this.loadBalancer.loadBalancerDnsName}`;
    this.name();
    if (props.webAclArn !== undefined) {
      new CfnWebACLAssociation(this, 'WebAcl', { resourceArn: this.loadBalancer.loadBalancerArn, webAclArn: props.webAclArn });
    }
  }

  private securityGroups(): [ec2.ISecurityGroup, ...ec2.ISecurityGroup[]] {
    const { securityGroupIds } = this.props;
    if (securityGroupIds === undefined) return [this.securityGroup()];
    // `mutable: false`: the rules of groups that others made stay theirs.
    const groups = securityGroupIds.map((id, index) => ec2.SecurityGroup.fromSecurityGroupId(this, `SecurityGroup${index + 1}`, id, { mutable: false }));
    return groups as [ec2.ISecurityGroup, ...ec2.ISecurityGroup[]];
  }

  private securityGroup(): ec2.SecurityGroup {
    const { network, certificateArns, ingressCidrs } = this.props;
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc: network.vpc, description: 'Who may reach the front door', allowAllOutbound: false });
    const ports = certificateArns === undefined ? [80] : [80, 443];
    for (const cidr of ingressCidrs) {
      const peer = cidr.includes(':') ? ec2.Peer.ipv6(cidr) : ec2.Peer.ipv4(cidr);
      for (const port of ports) group.addIngressRule(peer, ec2.Port.tcp(port), `port ${port} from ${cidr}`);
    }
    const slots = network.cidr === undefined ? ec2.Peer.anyIpv4() : ec2.Peer.ipv4(network.cidr);
    group.addEgressRule(slots, ec2.Port.allTcp(), 'to the slots, where they have addresses');
    if (ingressCidrs.some((cidr) => cidr.endsWith('/0'))) {
      Validations.of(group).acknowledge({ id: 'AwsSolutions::AwsSolutions-EC23', reason: 'this is where the users come in; ingressCidrs narrows it' });
    }
    return group;
  }

  private logAccess(): void {
    const { accessLogs, removalPolicy } = this.props;
    if (accessLogs === undefined) {
      this.loadBalancer.logAccessLogs(this.accessLogs(removalPolicy));
      return;
    }
    this.loadBalancer.logAccessLogs(s3.Bucket.fromBucketName(this, 'AccessLogs', accessLogs.bucketName), accessLogs.prefix);
  }

  private accessLogs(removalPolicy: RemovalPolicy): s3.Bucket {
    const bucket = new s3.Bucket(this, 'AccessLogs', {
      // Load balancers write to buckets with S3's own keys only:
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason: 'it holds access logs itself; logging who reads them is for CloudTrail',
    });
    return bucket;
  }

  private plain(): elb.ApplicationListener {
    return this.listen('Http', { port: 80, protocol: elb.ApplicationProtocol.HTTP });
  }

  private encrypted(certificateArns: readonly string[]): elb.ApplicationListener {
    this.loadBalancer.addRedirect({ open: false });
    return this.listen('Https', {
      port: 443,
      protocol: elb.ApplicationProtocol.HTTPS,
      certificates: certificateArns.map((arn) => elb.ListenerCertificate.fromArn(arn)),
      sslPolicy: elb.SslPolicy.RECOMMENDED_TLS,
    });
  }

  private listen(id: string, props: elb.BaseApplicationListenerProps): elb.ApplicationListener {
    return this.loadBalancer.addListener(id, {
      ...props,
      // Who may come in is in the security group already.
      open: false,
      // Seen only until the live rule is made: that one takes every request.
      defaultAction: elb.ListenerAction.fixedResponse(503, { contentType: 'text/plain', messageBody: 'not open yet' }),
    });
  }

  /** One record for the service, one for the hosts of its hidden URLs. */
  private name(): void {
    const { hostedZone, domainName } = this.props;
    if (hostedZone === undefined || domainName === undefined) return;
    const zone = route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', hostedZone);
    const target = route53.RecordTarget.fromAlias(new LoadBalancerTarget(this.loadBalancer));
    new route53.ARecord(this, 'Name', { zone, recordName: domainName, target });
    new route53.ARecord(this, 'HiddenNames', { zone, recordName: `*.${domainName}`, target });
  }
}
