import { spawnSync } from 'node:child_process';
import { Duration, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceClass, InstanceSize, InstanceType, MachineImage } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Colour } from '../../constructs/blue-green/colour';
import { Environment, workloadPlaceOf } from '../../constructs/environments';
import { SharedValue } from '../../constructs/shared-state';
import { AutoScalingGroupWorkload, type AutoScalingGroupWorkloadProps } from '../../constructs/workloads';
import { SlotStack } from '../../lib/slot-stack';
import { checked } from '../app/checked';
import { bundled } from '../bundles';
import { testApp } from '../test-app';
import { frontDoor } from './front-door-stack';
import { refusal } from './refusal';

const env = { account: '111111111111', region: 'eu-west-2' };
const environment = new Environment('Production', { env });
const instances = (props: Partial<AutoScalingGroupWorkloadProps> = {}) =>
  new AutoScalingGroupWorkload({
    machineImage: MachineImage.genericLinux({ 'eu-west-2': 'ami-0a1b2c3d4e5f60718' }),
    instanceType: InstanceType.of(InstanceClass.T3, InstanceSize.SMALL),
    commands: ['systemctl start orders'],
    ...props,
  });

function slot(props: Partial<AutoScalingGroupWorkloadProps> = {}, version = '1.4.2', app = testApp()): SlotStack {
  const release = new Stage(app, 'Release');
  return new SlotStack(release, 'Blue', { path: 'Payments', environment, colour: Colour.blue(), workload: instances(props), version });
}

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const TEMPLATE = 'AWS::EC2::LaunchTemplate';
const plain = Template.fromStack(slot());
const read = (name: string) => `{{resolve:ssm:/path-to-live/Payments/Production/${name}}}`;

/** User data as the instance gets it, references in angle brackets. */
function userDataOf(template: Template): string {
  const data = Object.values(template.findResources(TEMPLATE))[0]?.Properties.LaunchTemplateData.UserData['Fn::Base64'];
  return typeof data === 'string' ? data : data['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : '<token>')).join('');
}

describe('a group of instances', () => {
  test('is replaced as a whole, and fails when not every instance says in time that it is healthy', () => {
    plain.hasResource(GROUP, {
      CreationPolicy: { ResourceSignal: { Count: 2, Timeout: 'PT10M' }, AutoScalingCreationPolicy: { MinSuccessfulInstancesPercent: 100 } },
      UpdatePolicy: { AutoScalingReplacingUpdate: { WillReplace: true }, AutoScalingRollingUpdate: Match.absent() },
      Properties: {
        MinSize: '0',
        DesiredCapacity: '2',
        MaxSize: '8',
        HealthCheckType: 'ELB',
        HealthCheckGracePeriod: 600,
        VPCZoneIdentifier: { Ref: 'SubnetIds' },
        TargetGroupARNs: [{ Ref: Match.stringLikeRegexp('TargetsTargetGroup') }],
        AutoScalingGroupName: Match.absent(),
      },
    });
  });

  test('is made behind the hidden rule, without which nobody would check its health', () => {
    const [rule] = Object.keys(plain.findResources('AWS::ElasticLoadBalancingV2::ListenerRule', { Properties: { Priority: 101 } }));
    expect(Object.values(plain.findResources(GROUP))[0]?.DependsOn).toContain(rule);
  });

  test('starts with the team’s commands, waits for its own health, and tells the stack how it ended whatever happens', () => {
    expect(userDataOf(Template.fromStack(slot({ environment: { MODE: "it's" }, port: 3000, healthCheckPath: '/up' }))).split('\n')).toEqual([
      '#!/bin/bash',
      expect.stringMatching(
        /^trap '\/opt\/aws\/bin\/cfn-signal --stack Payments-Production-Blue --resource SlotWorkloadGroup\w* --region eu-west-2 --role <token> --exit-code \$\?' EXIT$/,
      ),
      'set -e',
      "export MODE='it'\\''s'",
      "export PATH_TO_LIVE_VERSION='1.4.2'",
      "export PATH_TO_LIVE_COLOUR='blue'",
      "export PATH_TO_LIVE_ENVIRONMENT='Production'",
      '(',
      'systemctl start orders',
      ')',
      `until curl --fail --silent --output /dev/null "http://$(hostname -I | cut -d ' ' -f 1):3000"'/up'; do sleep 2; done`,
      '',
    ]);
    const [group] = Object.keys(plain.findResources(GROUP));
    expect(userDataOf(plain)).toContain(`--resource ${group} `);
  });

  test.each([
    ['a service that is healthy', ['test "$MODE" = "it\'s quick"'], 0],
    ['a command that fails', ['exit 3', 'touch never'], 3],
    ['a command that is not there', ['no-such-program --now'], 127],
  ])('a shell tells the stack of %s, once', (_, commands, code) => {
    const script = userDataOf(Template.fromStack(slot({ commands, environment: { MODE: "it's quick" } })));
    const stubs = 'curl() { return 0; }; hostname() { echo 10.0.0.1 10.0.0.2; }; signal() { echo "signal: $*"; }\n';
    const { stdout, status } = spawnSync('bash', ['-c', stubs + script.replaceAll('/opt/aws/bin/cfn-signal', 'signal').replaceAll('<token>', 'role')], {
      encoding: 'utf8',
    });
    expect([stdout.match(/^signal: .*--exit-code (\d+)$/gm)?.length, stdout.trim().endsWith(`--exit-code ${code}`), status]).toEqual([1, true, code]);
  });

  test('waits for its health also where the commands exit by themselves', () => {
    const script = userDataOf(Template.fromStack(slot({ commands: ['exit 0', 'touch never'] })));
    const stubs = 'curl() { echo "asked"; return 1; }; sleep() { exit 9; }; hostname() { echo 10.0.0.1; }; signal() { echo "signal: $*"; }\n';
    const { stdout, status } = spawnSync('bash', ['-c', stubs + script.replaceAll('/opt/aws/bin/cfn-signal', 'signal').replaceAll('<token>', 'role')], {
      encoding: 'utf8',
    });
    expect([stdout.split('\n')[0], status]).toEqual(['asked', 9]);
  });

  test('has instances that nobody logs in to: no key, no open port but the service’s, metadata by token, encrypted disk', () => {
    plain.hasResourceProperties(TEMPLATE, {
      LaunchTemplateData: {
        KeyName: Match.absent(),
        NetworkInterfaces: Match.absent(),
        ImageId: 'ami-0a1b2c3d4e5f60718',
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3', DeleteOnTermination: true } }],
      },
    });
    plain.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: read('load-balancer-security-group-id') })],
    });
    plain.resourceCountIs('AWS::EC2::SecurityGroup', 1);
  });

  test('and all that is started from it carry the slot’s tags, and the role is on its path and in its boundary', () => {
    const tags = { Tags: Match.arrayWith([{ Key: 'path-to-live:path', Value: 'Payments' }]) };
    plain.hasResourceProperties(TEMPLATE, {
      TagSpecifications: [{ ResourceType: 'launch-template', ...tags }],
      LaunchTemplateData: {
        TagSpecifications: [Match.objectLike({ ResourceType: 'instance', ...tags }), Match.objectLike({ ResourceType: 'volume', ...tags })],
      },
    });
    plain.hasResourceProperties('AWS::IAM::InstanceProfile', { Path: '/path-to-live/Payments/Production/' });
    plain.hasResourceProperties('AWS::IAM::Role', { Path: '/path-to-live/Payments/Production/', PermissionsBoundary: Match.anyValue() });
  });

  test('tells the hub how many instances there are to be, and where', () => {
    const value = plain.findOutputs('Capacity').Capacity?.Value['Fn::Join'][1];
    expect(value).toEqual(['{"kind":"autoScalingGroup","group":"', { Ref: Object.keys(plain.findResources(GROUP))[0] }, '","least":2}']);
  });

  test('differs between versions in nothing but the version', () => {
    const text = (version: string) => JSON.stringify(Template.fromStack(slot({}, version)).toJSON()).replaceAll(version, 'VERSION');
    expect(text('1.4.2')).toBe(text('2.0.0'));
  });

  test('who says how long what is open may go on is told that nothing takes it away without warmFor', () => {
    const warned = Match.stringLikeRegexp('deregistrationDelay is "1 minute".*nothing lowers one in Production');
    expect(Annotations.fromStack(slot({ deregistrationDelay: Duration.minutes(1) })).findWarning('*', warned)).toHaveLength(1);
    expect(Annotations.fromStack(slot()).findWarning('*', Match.stringLikeRegexp('deregistrationDelay'))).toEqual([]);
  });
});

describe('what instances may do', () => {
  const stack = new Stack(testApp(), 'Stack', { env });
  const permissions = (props: Partial<AutoScalingGroupWorkloadProps> = {}) => instances(props).permissions(workloadPlaceOf(stack, 'Payments', environment));
  const actionsOf = (statements: PolicyStatement[]) => statements.flatMap(({ actions }) => actions);

  test('is what their policy says, and telling that they have started', () => {
    const policy = [new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [SharedValue.named('TableArn')] })];
    expect(actionsOf(permissions({ policy }).run)).toEqual(['cloudformation:SignalResource', 'dynamodb:GetItem']);
    Template.fromStack(slot({ policy })).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          { Action: 'cloudformation:SignalResource', Effect: 'Allow', Resource: { Ref: 'AWS::StackId' } },
          { Action: 'dynamodb:GetItem', Effect: 'Allow', Resource: { 'Fn::ImportValue': 'Payments-Production-Shared:TableArn' } },
        ],
      },
    });
  });

  test('CloudFormation starts instances from the slots’ own launch templates only', () => {
    const run = permissions().deploy.find(({ sid }) => sid === 'InstancesOfTheTemplates');
    expect(JSON.stringify(stack.resolve(run?.conditions))).toContain('launch-template/*');
    expect(permissions().deploy.find(({ sid }) => sid === 'LaunchTemplatesToMake')?.conditions.StringEquals).toMatchObject({
      'aws:RequestTag/path-to-live:path': 'Payments',
    });
    expect(actionsOf(permissions().deploy).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('the hub sets how many there are, not what they are', () => {
    expect(actionsOf(permissions().capacity ?? [])).toEqual([
      'autoscaling:DescribeAutoScalingGroups',
      'autoscaling:DescribeScalingActivities',
      'autoscaling:SetDesiredCapacity',
    ]);
  });

  test('fits into one role: inline policies have 10,240 characters at most', () => {
    bundled();
    const template = Template.fromStack(frontDoor({}, { workload: instances() }));
    const sizes = Object.values(template.findResources('AWS::IAM::Policy')).map(({ Properties }) => JSON.stringify(Properties.PolicyDocument).length);
    expect(Math.max(...sizes)).toBeLessThan(10_240);
  });
});

test('cdk-nag has nothing to say of a slot of instances', () => {
  const app = testApp();
  slot({}, '1.4.2', app);
  const { open, unused } = checked(app);
  expect([open, unused]).toEqual([[], []]);
});

describe('a group of instances refuses', () => {
  test.each([
    [{ desiredCount: 0 }, 'desiredCount is 0; it must be a whole number from 1 to 1000'],
    [{ desiredCount: 3, maxCount: 2 }, 'maxCount is 2; it must be a whole number from 3 to 5000'],
    [{ port: 0 }, 'port is 0'],
    [{ startTimeout: Duration.seconds(59) }, 'startTimeout is "59 seconds"'],
    [{ environment: { PATH_TO_LIVE_COLOUR: 'red' } }, 'the environment variable "PATH_TO_LIVE_COLOUR" is set by the slot'],
    [{ environment: { PATH_TO_LIVE: 'Other' } }, 'the environment variable "PATH_TO_LIVE" is set by the slot'],
    [{ environment: { TABLE: SharedValue.named('TableName') } }, 'the environment variable "TABLE" is only known at deployment'],
    [{ environment: { 'X; reboot': '1' } }, 'the environment variable "X; reboot" is no name that a shell takes; use letters, digits and "_", no digit first'],
    [{ environment: { 'spring.port': '1' } }, 'the environment variable "spring.port" is no name that a shell takes'],
  ])('%j', (props, words) => {
    expect(refusal(() => instances(props)).message).toContain(`AutoScalingGroupWorkload: ${words}`);
  });

  test('an image that is looked up, for it may be another one tomorrow', () => {
    expect(refusal(() => slot({ machineImage: MachineImage.latestAmazonLinux2023() })).message).toMatch(
      /the machine image is only known at deployment; name one by its id/,
    );
  });
});
