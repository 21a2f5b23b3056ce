/** What a team has before it adopts a service on Fargate: a load balancer, the service behind it, and its rule for a host. */
import { App } from 'aws-cdk-lib';
import { Cluster, ContainerImage, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { TeamStack } from './team-stack';

class AdoptFargateTeam extends TeamStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const group = new elbv2.ApplicationTargetGroup(this, 'Serving', {
      vpc: this.vpc,
      port: 8080,
      protocol: elbv2.ApplicationProtocol.HTTP,
      targetType: elbv2.TargetType.IP,
      healthCheck: { path: '/health' },
    });
    const rule = new elbv2.ApplicationListenerRule(this, 'Rule', {
      listener: this.listener,
      priority: 300,
      conditions: [elbv2.ListenerCondition.hostHeaders([this.loadBalancer.loadBalancerDnsName])],
      targetGroups: [group],
    });
    const definition = new FargateTaskDefinition(this, 'Task');
    definition.addContainer('service', {
      image: ContainerImage.fromRegistry(`orders@sha256:${'1'.repeat(64)}`),
      portMappings: [{ containerPort: 8080 }],
      environment: { PATH_TO_LIVE_VERSION: 'Service' },
    });
    const service = new FargateService(this, 'Service', {
      cluster: new Cluster(this, 'Cluster', { vpc: this.vpc }),
      taskDefinition: definition,
      desiredCount: 1,
      assignPublicIp: true,
    });
    service.attachToApplicationTargetGroup(group);
    service.node.addDependency(rule);
    this.tell({
      vpc: this.vpc.vpcId,
      serving: group.targetGroupArn,
      subnets: this.vpc.publicSubnets.map(({ subnetId }) => subnetId).join(','),
      loadBalancerSecurityGroup: this.loadBalancer.connections.securityGroups[0]?.securityGroupId ?? '',
    });
  }
}

new AdoptFargateTeam(new App(), 'AdoptFargateTeam');
