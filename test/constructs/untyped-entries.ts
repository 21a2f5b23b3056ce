import { type App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { InstanceType, MachineImage } from 'aws-cdk-lib/aws-ec2';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { setPlace } from '../../constructs/private/place';
import { app, env, image, migration, minute, party, production, reason, runner, sharedState, stack, subnet, UNTYPED, workload } from './untyped-library';

const {
  Change,
  Colour,
  DecisionHub,
  Entrance,
  Environment,
  EnvironmentHub,
  EnvironmentTest,
  Firebreak,
  GoNoGo,
  HealthAlarm,
  HealthGate,
  Inconclusive,
  Network,
  PathNames,
  Concurrency,
  PlannedOutage,
  RollBackTarget,
  Resumes,
  ServiceImage,
  ServiceSecret,
  ShadowAccess,
  SlotMetric,
  SlotRule,
  SlotRules,
  TrafficHub,
  TrafficStrategy,
  TrafficSwitch,
  WorkloadSubnets,
} = UNTYPED;

function slotStack(): Stack {
  const slot = stack();
  setPlace(slot, { names: new PathNames('Payments').environment('Production'), isSlot: true, offersNetwork: true });
  return slot;
}

export interface Entry {
  /** As a team writes it. */
  readonly name: string;
  /** Every parameter and prop there is, each with a value that is taken. */
  readonly takes: () => unknown[];
  /** What cannot be left out, by where it is in `takes`. */
  readonly needs: string[];
  // biome-ignore lint/suspicious/noExplicitAny: of any kind is what is tried
  readonly call: (...parameters: any[]) => unknown;
}

function factory(name: string, needs: string[], takes: () => unknown[]): Entry {
  const [type, method] = name.split('.') as [string, string];
  return { name, needs, takes, call: (...parameters) => UNTYPED[type][method](...parameters) };
}

function constructing(name: string, needs: string[], takes: () => unknown[]): Entry {
  return { name: `new ${name}`, needs, takes, call: (...parameters) => new UNTYPED[name](...parameters) };
}

const MADE = ['0', '1', '2'];
const HUB_NEEDS = ['path', 'environment', 'trafficSwitch', 'slots', 'machineName'];

const end = (scope: Stack) => sfn.Fail.jsonata(scope, `End${scope.node.children.length}`);
/** One hub for every step that is tried, and one switch for every hub: they take longer to make than what is tried. */
const made: Record<string, unknown> = {};
function once(name: string, make: (scope: Stack) => unknown): unknown {
  made[name] ??= make(stack());
  return made[name];
}
const trafficHub = () => once('TrafficHub', (scope) => new TrafficHub(scope, 'Hub', trafficHubProps()));
const decisionHub = () => once('DecisionHub', (scope) => new DecisionHub(scope, 'Decisions', { path: 'Shop', machineName: 'ShopPipeline' }));
function trafficHubProps() {
  const place = { path: 'Shop', environment: 'Production' };
  const listenerArn = 'arn:aws:elasticloadbalancing:eu-west-2:111111111111:listener/app/shop/1/2';
  const slots = ['blue', 'green'].map((name) => ({ colour: Colour.named(name), targetGroupArn: `arn:${name}`, alarms: ['errors'] }));
  const trafficSwitch = once('TrafficSwitch', (scope) => new TrafficSwitch(scope, 'Switch', { ...place, listenerArn, priority: 1 }));
  return { ...place, trafficSwitch, slots, machineName: 'ShopRelease', removalPolicy: RemovalPolicy.DESTROY };
}
/** The same of hubs with environments, each until the stacks of its environments have been made. */
let lastHub: { readonly root: App; readonly hub: unknown } | undefined;
function environmentHub(): { readonly root: App; readonly hub: unknown } {
  if (lastHub?.root.node.tryFindChild('Shop') === undefined && lastHub !== undefined) return lastHub;
  const root = app();
  lastHub = { root, hub: new EnvironmentHub(new Stack(root, 'Stack', { env }), 'Hub', environmentHubProps()) };
  return lastHub;
}
function environmentHubProps() {
  const what = {
    environments: [production()],
    workload: workload(),
    sharedState,
    concurrency: Concurrency.queue({ longest: minute }),
    removalPolicy: RemovalPolicy.DESTROY,
  };
  return { path: 'Shop', machineName: 'ShopPath', ...what };
}
function step(props: (scope: Stack) => object): unknown[] {
  const scope = stack();
  return [scope, 'Step', props(scope)];
}

export const entries: Entry[] = [
  factory('Change.named', ['0'], () => ['touchesPersonalData']),
  factory('Colour.named', ['0'], () => ['amber']),
  factory('Entrance.newLoadBalancer', ['0.domainName', '0.hostedZone.hostedZoneId', '0.hostedZone.zoneName', '0.accessLogs.bucketName'], () => [
    {
      network: Network.newVpc(),
      certificateArns: ['arn:aws:acm:eu-west-2:111111111111:certificate/1'],
      domainName: 'pay.example.com',
      hostedZone: { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'example.com' },
      securityGroupIds: ['sg-0a1b2c3d4e5f60718'],
      webAclArn: 'arn:aws:wafv2:eu-west-2:111111111111:regional/webacl/shop/1',
      accessLogs: { bucketName: 'access-logs', prefix: 'payments' },
    },
  ]),
  factory('Entrance.newInternalLoadBalancer', ['0', '0.network', '0.probe.subnetIds', '0.probe.securityGroupIds'], () => [
    { network: Network.newVpc(), ingressCidrs: ['192.0.2.0/24'], probe: { subnetIds: [subnet], securityGroupIds: ['sg-0a1b2c3d4e5f60718'] } },
  ]),
  factory(
    'Entrance.existingListener',
    [
      ...['0', '0.listenerArn', '0.url', '0.vpcId', '0.rulePriority', '0.network.workloads', '0.network.loadBalancerSecurityGroupId'],
      ...['0.probe.subnetIds', '0.probe.securityGroupIds'],
    ],
    () => [
      {
        listenerArn: 'arn:aws:elasticloadbalancing:eu-west-2:111111111111:listener/app/shop/1/2',
        url: 'https://pay.example.com',
        vpcId: 'vpc-0a1b2c3d4e5f60718',
        rulePriority: 200,
        hosts: ['pay.example.com'],
        pathPatterns: ['/pay/*'],
        currentlyServing: 'arn:aws:elasticloadbalancing:eu-west-2:111111111111:targetgroup/shop/1',
        domainName: 'pay.example.com',
        network: { workloads: WorkloadSubnets.behindNat([subnet]), loadBalancerSecurityGroupId: 'sg-0a1b2c3d4e5f60718' },
        probe: { subnetIds: [subnet], securityGroupIds: ['sg-0a1b2c3d4e5f60718'] },
      },
    ],
  ),
  factory('EnvironmentTest.http', ['0'], () => ['/health', { name: 'health', expectStatus: 200, timeout: minute }]),
  factory('EnvironmentTest.lambda', ['0'], () => [
    new LambdaFunction(stack(), 'Tests', { code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X }),
    { name: 'performance', timeout: minute },
  ]),
  factory('Firebreak.parties', ['0'], () => [[party()], { resumes: Resumes.automatically(), timeout: minute }]),
  factory('Firebreak.none', ['0', '0.reason'], () => [{ reason }]),
  { name: 'Firebreak.when', needs: ['0'], takes: () => [Change.altersSchema()], call: (...changes) => Firebreak.parties([party()]).when(...changes) },
  factory('GoNoGo.by', ['0'], () => [party(), { timeout: minute }]),
  factory('GoNoGo.none', ['0', '0.reason'], () => [{ reason }]),
  factory('HealthAlarm.serverErrors', [], () => [{ threshold: 3, period: minute, name: 'Errors' }]),
  factory('HealthAlarm.latency', ['0', '0.threshold'], () => [{ threshold: minute, percentile: 'p90', periods: 3, period: minute, name: 'Slow' }]),
  factory('HealthAlarm.fromAlarmName', ['0'], () => ['checkout']),
  factory('HealthAlarm.metric', ['0', '1', '2', '2.atMost'], () => ['Requests', SlotMetric.requests(), { atMost: 100, periods: 2 }]),
  factory('HealthAlarm.allOf', ['0', '1'], () => ['Both', [HealthAlarm.serverErrors(), HealthAlarm.fromAlarmName('checkout')]]),
  factory('HealthAlarm.anyOf', ['0', '1'], () => ['Either', [HealthAlarm.serverErrors(), HealthAlarm.fromAlarmName('checkout')]]),
  factory('HealthGate.alarms', ['0'], () => [[HealthAlarm.serverErrors()], { minimumRequests: 1 }]),
  factory('HealthGate.http', ['0'], () => ['/health', { expectStatus: 200, timeout: minute }]),
  factory('HealthGate.none', ['0', '0.reason'], () => [{ reason }]),
  factory('HealthGate.metric', ['0', '1', '2', '2.atLeast'], () => ['Requests', SlotMetric.requests(), { atLeast: 1, minimumDatapoints: 2 }]),
  factory('HealthGate.lambda', ['0'], () => [
    new LambdaFunction(stack(), 'Judge', { code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X }),
    { name: 'Orders', timeout: minute },
  ]),
  factory('SlotMetric.responseTime', [], () => ['p90']),
  factory('Inconclusive.ask', ['0'], () => [GoNoGo.by(party(), { timeout: minute })]),
  factory('Migration.contract', ['0', '1'], () => ['2026-12-drop-amount', { bind: () => ({ runner: runner(), content: 'c' }) }]),
  factory('Migration.expand', ['0', '1'], () => ['2026-11-add-currency', { bind: () => ({ runner: runner(), content: 'c' }) }]),
  factory('Migration.breaking', ['0', '1'], () => [
    '2026-11-drop-amount',
    { bind: () => ({ runner: runner(), content: 'c' }) },
    { undo: { bind: () => ({ runner: runner(), content: 'd' }) } },
  ]),
  factory('MigrationRunner.lambdaFunction', ['0', '0.functionName', '0.timeout'], () => [{ functionName: 'f', timeout: minute }]),
  factory(
    'MigrationRunner.fargateTask',
    ['0', ...['clusterName', 'taskDefinitionArn', 'containerName', 'subnetIds', 'assignPublicIp', 'timeout'].map((name) => `0.${name}`)],
    () => [
      {
        ...{ clusterName: 'c', taskDefinitionArn: 'arn', containerName: 'migration', timeout: minute },
        ...{ subnetIds: [subnet], assignPublicIp: 'DISABLED', securityGroupIds: ['sg-0a1b2c3d4e5f60718'] },
      },
    ],
  ),
  factory('MigrationRunner.codeBuildProject', ['0', '0.projectName', '0.timeout'], () => [{ projectName: 'p', timeout: minute }]),
  factory('Network.newVpc', [], () => [{ cidr: '10.0.0.0/16' }]),
  factory('Network.existingVpc', ['0', '0.vpcId', '0.subnetIds'], () => [
    { vpcId: 'vpc-0a1b2c3d4e5f60718', subnetIds: [subnet, 'subnet-1a1b2c3d4e5f60718'], workloads: WorkloadSubnets.behindNat([subnet]), cidr: '10.0.0.0/16' },
  ]),
  factory('Party.of', ['0', '1', '1.members'], () => ['Security', { members: ['arn:aws:iam::111111111111:role/security'] }]),
  factory('RollBackTarget.refuse', [], () => [{ keepFor: minute }]),
  factory('RollBackTarget.ask', ['0'], () => [GoNoGo.by(party(), { timeout: minute })]),
  factory('Concurrency.queue', ['0', '0.longest'], () => [{ longest: minute }]),
  factory('Concurrency.newestWins', ['0', '0.longest'], () => [{ longest: minute }]),
  factory('PlannedOutage.allowed', ['0', '0.reason'], () => [{ reason, longest: minute, says: 'Back at noon.' }]),
  factory('Resumes.byReleaseManager', [], () => [party()]),
  factory('ShadowAccess.fromCidrs', ['0'], () => [['192.0.2.0/24']]),
  factory('ShadowAccess.open', ['0', '0.reason'], () => [{ reason }]),
  factory('SharedValue.named', ['0'], () => ['TableName']),
  factory('SlotNetwork.of', ['0'], () => [slotStack()]),
  factory('SlotRules.of', ['0'], () => [stack()]),
  {
    name: 'SlotRules.acknowledge',
    needs: ['0', '1'],
    takes: () => [SlotRule.NO_STATE, reason],
    call: (...parameters) => SlotRules.of(stack()).acknowledge(...parameters),
  },
  factory('TrafficStrategy.allAtOnce', [], () => [{ bakeTime: minute }]),
  factory('TrafficStrategy.canary', ['0', '0.steps', '0.bakeTime'], () => [{ steps: [10], bakeTime: minute }]),
  factory('TrafficStrategy.linear', ['0', '0.percent', '0.every'], () => [{ percent: 50, every: minute }]),
  factory('TrafficStrategy.steps', ['0', '0.0.percent', '0.0.bakeTime'], () => [
    [{ percent: 100, bakeTime: minute, tests: [EnvironmentTest.http('/health')], healthGates: [HealthGate.http('/health')], pauseFor: GoNoGo.by(party()) }],
  ]),
  factory('WorkloadSubnets.behindNat', ['0'], () => [[subnet]]),
  factory('WorkloadSubnets.withPublicAddresses', ['0'], () => [[subnet]]),
  factory('Waves.of', ['0', '1'], () => ['Everywhere', [production(), new Environment('Dublin', { env })]]),
  constructing('LambdaWorkload', ['0', '0.code', '0.handler', '0.environment.TABLE'], () => [
    {
      code: Code.fromInline('x'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      memorySize: 512,
      timeout: minute,
      environment: { TABLE: 'table' },
      policy: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/key'] })],
      healthCheckPath: '/health',
      logRetention: RetentionDays.ONE_DAY,
    },
  ]),
  constructing('LambdaMigration', ['0', '0.code', '0.handler', '0.environment.TABLE'], () => [
    { code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X, memorySize: 512, timeout: minute, environment: { TABLE: 'table' } },
  ]),
  constructing('FargateMigration', ['0', '0.image', '0.environment.TABLE', '0.secrets.TOKEN'], () => [
    {
      image: ServiceImage.fromRegistry(image),
      command: ['up'],
      environment: { TABLE: 'table' },
      secrets: { TOKEN: ServiceSecret.fromParameter('arn') },
      securityGroupIds: ['sg-0a1b2c3d4e5f60718'],
      cpu: 256,
      memoryLimitMiB: 512,
      architecture: CpuArchitecture.ARM64,
      timeout: minute,
    },
  ]),
  constructing('CodeBuildMigration', ['0', '0.source', '0.commands', '0.environment.TABLE'], () => [
    {
      source: 'migrations',
      commands: ['make'],
      environment: { TABLE: 'table' },
      image: 'aws/codebuild/standard:7.0',
      computeType: 'BUILD_GENERAL1_SMALL',
      timeout: minute,
    },
  ]),
  factory('ServiceImage.fromRegistry', ['0'], () => [image]),
  factory('ServiceImage.fromAsset', ['0', '1.buildArgs.VERSION'], () => ['service', { file: 'Dockerfile', buildArgs: { VERSION: '1' }, target: 'run' }]),
  factory('ServiceSecret.fromSecretsManager', ['0'], () => ['arn', { field: 'password', encryptionKeyArn: 'arn' }]),
  factory('ServiceSecret.fromParameter', ['0'], () => ['arn', { encryptionKeyArn: 'arn' }]),
  factory('SlotCapacity.ecsService', ['0', '0.clusterName', '0.serviceName', '0.count'], () => [{ clusterName: 'one', serviceName: 'two', count: 2 }]),
  ...['functions', 'logGroups', 'logWriting', 'nestedStacks', 'securityGroups', 'targetGroups'].map((name) =>
    factory(
      `WorkloadStatements.${name}`,
      ['0', '0.account', '0.environment', '0.generatedNamePrefixes', '0.partition', '0.path', '0.region', '0.rolePath', '0.slotStackNames'],
      () => [
        {
          ...{ path: 'Payments', environment: 'Production', account: '111111111111', region: 'eu-west-2', partition: 'aws', rolePath: '/path-to-live/' },
          ...{ generatedNamePrefixes: ['Payments-Production-Blue'], slotStackNames: ['Payments-Production-Blue'] },
        },
      ],
    ),
  ),
  factory('SlotCapacity.autoScalingGroup', ['0', '0.groupName', '0.count'], () => [{ groupName: 'one', count: 2 }]),
  constructing('AutoScalingGroupWorkload', ['0', '0.machineImage', '0.instanceType', '0.commands', '0.environment.MODE'], () => [
    {
      machineImage: MachineImage.genericLinux({ 'eu-west-2': 'ami-0a1b2c3d4e5f60718' }),
      instanceType: new InstanceType('t3.small'),
      commands: ['systemctl start orders'],
      port: 8080,
      desiredCount: 2,
      maxCount: 4,
      healthCheckPath: '/health',
      startTimeout: minute,
      deregistrationDelay: minute,
      environment: { MODE: 'quick' },
      policy: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/key'] })],
      rootDeviceName: '/dev/sda1',
    },
  ]),
  constructing('FargateWorkload', ['0', '0.image', '0.environment.TABLE', '0.secrets.TOKEN'], () => [
    {
      image: ServiceImage.fromRegistry(image),
      port: 8080,
      cpu: 256,
      memoryLimitMiB: 512,
      desiredCount: 2,
      healthCheckPath: '/health',
      healthCheckGrace: minute,
      deregistrationDelay: minute,
      environment: { TABLE: 'table' },
      secrets: { TOKEN: ServiceSecret.fromParameter('arn') },
      policy: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/key'] })],
      clusterName: 'shared',
      architecture: CpuArchitecture.ARM64,
      writableRootFilesystem: true,
      logRetention: RetentionDays.ONE_DAY,
    },
  ]),
  constructing('PathNames', ['0'], () => ['Payments']),
  { name: 'PathNames.environment', needs: ['0'], takes: () => ['Production'], call: (name) => new PathNames('Payments').environment(name) },
  constructing('EnvironmentNames', ['0', '1'], () => ['Payments', 'Production']),
  constructing('Environment', ['0', '1', '1.env', '1.env.account', '1.env.region'], () => [
    'Production',
    {
      env,
      tests: [EnvironmentTest.http('/health')],
      firebreak: Firebreak.parties([party()]),
      goNoGo: GoNoGo.by(party()),
      traffic: TrafficStrategy.allAtOnce(),
      healthGates: [HealthGate.http('/health')],
      inconclusive: Inconclusive.rollBack(),
      shadowAccess: ShadowAccess.secretHeader(),
      colours: [Colour.blue(), Colour.green()],
      workload: workload(),
      sharedState,
      stickySessions: minute,
      warmFor: minute,
      earlyLifeSupport: minute,
      plannedOutage: PlannedOutage.allowed({ reason }),
      rollBackTarget: RollBackTarget.replace(),
      entrance: Entrance.newLoadBalancer(),
    },
  ]),
  constructing('TrafficSwitch', [...MADE, '2.listenerArn', '2.priority', '2.path', '2.environment'], () => [
    stack(),
    'Switch',
    {
      listenerArn: 'arn:aws:elasticloadbalancing:eu-west-2:111111111111:listener/app/shop/1/2',
      priority: 1,
      path: 'Payments',
      environment: 'Production',
      pathPatterns: ['/*'],
      hosts: ['example.com'],
      currentlyServing: 'arn:aws:elasticloadbalancing:eu-west-2:111111111111:targetgroup/shop/1',
    },
  ]),
  constructing(
    'TrafficHub',
    [...MADE, ...HUB_NEEDS.map((prop) => `2.${prop}`), '2.slots.0.colour', '2.slots.0.targetGroupArn', '2.slots.1.colour', '2.slots.1.targetGroupArn'],
    () => [stack(), 'Traffic', trafficHubProps()],
  ),
  constructing('DecisionHub', [...MADE, '2.path', '2.machineName'], () => [
    stack(),
    'Decisions',
    { path: 'Shop', machineName: 'ShopPipeline', removalPolicy: RemovalPolicy.DESTROY },
  ]),
  constructing('EnterStep', [...MADE, '2.hub', '2.otherwise'], () => step((scope) => ({ hub: trafficHub(), otherwise: end(scope), alreadyLive: end(scope) }))),
  constructing('ShiftStep', [...MADE, '2.hub', '2.percent', '2.otherwise'], () => step((scope) => ({ hub: trafficHub(), percent: 10, otherwise: end(scope) }))),
  constructing('AcceptStep', [...MADE, '2.hub', '2.otherwise'], () => step((scope) => ({ hub: trafficHub(), otherwise: end(scope) }))),
  constructing('RollBackStep', [...MADE, '2.hub'], () => step(() => ({ hub: trafficHub() }))),
  constructing('FirebreakStep', [...MADE, '2.hub', '2.environment', '2.firebreak'], () =>
    step(() => ({
      hub: decisionHub(),
      environment: 'Production',
      firebreak: Firebreak.parties([party()]),
      release: '{% $version %}',
      digest: '{% $digest %}',
      changes: '{% [] %}',
    })),
  ),
  constructing('EnvironmentHub', [...MADE, '2.path', '2.machineName', '2.environments', '2.workload'], () => [stack(), 'Hub', environmentHubProps()]),
  constructing('ThroughEnvironmentStep', [...MADE, '2.hub', '2.environment', '2.otherwise'], () =>
    step((scope) => ({ hub: environmentHub().hub, environment: 'Production', submission: '{% $submission %}', otherwise: end(scope) })),
  ),
  constructing('EnvironmentStacks', [...MADE, '2.hub'], () => [
    environmentHub().root,
    'Shop',
    { hub: environmentHub().hub, migrations: [migration()], removalPolicy: RemovalPolicy.DESTROY },
  ]),
  constructing('PathToLive', [...MADE, '2.hub', '2.hub.account', '2.hub.region', '2.workload', '2.environments', '2.sharedState'], () => [
    app(),
    'Payments',
    {
      hub: env,
      workload: workload(),
      environments: [production()],
      sharedState,
      concurrency: Concurrency.queue({ longest: minute }),
      migrations: [migration()],
      removalPolicy: RemovalPolicy.DESTROY,
    },
  ]),
  constructing('FrontDoorStack', [...MADE, '2.path', '2.environment', '2.hub', '2.hub.account', '2.hub.region', '2.workload', '2.removalPolicy'], () => [
    app(),
    'Production',
    { path: 'Payments', environment: production(), hub: env, workload: workload(), sharedState, removalPolicy: RemovalPolicy.DESTROY },
  ]),
  constructing('HubStack', [...MADE, '2.path', '2.hub', '2.hub.account', '2.hub.region', '2.environments'], () => [
    app(),
    'Hub',
    {
      path: 'Payments',
      hub: env,
      environments: [production()],
      workload: workload(),
      sharedState,
      concurrency: Concurrency.queue({ longest: minute }),
      removalPolicy: RemovalPolicy.DESTROY,
    },
  ]),
  constructing('SharedStack', [...MADE, '2.path', '2.environment', '2.sharedState'], () => [
    app(),
    'Shared',
    { path: 'Payments', environment: production(), sharedState },
  ]),
  constructing('SlotStack', [...MADE, '2.path', '2.environment', '2.colour', '2.workload'], () => [
    app(),
    'Slot',
    { path: 'Payments', environment: production(), colour: Colour.blue(), workload: workload(), version: '1.0.0', migrations: [migration()] },
  ]),
];

/** These take nothing that could be wrong. */
export const WITHOUT_PARAMETERS = [
  'Change.altersSchema',
  'Change.needsManualTest',
  'Colour.blue',
  'Colour.green',
  'Concurrency.refuse',
  'Resumes.automatically',
  'Inconclusive.rollBack',
  'RollBackTarget.replace',
  'ShadowAccess.secretHeader',
  ...['requests', 'serverErrors', 'functionErrors', 'colour', 'version', 'targetGroup', 'loadBalancer'].map((name) => `SlotMetric.${name}`),
];
