import { Duration, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Colour } from '../../constructs/blue-green/colour';
import { Environment, workloadPlaceOf } from '../../constructs/environments';
import { SharedValue } from '../../constructs/shared-state';
import { FargateWorkload, type FargateWorkloadProps, ServiceImage, ServiceSecret } from '../../constructs/workloads';
import { SlotStack } from '../../lib/slot-stack';
import { testApp } from '../test-app';
import { refusal } from './refusal';

const env = { account: '111111111111', region: 'eu-west-2' };
const digest = `sha256:${'0a'.repeat(32)}`;
const image = ServiceImage.fromRegistry(`222222222222.dkr.ecr.eu-west-1.amazonaws.com/payments@${digest}`);
const fargate = (props: Partial<FargateWorkloadProps> = {}) => new FargateWorkload({ image, ...props });
const environment = new Environment('Production', { env });

function templateOf(props: Partial<FargateWorkloadProps> = {}, version = '1.4.2'): Template {
  const release = new Stage(testApp(), 'Release');
  return Template.fromStack(new SlotStack(release, 'Blue', { path: 'Payments', environment, colour: Colour.blue(), workload: fargate(props), version }));
}

const read = (name: string) => `{{resolve:ssm:/path-to-live/Payments/Production/${name}}}`;
const shared = (name: string) => ({ 'Fn::ImportValue': `Payments-Production-Shared:${name}` });
const SERVICE = 'AWS::ECS::Service';
const TASK = 'AWS::ECS::TaskDefinition';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const plain = templateOf();

const containerOf = (template: Template) => Object.values(template.findResources(TASK))[0]?.Properties.ContainerDefinitions[0];

/** ARN -> the part that matters. */
function spelled(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, Ref: ref } = value as Record<string, [string, unknown[]]>;
  return join ? join[1].map(spelled).join(join[0]) : `<${attribute ? attribute.join('.') : ref}>`;
}

describe('a service on Fargate', () => {
  test('runs two tasks in the subnets of the front door, reached by nobody but the load balancer', () => {
    plain.hasResourceProperties(SERVICE, {
      LaunchType: 'FARGATE',
      DesiredCount: 2,
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          Subnets: { Ref: 'SubnetIds' },
          AssignPublicIp: read('public-addresses'),
          SecurityGroups: [{ 'Fn::GetAtt': [Match.anyValue(), 'GroupId'] }],
        },
      },
      LoadBalancers: [{ ContainerName: 'service', ContainerPort: 8080, TargetGroupArn: { Ref: Match.stringLikeRegexp('TargetGroup') } }],
    });
    plain.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    plain.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    plain.hasResourceProperties('AWS::EC2::SecurityGroup', {
      VpcId: read('vpc-id'),
      SecurityGroupIngress: [
        {
          IpProtocol: 'tcp',
          FromPort: 8080,
          ToPort: 8080,
          SourceSecurityGroupId: read('load-balancer-security-group-id'),
          Description: 'from the load balancer',
        },
      ],
    });
  });

  test('that does not start fails its deployment, and ECS puts no other version into the slot', () => {
    plain.hasResourceProperties(SERVICE, {
      DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: false }, MinimumHealthyPercent: 100, MaximumPercent: 200 },
      HealthCheckGracePeriodSeconds: 60,
      DeploymentController: Match.absent(),
    });
  });

  test('is made when its target group is on the load balancer: after the hidden rule', () => {
    const [rule] = Object.keys(plain.findResources(RULE, { Properties: { Priority: 101 } }));
    const [service] = Object.values(plain.findResources(SERVICE));
    expect(service?.DependsOn).toContain(rule);
    expect(service?.DependsOn).toContain('SlotWorkloadTaskStartingRoleDefaultPolicyF6E5D7C7');
  });

  test.each([
    [1, 1],
    [2, 0],
  ])('of %d tasks is warned about %d times', (desiredCount, times) => {
    const release = new Stage(testApp(), 'Release');
    const stack = new SlotStack(release, 'Blue', { path: 'Payments', environment, colour: Colour.blue(), workload: fargate({ desiredCount }) });
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('a slot runs one task'))).toHaveLength(times);
  });

  test('gives nobody a shell, and no disk to write to', () => {
    plain.hasResourceProperties(SERVICE, { EnableExecuteCommand: false });
    expect(containerOf(plain)).toMatchObject({ ReadonlyRootFilesystem: true, Essential: true });
    expect(containerOf(plain)).not.toHaveProperty('Privileged');
    expect(containerOf(templateOf({ writableRootFilesystem: true }))).toMatchObject({ ReadonlyRootFilesystem: false });
  });

  test('is checked every ten seconds, finishes its requests when it goes, and keeps no user', () => {
    templateOf({ port: 3000, healthCheckPath: '/up', deregistrationDelay: Duration.seconds(5), healthCheckGrace: Duration.seconds(90) }).hasResourceProperties(
      'AWS::ElasticLoadBalancingV2::TargetGroup',
      {
        TargetType: 'ip',
        VpcId: read('vpc-id'),
        Protocol: 'HTTP',
        Port: 80,
        HealthCheckPath: '/up',
        HealthCheckIntervalSeconds: 10,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 3,
        Matcher: { HttpCode: '200' },
        Name: Match.absent(),
        TargetGroupAttributes: [
          { Key: 'deregistration_delay.timeout_seconds', Value: '5' },
          { Key: 'stickiness.enabled', Value: 'false' },
        ],
      },
    );
  });

  test('keeps its target group when a release listens elsewhere', () => {
    const group = (port: number) => Object.values(templateOf({ port }).findResources('AWS::ElasticLoadBalancingV2::TargetGroup'))[0]?.Properties;
    expect(group(3000)).toEqual(group(8080));
  });

  test('knows which release, slot and environment it is, beside what it is given', () => {
    expect(containerOf(templateOf({ environment: { TABLE: SharedValue.named('TableName') } })).Environment).toEqual([
      { Name: 'TABLE', Value: shared('TableName') },
      { Name: 'PATH_TO_LIVE_VERSION', Value: '1.4.2' },
      { Name: 'PATH_TO_LIVE_COLOUR', Value: 'blue' },
      { Name: 'PATH_TO_LIVE_ENVIRONMENT', Value: 'Production' },
    ]);
  });

  test('is one image by its digest, for one processor', () => {
    plain.hasResourceProperties(TASK, {
      Family: 'Payments-Production-Blue',
      RequiresCompatibilities: ['FARGATE'],
      NetworkMode: 'awsvpc',
      RuntimePlatform: { CpuArchitecture: 'X86_64', OperatingSystemFamily: 'LINUX' },
      Cpu: '256',
      Memory: '512',
    });
    expect(containerOf(plain).Image).toBe(`222222222222.dkr.ecr.eu-west-1.amazonaws.com/payments@${digest}`);
    templateOf({ architecture: CpuArchitecture.ARM64 }).hasResourceProperties(TASK, { RuntimePlatform: { CpuArchitecture: 'ARM64' } });
  });

  test('has a log without a fixed name that outlives it, but not a first deployment that failed', () => {
    templateOf({ logRetention: RetentionDays.ONE_WEEK }).hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 7, LogGroupName: Match.absent() },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(containerOf(plain).LogConfiguration).toMatchObject({ LogDriver: 'awslogs', Options: { 'awslogs-stream-prefix': '1.4.2' } });
  });

  test('has a cluster of its own with insights, or uses one that is there', () => {
    plain.hasResourceProperties('AWS::ECS::Cluster', { ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }], ClusterName: Match.absent() });
    const given = templateOf({ clusterName: SharedValue.named('Cluster') });
    given.resourceCountIs('AWS::ECS::Cluster', 0);
    given.hasResourceProperties(SERVICE, { Cluster: shared('Cluster') });
  });

  test('tells the hub how many tasks there are to be, and where', () => {
    const [service, cluster] = [SERVICE, 'AWS::ECS::Cluster'].map((type) => Object.keys(plain.findResources(type))[0]);
    expect(spelled(plain.findOutputs('Capacity').Capacity?.Value)).toBe(
      `{"kind":"ecsService","cluster":"<${cluster}>","service":"<${service}.Name>","least":2}`,
    );
  });

  test('differs between versions in nothing but the version', () => {
    const text = (version: string) => JSON.stringify(templateOf({}, version).toJSON()).replaceAll(version, 'VERSION');
    expect(text('1.4.2')).toBe(text('2.0.0'));
  });

  test('keeps its logical ids: whoever changes one replaces the resource in every environment', () => {
    expect(Object.keys(plain.toJSON().Resources).sort()).toEqual([
      'SlotAlarmsServerErrorsHTTPCodeTarget5XXCount2A1074CB',
      'SlotHiddenRule50B1B2F4',
      'SlotTestRuleBB5B87DD',
      'SlotWorkloadCluster6E87A7DB',
      'SlotWorkloadServiceF890A495',
      'SlotWorkloadTargetsSecurityGroup44360D2F',
      'SlotWorkloadTargetsTargetGroupEC90C65C',
      'SlotWorkloadTaskDefinition89C2AFDB',
      'SlotWorkloadTaskLogCD4823B5',
      'SlotWorkloadTaskRole0BD3897C',
      'SlotWorkloadTaskStartingRoleDefaultPolicyF6E5D7C7',
      'SlotWorkloadTaskStartingRoleE4CFB410',
    ]);
  });

  test.each([
    ['said, and nothing lowers its slot', { deregistrationDelay: Duration.seconds(15) }, undefined, Colour.blue(), 1],
    ['said once for an environment', { deregistrationDelay: Duration.seconds(15) }, undefined, Colour.green(), 0],
    ['not said', {}, undefined, Colour.blue(), 0],
    ['said, and begins with the lowering of its slot', { deregistrationDelay: Duration.seconds(15) }, Duration.hours(1), Colour.blue(), 0],
  ])('how long what is open may go on is %s', (_what, props, warmFor, colour, warned) => {
    const release = new Stage(testApp(), 'Release');
    const lasting = new Environment('Production', { env, warmFor });
    const stack = new SlotStack(release, 'Blue', { path: 'Payments', environment: lasting, colour, workload: fargate(props), version: '1.4.2' });
    const warnings = Annotations.fromStack(stack).findWarning(
      '*',
      Match.stringLikeRegexp('deregistrationDelay is "15 seconds".*nothing lowers one in Production.*give the environment warmFor'),
    );
    expect(warnings).toHaveLength(warned);
  });
});

describe('the secrets of a service', () => {
  const secrets = {
    PASSWORD: ServiceSecret.fromSecretsManager(SharedValue.named('DbSecretArn'), { field: 'password', encryptionKeyArn: SharedValue.named('KeyArn') }),
    TOKEN: ServiceSecret.fromParameter('arn:aws:ssm:eu-west-2:111111111111:parameter/token'),
  };

  test('are in no template, only where they are is', () => {
    expect(containerOf(templateOf({ secrets })).Secrets).toEqual([
      { Name: 'PASSWORD', ValueFrom: { 'Fn::Join': ['', [shared('DbSecretArn'), ':password::']] } },
      { Name: 'TOKEN', ValueFrom: 'arn:aws:ssm:eu-west-2:111111111111:parameter/token' },
    ]);
  });

  test('are read by who starts the container, not by the container itself', () => {
    const template = templateOf({ secrets });
    const statements = Object.entries(template.findResources('AWS::IAM::Policy')).map(([id, { Properties }]) => [id, Properties.PolicyDocument.Statement]);
    expect(statements).toHaveLength(1);
    const [[id, found]] = statements as [[string, { Action: unknown; Resource: unknown }[]]];
    expect(id).toContain('StartingRole');
    const wanted: [string, unknown][] = [
      ['secretsmanager:GetSecretValue', shared('DbSecretArn')],
      ['kms:Decrypt', shared('KeyArn')],
      ['ssm:GetParameters', 'arn:aws:ssm:eu-west-2:111111111111:parameter/token'],
    ];
    for (const [Action, Resource] of wanted) expect(found).toContainEqual({ Action, Resource, Effect: 'Allow' });
  });
});

describe('what a service may do', () => {
  const reads = () => new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [SharedValue.named('TableArn')] });
  const stack = new Stack(testApp(), 'Stack', { env });
  const permissions = (props: Partial<FargateWorkloadProps> = {}) => fargate(props).permissions(workloadPlaceOf(stack, 'Payments', environment));
  const actionsOf = (statements: PolicyStatement[]) => statements.flatMap(({ actions }) => actions);
  const arns = (statements: PolicyStatement[], sid: string) => statements.find((one) => one.sid === sid)?.resources.map((arn) => spelled(stack.resolve(arn)));

  test('is what its policy says, and its boundary allows that, its log, its image and its secrets', () => {
    const { run } = permissions({ policy: [reads()], secrets: { TOKEN: ServiceSecret.fromParameter('arn:aws:ssm:eu-west-2:111111111111:parameter/token') } });
    expect(actionsOf(run)).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetDownloadUrlForLayer',
      'ecr:GetAuthorizationToken',
      'ssm:GetParameters',
      'dynamodb:GetItem',
    ]);
    expect(arns(run, 'Images')).toEqual(['arn:<AWS::Partition>:ecr:eu-west-1:222222222222:repository/payments']);
    const policies = Object.entries(templateOf({ policy: [reads()] }).findResources('AWS::IAM::Policy'));
    const [, own] = policies.find(([id]) => id.includes('TaskRole')) ?? [];
    expect(own?.Properties.PolicyDocument.Statement).toEqual([{ Action: 'dynamodb:GetItem', Effect: 'Allow', Resource: shared('TableArn') }]);
  });

  test('needs nothing for an image that is public', () => {
    const { run } = permissions({ image: ServiceImage.fromRegistry(`public.ecr.aws/nginx/nginx@${digest}`) });
    expect(actionsOf(run).filter((action) => action.startsWith('ecr:'))).toEqual([]);
  });

  test('CloudFormation makes services, clusters and task definitions under the slots’ names only', () => {
    const { deploy } = permissions();
    const slots = ['Payments-Production-Blue', 'Payments-Production-Green'];
    expect(arns(deploy, 'Clusters')).toEqual(slots.map((slot) => `arn:<AWS::Partition>:ecs:eu-west-2:111111111111:cluster/${slot}*`));
    expect(arns(deploy, 'TaskDefinitions')).toEqual(slots.map((slot) => `arn:<AWS::Partition>:ecs:eu-west-2:111111111111:task-definition/${slot}*`));
    expect(arns(deploy, 'Services')?.[0]).toBe('arn:<AWS::Partition>:ecs:eu-west-2:111111111111:service/Payments-Production-Blue*/Payments-Production-Blue*');
    expect(actionsOf(deploy).filter((action) => action.includes('*'))).toEqual([]);
    expect(arns(permissions({ clusterName: 'shared' }).deploy, 'Services')?.[0]).toBe(
      'arn:<AWS::Partition>:ecs:eu-west-2:111111111111:service/shared/Payments-Production-Blue*',
    );
    expect(arns(permissions({ clusterName: 'shared' }).deploy, 'Clusters')).toBeUndefined();
  });

  test('security groups are made and changed where they carry the slots’ tags', () => {
    const { deploy } = permissions();
    const tags = (key: string) => ({ StringEquals: { [`${key}/path-to-live:path`]: 'Payments', [`${key}/path-to-live:environment`]: 'Production' } });
    const of = (sid: string) => deploy.find((one) => one.sid === sid)?.conditions;
    expect([of('SecurityGroupsToMake'), of('SecurityGroupsMade')]).toEqual([tags('aws:RequestTag'), tags('aws:ResourceTag')]);
  });

  test('the hub sets the number of tasks and nothing else of a service', () => {
    const { capacity = [] } = permissions();
    expect(actionsOf(capacity)).toEqual(['ecs:DescribeServices', 'ecs:UpdateService']);
    const update = capacity.find(({ sid }) => sid === 'NumberOfTasks');
    expect(update?.conditions.Null).toMatchObject({ 'ecs:task-definition': 'true', 'ecs:enable-execute-command': 'true', 'ecs:subnet': 'true' });
  });
});

describe('a service on Fargate refuses', () => {
  test.each([
    [{ desiredCount: 0 }, 'desiredCount is 0; it must be a whole number from 1 to 1000'],
    [{ port: 65_536 }, 'port is 65536; it must be a whole number from 1 to 65535'],
    [{ cpu: 300 }, 'cpu is 300; Fargate has tasks of 256, 512, 1024, 2048, 4096, 8192, 16384 processor units'],
    [{ memoryLimitMiB: 4096 }, 'memoryLimitMiB is 4096; with a cpu of 256 Fargate has 512, 1024 and so on up to 2048 MiB'],
    [{ cpu: 1024, memoryLimitMiB: 1024 }, 'memoryLimitMiB is 1024; with a cpu of 1024 Fargate has 2048, 3072 and so on up to 8192 MiB'],
    [{ healthCheckPath: 'health' }, 'the path is "health"'],
    [{ healthCheckGrace: Duration.hours(2) }, 'healthCheckGrace is "2 hours"'],
    [{ deregistrationDelay: Duration.hours(2) }, 'deregistrationDelay is "2 hours"'],
    [{ environment: { PATH_TO_LIVE_VERSION: '1' } }, 'the environment variable "PATH_TO_LIVE_VERSION" is set by the slot'],
    [{ secrets: { PATH_TO_LIVE_TOKEN: ServiceSecret.fromParameter('arn') } }, 'the environment variable "PATH_TO_LIVE_TOKEN" is set by the slot'],
  ])('%j', (props, words) => {
    expect(refusal(() => fargate(props)).message).toContain(`FargateWorkload: ${words}`);
  });

  test.each([
    'payments',
    'payments:1.4.2',
    'payments:latest@sha256:12',
    `Payments@${digest}`,
  ])('the image %j: the same name may be another image tomorrow', (name) => {
    expect(refusal(() => ServiceImage.fromRegistry(name)).code).toBe('ImageDigest');
  });

  test.each([
    [512, 1024],
    [4096, 30_720],
    [16_384, 122_880],
  ])('but not %d units with %d MiB', (cpu, memoryLimitMiB) => {
    expect(() => fargate({ cpu, memoryLimitMiB })).not.toThrow();
  });
});
