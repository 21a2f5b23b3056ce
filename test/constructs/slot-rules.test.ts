import { CfnOutput, CfnResource, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { CfnFunction, Code, FunctionUrlAuthType, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { Colour } from '../../constructs/blue-green/colour';
import { SlotRule, SlotRules } from '../../constructs/blue-green/slot-rule';
import { Environment } from '../../constructs/environments';
import type { IWorkload } from '../../constructs/workloads';
import { SlotStack } from '../../lib/slot-stack';
import { testApp } from '../test-app';

/** A workload that makes whatever a test wants to see in a slot. */
function workload(make: (scope: Construct) => void): IWorkload {
  return {
    bind: (scope) => {
      make(scope);
      return { targetGroupArn: 'arn', targetGroupFullName: 'targetgroup/a/b' };
    },
    permissions: () => ({ deploy: [], run: [] }),
  };
}

/** @returns the errors of synth, one a line */
function synthesize(make: (scope: Construct) => void): string {
  return synthesizeWith(workload(make));
}

function synthesizeWith(made: IWorkload): string {
  const app = testApp();
  const environment = new Environment('Production', { env: { account: '111111111111', region: 'eu-west-2' } });
  new SlotStack(new Stage(app, 'Release'), 'Slot', { path: 'Payments', environment, colour: Colour.blue(), workload: made });
  try {
    app.synth();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

function resource(type: string, properties: Record<string, unknown> = {}) {
  return (scope: Construct) => new CfnResource(scope, 'Thing', { type, properties });
}

function fn(scope: Construct): LambdaFunction {
  return new LambdaFunction(scope, 'Function', { code: Code.fromInline('x'), handler: 'x', runtime: Runtime.NODEJS_24_X });
}

describe('state in a slot', () => {
  test('is refused with the construct and the way out', () => {
    expect(synthesize((scope) => new Queue(scope, 'Orders'))).toContain(
      'Release/Slot/Slot/Workload/Orders/Resource: is state (AWS::SQS::Queue) in a slot, which the next release replaces while the other slot still needs it; ' +
        "move it into the environment's shared state; or, where it does no harm, SlotRules.of(construct).acknowledge(SlotRule.NO_STATE, reason) " +
        '(path-to-live:NoState)',
    );
  });

  test.each([
    'AWS::DynamoDB::Table',
    'AWS::S3::Bucket',
    'AWS::RDS::DBInstance',
    'AWS::EFS::FileSystem',
    'AWS::Kinesis::Stream',
    'AWS::SecretsManager::Secret',
    'AWS::Cognito::UserPool',
    'AWS::KMS::Key',
  ])('%s is refused', (type) => {
    expect(synthesize(resource(type))).toContain('path-to-live:NoState');
  });

  test.each(['AWS::Lambda::Function', 'AWS::ECS::Service', 'AWS::Logs::LogGroup', 'AWS::EC2::SecurityGroup'])('%s is none', (type) => {
    expect(synthesize(resource(type))).toBe('');
  });

  test('is found in a nested stack too', () => {
    expect(synthesize((scope) => new Bucket(new NestedStack(scope, 'Nested'), 'Files'))).toContain(
      'Workload/Nested/Files/Resource: is state (AWS::S3::Bucket)',
    );
  });

  test('every finding is reported at once', () => {
    const errors = synthesize((scope) => {
      new Queue(scope, 'One');
      new Queue(scope, 'Two', { queueName: 'two' });
    });
    expect(errors.match(/path-to-live:NoState/g)).toHaveLength(2);
    expect(errors.match(/path-to-live:NoFixedName/g)).toHaveLength(1);
  });
});

describe('a mistake in a workload', () => {
  /** Every error of a path with three slots in two environments. */
  function errors(make: (scope: Construct, environment: string) => void): string[] {
    const app = testApp();
    const stage = new Stage(app, 'Release');
    const two = (['Integration', 'Production'] as const).map((name) => new Environment(name, { env: { account: '111111111111', region: 'eu-west-2' } }));
    for (const [environment, colour] of [
      [two[0], Colour.blue()],
      [two[0], Colour.green()],
      [two[1], Colour.blue()],
    ] as [Environment, Colour][]) {
      const own = workload((scope) => make(scope, environment.name));
      new SlotStack(stage, `${environment.name}-${colour.name}`, { path: 'Payments', environment, colour, workload: own });
    }
    try {
      app.synth();
      return [];
    } catch (error) {
      return (error as Error).message.split('\n').filter((line) => line.includes('path-to-live:'));
    }
  }

  test('is told once, with every slot it is in', () => {
    const told = errors((scope) => new Queue(scope, 'Orders'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('Release/Integration-blue/Slot/Workload/Orders/Resource: is state (AWS::SQS::Queue) in a slot');
    expect(told[0]).toContain('; it is in 3 slots: blue and green of Integration, blue of Production (path-to-live:NoState)');
  });

  test('that only some slots have names only these, and another one is another mistake', () => {
    const told = errors((scope, environment) => {
      if (environment === 'Production') new Queue(scope, 'Orders');
      new Queue(scope, 'Refunds', { queueName: environment });
    });
    expect(told.filter((line) => line.includes('NoFixedName'))).toEqual([
      expect.stringContaining('= "Integration", which only one slot could have; leave it out, CloudFormation makes up a name; or, where it does no harm'),
      expect.stringContaining('= "Production"'),
    ]);
    expect(told.filter((line) => line.includes('Orders/Resource: is state'))).toEqual([expect.not.stringContaining('slots:')]);
    expect(told).toHaveLength(4);
  });

  test('an acknowledgement that nothing needs is one, too', () => {
    const told = errors((scope) => SlotRules.of(scope).acknowledge(SlotRule.NO_STATE, 'a cache'));
    expect(told).toEqual([expect.stringMatching(/nothing in it breaks that rule; remove the acknowledgement; it is in 3 slots: .*UnusedAcknowledgement/)]);
  });
});

describe('a fixed physical name', () => {
  test.each([
    ['AWS::Lambda::Function', 'FunctionName'],
    ['AWS::IAM::Role', 'RoleName'],
    ['AWS::Logs::LogGroup', 'LogGroupName'],
    ['AWS::CloudWatch::CompositeAlarm', 'AlarmName'],
    ['AWS::EC2::SecurityGroup', 'GroupName'],
    ['AWS::ElasticLoadBalancingV2::TargetGroup', 'Name'],
    ['AWS::ECS::Service', 'ServiceName'],
  ])('%s.%s is refused', (type, property) => {
    expect(synthesize(resource(type, { [property]: 'mine' }))).toContain(`has the fixed name ${property} = "mine", which only one slot could have`);
  });

  test.each([
    ['AWS::Lambda::Permission', { FunctionName: 'somebody-elses' }],
    ['AWS::IAM::Policy', { PolicyName: 'inline' }],
    ['AWS::Lambda::Alias', { Name: 'current' }],
    ['AWS::Lambda::Function', { FunctionName: { 'Fn::Join': ['-', ['x', { Ref: 'AWS::StackName' }]] } }],
    ['AWS::ECS::Service', { Cluster: 'shared' }],
  ])('%s %j is none', (type, properties) => {
    expect(synthesize(resource(type, properties))).toBe('');
  });

  test('is seen whatever a resource is made with, and however it comes into the template', () => {
    class NamedByItself extends CfnFunction {
      protected override renderProperties(props: Record<string, unknown>) {
        return { ...super.renderProperties(props), FunctionName: 'mine' };
      }
    }
    const props = { code: { zipFile: 'x' }, role: 'arn', handler: 'x', runtime: 'nodejs24.x' };
    const made = [
      (scope: Construct) => new CfnFunction(scope, 'Function', { ...props, functionName: 'mine' }),
      (scope: Construct) => new CfnFunction(scope, 'Function', { ...props, functionName: Lazy.string({ produce: () => 'mine' }) }),
      (scope: Construct) => new NamedByItself(scope, 'Function', props),
      (scope: Construct) => new CfnFunction(scope, 'Function', props).addOverride('Properties', { FunctionName: 'mine' }),
      (scope: Construct) => new CfnFunction(scope, 'Function', props).addOverride('Properties.FunctionName', Lazy.any({ produce: () => 'mine' })),
    ];
    for (const make of made) expect(synthesize(make)).toContain('has the fixed name FunctionName = "mine"');
    expect(synthesize((scope) => new CfnFunction(scope, 'Function', { ...props, functionName: Lazy.string({ produce: () => undefined }) }))).toBe('');
  });

  test('is seen behind an escape hatch', () => {
    expect(synthesize((scope) => (fn(scope).node.defaultChild as CfnResource).addPropertyOverride('FunctionName', 'mine'))).toContain('FunctionName = "mine"');
  });
});

describe('an export', () => {
  test('is refused; an output is not', () => {
    expect(synthesize((scope) => new CfnOutput(scope, 'Out', { value: 'x', exportName: 'name' }))).toContain('exports "name"');
    expect(synthesize((scope) => new CfnOutput(scope, 'Out', { value: 'x' }))).toBe('');
  });
});

describe('an active event source', () => {
  test.each([
    ['AWS::Lambda::EventSourceMapping', {}],
    ['AWS::Lambda::EventSourceMapping', { Enabled: true }],
    ['AWS::Events::Rule', { State: 'ENABLED' }],
    ['AWS::Scheduler::Schedule', {}],
    ['AWS::SNS::Subscription', {}],
    ['AWS::Pipes::Pipe', { DesiredState: 'RUNNING' }],
    ['AWS::IoT::TopicRule', { TopicRulePayload: { Actions: [] } }],
    ['AWS::SES::ReceiptRule', { Rule: { Enabled: true } }],
    ['AWS::Logs::SubscriptionFilter', {}],
    ['Custom::S3BucketNotifications', {}],
  ])('%s %j is refused', (type, properties) => {
    expect(synthesize(resource(type, properties))).toContain('path-to-live:NoEventSource');
  });

  test.each([
    ['AWS::Lambda::EventSourceMapping', { Enabled: false }],
    ['AWS::Events::Rule', { State: 'DISABLED' }],
    ['AWS::Scheduler::Schedule', { State: 'DISABLED' }],
    ['AWS::Pipes::Pipe', { DesiredState: 'STOPPED' }],
    ['AWS::IoT::TopicRule', { TopicRulePayload: { RuleDisabled: true } }],
    ['AWS::SES::ReceiptRule', { Rule: { Enabled: false } }],
  ])('%s %j is none', (type, properties) => {
    expect(synthesize(resource(type, properties))).toBe('');
  });

  test('is refused however it is made', () => {
    expect(synthesize((scope) => new Rule(scope, 'Nightly', { schedule: Schedule.expression('cron(0 3 * * ? *)') }))).toContain(
      'Workload/Nightly/Resource: is an active event source (AWS::Events::Rule)',
    );
  });
});

describe('another entrance', () => {
  test.each([
    ['AWS::ElasticLoadBalancingV2::ListenerRule', {}],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', {}],
    ['AWS::ApiGatewayV2::Api', { Name: 'a label' }],
    ['AWS::CloudFront::Distribution', {}],
  ])('%s %j is refused', (type, properties) => {
    expect(synthesize(resource(type, properties))).toContain('path-to-live:NoEntrance');
  });

  test('a function’s own URL is refused, unless callers must sign', () => {
    expect(synthesize((scope) => fn(scope).addFunctionUrl({ authType: FunctionUrlAuthType.NONE }))).toContain('lets requests in (AWS::Lambda::Url)');
    expect(synthesize((scope) => fn(scope).addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM }))).toBe('');
  });

  test('a load balancer inside the network is none', () => {
    expect(synthesize(resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }))).toBe('');
  });
});

describe('an acknowledgement', () => {
  const reason = 'a cache that may be lost';

  test('lets through what is in the construct, for the rule it names', () => {
    expect(synthesize((scope) => SlotRules.of(new Queue(scope, 'Cache')).acknowledge(SlotRule.NO_STATE, reason))).toBe('');
    expect(
      synthesize((scope) => {
        new Queue(scope, 'Cache');
        SlotRules.of(scope).acknowledge(SlotRule.NO_STATE, reason);
      }),
    ).toBe('');
  });

  test('lets nothing else through', () => {
    const beside = synthesize((scope) => {
      SlotRules.of(new Queue(scope, 'Cache')).acknowledge(SlotRule.NO_STATE, reason);
      new Queue(scope, 'Orders');
    });
    expect(beside).toContain('Workload/Orders/Resource: is state');
    expect(beside).not.toContain('Workload/Cache');
    const named = synthesize((scope) => SlotRules.of(new Queue(scope, 'Cache', { queueName: 'cache' })).acknowledge(SlotRule.NO_STATE, reason));
    expect(named).toContain('path-to-live:NoFixedName');
  });

  test('that nothing needs is refused', () => {
    expect(synthesize((scope) => SlotRules.of(fn(scope)).acknowledge(SlotRule.NO_STATE, reason))).toContain(
      'Workload/Function: acknowledges SlotRule.NO_STATE ("a cache that may be lost"), but nothing in it breaks that rule; remove the acknowledgement',
    );
  });

  test('needs a reason', () => {
    expect(synthesize.bind(undefined, (scope) => SlotRules.of(new Queue(scope, 'Cache')).acknowledge(SlotRule.NO_STATE, ' '))).toThrow(/ReasonMissing/);
  });
});

describe('a security group in a slot', () => {
  const open = { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp' };
  test.each([
    ['AWS::EC2::SecurityGroup', { SecurityGroupIngress: [open] }],
    ['AWS::EC2::SecurityGroupIngress', open],
    ['AWS::EC2::SecurityGroupIngress', { CidrIpv6: '::/0' }],
  ])('%s that lets the internet in is an entrance of its own', (type, properties) => {
    expect(synthesize(resource(type, properties))).toContain('path-to-live:NoEntrance');
  });

  test('that lets another group or a network in is none', () => {
    const rules = [{ SourceSecurityGroupId: 'sg-1' }, { CidrIp: '10.0.0.0/8' }];
    expect(synthesize(resource('AWS::EC2::SecurityGroup', { SecurityGroupIngress: rules }))).toBe('');
  });
});

describe('the target group of a slot', () => {
  const GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
  function withGroup(properties: Record<string, unknown>): string {
    const bind = (scope: Construct) => {
      const group = new CfnResource(scope, 'Group', { type: GROUP, properties });
      return { targetGroupArn: group.ref, targetGroupFullName: 'targetgroup/a/b' };
    };
    return synthesizeWith({ bind, permissions: () => ({ deploy: [], run: [] }) });
  }
  const VpcId = '{{resolve:ssm:/path-to-live/Payments/Production/vpc-id}}';

  test.each([[{ Protocol: 'HTTP', VpcId }], [{ Protocol: 'HTTPS', VpcId: 'vpc-0a1b2c3d' }], [{ TargetType: 'lambda' }]])('may be %j', (properties) => {
    expect(withGroup(properties)).toBe('');
  });

  test('is looked at in a nested stack, too', () => {
    const bind = (scope: Construct) => {
      const group = new CfnResource(new NestedStack(scope, 'Nested'), 'Group', { type: GROUP, properties: { Protocol: 'TLS', VpcId } });
      return { targetGroupArn: group.ref, targetGroupFullName: 'targetgroup/a/b' };
    };
    expect(synthesizeWith({ bind, permissions: () => ({ deploy: [], run: [] }) })).toContain('Nested/Group: the target group speaks "TLS"');
  });

  test.each([
    [{ Protocol: 'TCP', VpcId }, 'the target group speaks "TCP"; the load balancer forwards HTTP and HTTPS only'],
    [{ Protocol: 'HTTP' }, "the target group is in no VPC; it must be in the load balancer's: SlotNetwork.of(scope).vpcId"],
    [{ Protocol: 'HTTP', VpcId: { Ref: 'OwnVpc' } }, 'the target group is in the VPC {"Ref":"OwnVpc"}'],
  ])('is refused as %j', (properties, words) => {
    expect(withGroup(properties)).toContain(`Release/Slot/Slot/Workload/Group: ${words}`);
  });
});

describe('a stack in a slot', () => {
  test('of its own is refused, since no release would deploy it, with both ways out', () => {
    expect(synthesize((scope) => new Stack(scope, 'Orders'))).toContain(
      'Release/Slot/Slot/Workload/Orders: is a stack of its own in a slot, and a release deploys the stack of the slot only; ' +
        'let its class extend NestedStack instead of Stack, or Construct (path-to-live:StackInSlot)',
    );
  });

  test('that is nested in the slot’s is part of it, and looked through like the rest', () => {
    expect(synthesize((scope) => new NestedStack(scope, 'Orders'))).toBe('');
    expect(synthesize((scope) => new Queue(new NestedStack(scope, 'Orders'), 'Queue'))).toContain('path-to-live:NoState');
    expect(synthesize((scope) => new NestedStack(new NestedStack(scope, 'Orders'), 'Again'))).toBe('');
  });

  test.each<[string, (scope: Construct) => Construct]>([
    ['', (scope) => scope],
    ['Nested/', (scope) => new NestedStack(scope, 'Nested')],
  ])('%sThing that is nested by the URL of its template is refused: it is neither looked at nor sealed', (path, inside) => {
    const TemplateURL = 'https://s3.eu-west-2.amazonaws.com/orders/template.json';
    expect(synthesize((scope) => resource('AWS::CloudFormation::Stack', { TemplateURL })(inside(scope)))).toContain(
      `Workload/${path}Thing: nests a template by its URL, so nothing here looks into it, it is not among the files a release is sealed with, ` +
        'and people would accept what may change; make it a NestedStack, or read the template into one with CfnInclude of aws-cdk-lib/cloudformation-include ' +
        '(path-to-live:TemplateElsewhere)',
    );
  });
});
