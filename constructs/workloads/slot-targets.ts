import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { SlotNetwork } from '../front-door/slot-network';

export interface SlotTargetsProps {
  readonly network: SlotNetwork;
  /** `ip` for what has an address of its own, `instance` for instances. */
  readonly targetType: 'ip' | 'instance';
  /** Where each target listens. */
  readonly port: number;
  readonly healthCheckPath: string;
  readonly deregistrationDelaySeconds: number;
}

/** How often a target is asked, in seconds, and how many answers in a row settle what it is: a new one is healthy 20 seconds after it is ready. */
const HEALTH_CHECK = { interval: 10, timeout: 5, healthy: 2, unhealthy: 3 };

/** A slot's target group, and the security group of what is in it: requests come from the load balancer, and from nowhere else. */
export class SlotTargets extends Construct {
  readonly targetGroupArn: string;
  readonly targetGroupFullName: string;
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: SlotTargetsProps) {
    super(scope, id);
    const { network, targetType, port } = props;
    const group = new CfnTargetGroup(this, 'TargetGroup', {
      targetType,
      vpcId: network.vpcId,
      protocol: 'HTTP',
      // Targets that ECS registers come with a port of their own: a release that listens elsewhere keeps its target group.
      port: targetType === 'ip' ? 80 : port,
      healthCheckProtocol: 'HTTP',
      healthCheckPath: props.healthCheckPath,
      healthCheckIntervalSeconds: HEALTH_CHECK.interval,
      healthCheckTimeoutSeconds: HEALTH_CHECK.timeout,
      healthyThresholdCount: HEALTH_CHECK.healthy,
      unhealthyThresholdCount: HEALTH_CHECK.unhealthy,
      matcher: { httpCode: '200' },
      targetGroupAttributes: [
        { key: 'deregistration_delay.timeout_seconds', value: String(props.deregistrationDelaySeconds) },
        // A user who is kept on a version could not be rolled back from it.
        { key: 'stickiness.enabled', value: 'false' },
      ],
    });
    this.targetGroupArn = group.ref;
    this.targetGroupFullName = group.attrTargetGroupFullName;
    this.securityGroupId = new CfnSecurityGroup(this, 'SecurityGroup', {
      vpcId: network.vpcId,
      groupDescription: 'Requests come from the load balancer only',
      securityGroupIngress: [
        { ipProtocol: 'tcp', fromPort: port, toPort: port, sourceSecurityGroupId: network.loadBalancerSecurityGroupId, description: 'from the load balancer' },
      ],
      securityGroupEgress: [{ ipProtocol: '-1', cidrIp: '0.0.0.0/0', description: 'what the service itself asks for' }],
    }).attrGroupId;
  }
}
