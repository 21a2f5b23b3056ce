import { CfnOutput, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { ACCOUNT, COLOURS, type Place, REGION } from './environments';
import { makeFunction } from './functions';
import { makeLiveRule } from './live-rule';
import { makeRoles } from './roles';

/** What stays in an environment while releases come and go. */
export class FrontDoor extends Stack {
  private readonly name: string;
  private readonly prefix: string;

  constructor(scope: Construct, service: string, place: Place, performanceTests: IFunction) {
    super(scope, `${service}-${place.name}`, {
      stackName: `${service}-${place.name}`,
      env: { account: ACCOUNT, region: REGION },
      description: `Front door of ${place.name} on the path to live ${service}`,
    });
    this.name = `${service}-${place.name}`;
    this.prefix = `path-to-live/${service}/${place.name}`;
    const vpc = this.network();
    const loadBalancer = this.loadBalancer(vpc);
    const listener = loadBalancer.addListener('Http', {
      port: 80,
      protocol: elb.ApplicationProtocol.HTTP,
      open: false,
      defaultAction: elb.ListenerAction.fixedResponse(503, { contentType: 'text/plain', messageBody: 'not open yet' }),
    });
    const url = `http://${loadBalancer.loadBalancerDnsName}`;
    const liveRuleArn = makeLiveRule(this, service, place.name, listener.listenerArn);
    const testKey = this.key('Test', `${this.prefix}/test`, 'Key of the tests of this environment');
    const hiddenKeys = COLOURS.map((colour) => this.key(colour, `${this.prefix}/hidden/${colour}`, `Key of the hidden URL of ${colour}`));
    this.tryPolicy(place, hiddenKeys);
    const probe = this.probe(url, testKey);
    const topic = this.alarms(service);
    const tests = place.tests.some(({ path }) => path === undefined) ? [probe, performanceTests] : [probe];
    makeRoles(this, service, place.name, { listenerArn: listener.listenerArn, liveRuleArn, tests, keys: [testKey, ...hiddenKeys] });
    this.parameter('front-door', this.facts(loadBalancer, listener, liveRuleArn, url), ssm.ParameterTier.STANDARD);
    this.parameter('listener-arn', listener.listenerArn);
    this.parameter('vpc-id', vpc.vpcId);
    this.parameter('load-balancer-full-name', loadBalancer.loadBalancerFullName);
    this.parameter('alarm-topic-arn', topic.topicArn);
    this.parameter('load-balancer-security-group-id', loadBalancer.connections.securityGroups[0]?.securityGroupId ?? '');
    this.parameter('public-addresses', 'ENABLED');
    new ssm.StringListParameter(this, 'subnet-ids', {
      parameterName: `/${this.prefix}/subnet-ids`,
      stringListValue: vpc.publicSubnets.map(({ subnetId }) => subnetId),
    });
    new CfnOutput(this, 'Url', { value: url, description: `Where users reach ${place.name}` });
  }

  override get availabilityZones(): string[] {
    return [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()));
  }

  private network(): ec2.Vpc {
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr('10.0.0.0/16'),
      maxAzs: 2,
      subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 18 }],
      natGateways: 0,
    });
    const log = new logs.LogGroup(this, 'FlowLog', { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    vpc.addFlowLog('Flows', { destination: ec2.FlowLogDestination.toCloudWatchLogs(log) });
    return vpc;
  }

  private loadBalancer(vpc: ec2.Vpc): elb.ApplicationLoadBalancer {
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Who may reach the front door', allowAllOutbound: false });
    securityGroup.addIngressRule(ec2.Peer.ipv4('0.0.0.0/0'), ec2.Port.tcp(80), 'port 80 from 0.0.0.0/0');
    securityGroup.addEgressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.allTcp(), 'to the slots, where they have addresses');
    const loadBalancer = new elb.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      internetFacing: true,
      securityGroup,
      dropInvalidHeaderFields: true,
      deletionProtection: true,
    });
    const bucket = new s3.Bucket(this, 'AccessLogs', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    loadBalancer.logAccessLogs(bucket);
    return loadBalancer;
  }

  private key(id: string, secretName: string, description: string): secretsmanager.Secret {
    return new secretsmanager.Secret(this, `Key${id}`, {
      secretName,
      description,
      generateSecretString: { passwordLength: 40, excludePunctuation: true },
    });
  }

  private tryPolicy({ name }: Place, keys: secretsmanager.Secret[]): void {
    new iam.ManagedPolicy(this, 'Try', {
      managedPolicyName: `${this.name}-try`,
      description: `Read the keys of the hidden URLs of ${name}`,
      statements: [
        new iam.PolicyStatement({ sid: 'HiddenUrls', actions: ['secretsmanager:GetSecretValue'], resources: keys.map(({ secretArn }) => secretArn) }),
      ],
    });
  }

  private probe(url: string, testKey: secretsmanager.Secret) {
    const role = new iam.Role(this, 'ProbeRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(new iam.PolicyStatement({ sid: 'TestKey', actions: ['secretsmanager:GetSecretValue'], resources: [testKey.secretArn] }));
    return makeFunction(this, 'Probe', 'probe', role, {
      functionName: `${this.name}-probe`,
      description: 'Sends a test request to a slot',
      timeout: Duration.seconds(75),
      environment: { LOAD_BALANCER_URL: url, TEST_SECRET: testKey.secretName },
    });
  }

  private alarms(service: string): sns.Topic {
    const topic = new sns.Topic(this, 'Alarms', { topicName: `${this.name}-alarms`, enforceSSL: true });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
      }),
    );
    const endpoint = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${service}-hub-alarm-raised`;
    new sns.Subscription(this, 'Hub', { topic, protocol: sns.SubscriptionProtocol.LAMBDA, endpoint });
    return topic;
  }

  private facts(loadBalancer: elb.ApplicationLoadBalancer, listener: elb.ApplicationListener, liveRuleArn: string, url: string): string {
    const hidden = (colour: string) => ({
      url,
      headers: { 'x-path-to-live-slot': colour },
      secretHeaders: { 'x-path-to-live-key': `${this.prefix}/hidden/${colour}` },
      access: 'whoever sends the key',
    });
    const test = (colour: string) => ({
      url,
      headers: { 'x-path-to-live-slot': colour },
      secretHeaders: { 'x-path-to-live-test': `${this.prefix}/test` },
      access: 'the tests of the environment',
    });
    return this.toJsonString({
      loadBalancerArn: loadBalancer.loadBalancerArn,
      listenerArn: listener.listenerArn,
      liveRuleArn,
      url,
      hiddenUrls: { blue: hidden('blue'), green: hidden('green') },
      testUrls: { blue: test('blue'), green: test('green') },
    });
  }

  private parameter(name: string, stringValue: string, tier?: ssm.ParameterTier): void {
    new ssm.StringParameter(this, name, { parameterName: `/${this.prefix}/${name}`, stringValue, tier });
  }
}
