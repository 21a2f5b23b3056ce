/** What a team has before it adopts: a load balancer, its own services and two rules, and a rule of another team on the same listener. */
import { App } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { Code, Runtime, Function as ServiceFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { TeamStack } from './team-stack';

class AdoptTeam extends TeamStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const serving = this.service('Service', 300, ['/pay', '/pay/*']);
    const partners = this.service('Partners', 310, ['/partners', '/partners/*']);
    this.service('OtherTeam', 40, ['/other']);
    this.tell({ vpc: this.vpc.vpcId, serving: serving.targetGroupArn, partners: partners.targetGroupArn });
  }

  /** It says of every answer who gave it. */
  private service(id: string, priority: number, paths: string[]): elbv2.ApplicationTargetGroup {
    const handler = new ServiceFunction(this, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(
        `exports.handler = async () => ({ statusCode: 200, headers: { 'x-service-version': '${id}' }, body: '', isBase64Encoded: false });`,
      ),
    });
    const group = new elbv2.ApplicationTargetGroup(this, `${id}Group`, { targets: [new LambdaTarget(handler)] });
    new elbv2.ApplicationListenerRule(this, `${id}Rule`, {
      listener: this.listener,
      priority,
      conditions: [elbv2.ListenerCondition.pathPatterns(paths)],
      targetGroups: [group],
    });
    return group;
  }
}

new AdoptTeam(new App(), 'AdoptTeam');
