import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from './environment';
import { requireReachable } from './reachable';

export interface EntranceProps {
  readonly vpc: ec2.IVpc;
  readonly environment: Environment;
  /** What becomes of the access logs; anything but `RETAIN` also leaves the load balancer without protection against deletion. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Where requests come in: a load balancer over the public subnets, its access log, and the one listener whose rules choose a slot. With a
 * certificate it speaks HTTPS, and plain HTTP is sent there.
 */
export class Entrance extends Construct {
  readonly loadBalancer: elb.ApplicationLoadBalancer;
  readonly listener: elb.ApplicationListener;
  /** Where requests to slots come from. */
  readonly securityGroupId: string;
  /** Where users reach it, for example `http://name.eu-west-2.elb.amazonaws.com`. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: EntranceProps) {
    super(scope, id);
    const { environment, vpc, removalPolicy } = props;
    requireReachable(environment);
    const securityGroup = this.securityGroup(vpc, environment);
    this.securityGroupId = securityGroup.securityGroupId;
    this.loadBalancer = new elb.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      internetFacing: true,
      securityGroup,
      dropInvalidHeaderFields: true,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    });
    this.loadBalancer.logAccessLogs(this.accessLogs(removalPolicy));
    const { certificateArn, domainName } = environment;
    this.listener = certificateArn === undefined ? this.plain() : this.encrypted(certificateArn);
    this.url = `${certificateArn === undefined ? 'http' : 'https'}://${domainName ?? this.loadBalancer.loadBalancerDnsName}`;
  }

  private securityGroup(vpc: ec2.IVpc, { certificateArn, ingressCidrs }: Environment): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Who may reach the front door', allowAllOutbound: false });
    const ports = certificateArn === undefined ? [80] : [80, 443];
    for (const cidr of ingressCidrs) {
      const peer = cidr.includes(':') ? ec2.Peer.ipv6(cidr) : ec2.Peer.ipv4(cidr);
      for (const port of ports) group.addIngressRule(peer, ec2.Port.tcp(port), `port ${port} from ${cidr}`);
    }
    group.addEgressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.allTcp(), 'to the slots, where they have addresses');
    if (ingressCidrs.some((cidr) => cidr.endsWith('/0'))) {
      Validations.of(group).acknowledge({ id: 'AwsSolutions::AwsSolutions-EC23', reason: 'this is where the users come in; ingressCidrs narrows it' });
    }
    return group;
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
    Validations.of(this).addWarning(
      'path-to-live:PlainHttp',
      'users and testers reach this environment by plain HTTP, the keys of its hidden URLs go over the network too; give it a domainName and a certificateArn',
    );
    return this.listen('Http', { port: 80, protocol: elb.ApplicationProtocol.HTTP });
  }

  private encrypted(certificateArn: string): elb.ApplicationListener {
    this.loadBalancer.addRedirect({ open: false });
    return this.listen('Https', {
      port: 443,
      protocol: elb.ApplicationProtocol.HTTPS,
      certificates: [elb.ListenerCertificate.fromArn(certificateArn)],
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
}
