/**
 * The promise that no deployment moves traffic, on deployed stacks. The context `phase` says what this deployment is:
 *
 * - `made`: the switch is new and answers 503; a release then sets 10/90
 * - `again`: the switch itself is deployed with other properties; still 10/90
 * - `failing`: the same stack is updated once more and fails half way, so that CloudFormation rolls everything back
 * - `after`: as `again`; still 10/90
 */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { TrafficSwitch } from '../../../constructs/blue-green/traffic-switch';

type Phase = 'made' | 'again' | 'failing' | 'after';

class SwitchStack extends Stack {
  readonly liveRuleArn: string;
  readonly groups: string[];

  constructor(scope: Construct, id: string, phase: Phase) {
    super(scope, id);
    const vpc = new ec2.Vpc(this, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] });
    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', { vpc, internetFacing: true });
    const listener = loadBalancer.addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
    this.groups = ['One', 'Two'].map((id) => {
      const group = new elbv2.ApplicationTargetGroup(this, id, { vpc, port: 80, targetType: elbv2.TargetType.IP });
      new elbv2.ApplicationListenerRule(this, `${id}Rule`, {
        listener,
        priority: id === 'One' ? 1 : 2,
        conditions: [elbv2.ListenerCondition.httpHeader('x-slot', [id])],
        targetGroups: [group],
      });
      return group.targetGroupArn;
    });
    const { liveRuleArn } = new TrafficSwitch(this, 'TrafficSwitch', {
      listenerArn: listener.listenerArn,
      priority: 50,
      path: 'Alone',
      environment: phase === 'made' ? 'Before' : 'After',
      pathPatterns: phase === 'failing' ? ['/*', '/else/*'] : undefined,
    });
    this.liveRuleArn = liveRuleArn;
    if (phase === 'failing') {
      const broken = new CfnResource(this, 'Broken', {
        type: 'AWS::CloudFormation::CustomResource',
        properties: { ServiceToken: 'arn:aws:lambda:eu-west-2:000000000000:function:there-is-no-such-function' },
      });
      broken.node.addDependency(this.node.findChild('TrafficSwitch'));
    }
  }

  override get availabilityZones(): string[] {
    return [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()));
  }
}

const app = new App();
const phase = app.node.getContext('phase') as Phase;
const stack = new SwitchStack(app, 'IntegTrafficSwitch', phase);
const test = new IntegTest(app, 'TrafficSwitchTest', { testCases: [stack] });

const read = () => test.assertions.awsApiCall('elastic-load-balancing-v2', 'DescribeRules', { RuleArns: [stack.liveRuleArn] });
const weights = [10, 90];
const targetGroups = stack.groups.map((TargetGroupArn, index) => ({ TargetGroupArn, Weight: weights[index] }));

if (phase === 'made') {
  read()
    .expect(ExpectedResult.objectLike({ Rules: [{ Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }] }] }))
    .next(
      test.assertions.awsApiCall('elastic-load-balancing-v2', 'ModifyRule', {
        RuleArn: stack.liveRuleArn,
        Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: targetGroups } }],
      }),
    )
    .next(read().expect(ExpectedResult.objectLike({ Rules: [{ Actions: [{ ForwardConfig: { TargetGroups: targetGroups } }] }] })));
} else {
  read().expect(ExpectedResult.objectLike({ Rules: [{ Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: targetGroups } }] }] }));
}
