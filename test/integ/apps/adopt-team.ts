/** What a team has before it adopts: a load balancer, its own service and rule, and a rule of another team on the same listener. */
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { Code, Runtime, Function as ServiceFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

class TeamStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION } });
    const vpc = new ec2.Vpc(this, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] });
    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', { vpc, internetFacing: true });
    const listener = loadBalancer.addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
    const serving = this.service('Service', listener, 300, ['/pay', '/pay/*']);
    this.service('OtherTeam', listener, 40, ['/other']);
    for (const [name, value] of Object.entries({
      listener: listener.listenerArn,
      url: `http://${loadBalancer.loadBalancerDnsName}`,
      vpc: vpc.vpcId,
      serving: serving.targetGroupArn,
    })) {
      new CfnOutput(this, name, { value });
    }
  }

  /** It says of every answer who gave it. */
  private service(id: string, listener: elbv2.IApplicationListener, priority: number, paths: string[]): elbv2.ApplicationTargetGroup {
    const handler = new ServiceFunction(this, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(
        `exports.handler = async () => ({ statusCode: 200, headers: { 'x-service-version': '${id}' }, body: '', isBase64Encoded: false });`,
      ),
    });
    const group = new elbv2.ApplicationTargetGroup(this, `${id}Group`, { targets: [new LambdaTarget(handler)] });
    new elbv2.ApplicationListenerRule(this, `${id}Rule`, {
      listener,
      priority,
      conditions: [elbv2.ListenerCondition.pathPatterns(paths)],
      targetGroups: [group],
    });
    return group;
  }

  override get availabilityZones(): string[] {
    return [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()));
  }
}

new TeamStack(new App(), 'AdoptTeam');
