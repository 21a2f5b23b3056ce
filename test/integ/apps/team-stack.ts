import { CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';

/** What a team has before it takes anything of this library: a network, and a load balancer that answers 404 where no rule says otherwise. */
export class TeamStack extends Stack {
  protected readonly vpc: ec2.Vpc;
  protected readonly listener: elbv2.ApplicationListener;
  protected readonly loadBalancer: elbv2.ApplicationLoadBalancer;

  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION } });
    this.vpc = new ec2.Vpc(this, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] });
    this.loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', { vpc: this.vpc, internetFacing: true });
    this.listener = this.loadBalancer.addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
  }

  /** Outputs of the stack: where it is, the listener, where users reach it, and what else there is to know. */
  protected tell(more: Readonly<Record<string, string>>): void {
    const { account, region } = this;
    const told = { account, region, listener: this.listener.listenerArn, url: `http://${this.loadBalancer.loadBalancerDnsName}`, ...more };
    for (const [name, value] of Object.entries(told)) new CfnOutput(this, name, { value });
  }

  override get availabilityZones(): string[] {
    return [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()));
  }
}
