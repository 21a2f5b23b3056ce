import { type App, CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Entrance, Environment, Firebreak, ShadowAccess, SharedStack, TrafficSwitch, type TrafficSwitchProps } from '../../lib';
import { AlarmSubscriptionsStack } from '../../lib/alarm-subscriptions-stack';
import { testApp } from '../test-app';
import { frontDoor } from './front-door-stack';

const certificateArn = 'arn:aws:acm:eu-west-2:222222222222:certificate/1';
const domainName = 'pay.example.com';
const named = Entrance.newLoadBalancer({ certificateArns: [certificateArn], domainName });

function templateOf(...given: Parameters<typeof frontDoor>): Template {
  return Template.fromStack(frontDoor(...given));
}

const plain = templateOf();
const encrypted = templateOf({ entrance: named });
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

describe('where requests come in', () => {
  test('the stack is called as the environment is, and looks up no zones', () => {
    const stack = frontDoor();
    const assembly = stack.node.root as App;
    expect(stack.stackName).toBe('Payments-Production');
    expect(assembly.synth().manifest.missing).toBeUndefined();
  });

  test('ARNs say the partition of the region, unless the app says otherwise', () => {
    const partitions = (region: string, app = testApp()) => {
      const stack = frontDoor({ env: { account: '222222222222', region } }, { hub: { account: '222222222222', region } }, app);
      const endpoints = Object.values(Template.fromStack(stack).findResources('AWS::SNS::Subscription')).map(({ Properties }) => Properties.Endpoint);
      return endpoints.map((endpoint) => (typeof endpoint === 'string' ? endpoint.split(':')[1] : endpoint['Fn::Join'][1][1]));
    };
    expect(partitions('eu-west-2')).toEqual(['aws']);
    expect(partitions('cn-north-1')).toEqual(['aws-cn']);
    expect(partitions('xx-nowhere-1')).toEqual([{ Ref: 'AWS::Partition' }]);
    expect(partitions('eu-west-2', testApp({ context: { '@aws-cdk/core:enablePartitionLiterals': false } }))).toEqual([{ Ref: 'AWS::Partition' }]);
  });

  test('the load balancer drops invalid headers, logs, and cannot be deleted by accident', () => {
    plain.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internet-facing',
      LoadBalancerAttributes: Match.arrayWith([
        { Key: 'deletion_protection.enabled', Value: 'true' },
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
        { Key: 'access_logs.s3.enabled', Value: 'true' },
      ]),
    });
  });

  test('a path that is made to be thrown away takes its logs along', () => {
    const template = templateOf({}, { removalPolicy: RemovalPolicy.DESTROY });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'false' }]),
    });
  });

  test('access logs are private, encrypted, kept for 90 days, and stay when the stack goes', () => {
    plain.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 90 })] },
      },
    });
  });

  test('without a certificate it speaks HTTP', () => {
    plain.resourcePropertiesCountIs(LISTENER, { Port: 80, Protocol: 'HTTP' }, 1);
  });

  test('with a certificate it speaks HTTPS and sends plain HTTP there', () => {
    encrypted.resourcePropertiesCountIs(LISTENER, { Port: 443, Protocol: 'HTTPS', Certificates: [{ CertificateArn: certificateArn }] }, 1);
    encrypted.hasResourceProperties(LISTENER, { Port: 80, DefaultActions: [Match.objectLike({ Type: 'redirect' })] });
    encrypted.resourceCountIs(LISTENER, 2);
  });
});

describe('safeties that were switched off', () => {
  test('are in the template, with the reasons', () => {
    const template = templateOf({ firebreak: Firebreak.none({ reason: 'one team' }), shadowAccess: ShadowAccess.open({ reason: 'a demonstration' }) });
    expect(template.toJSON().Metadata).toEqual({
      'path-to-live:opt-outs': [
        { what: 'Firebreak.none', reason: 'one team' },
        { what: 'ShadowAccess.open', reason: 'a demonstration' },
      ],
    });
  });

  test('are an empty list where there are none, and nothing is left to be guessed', () => {
    expect(plain.toJSON().Metadata).toEqual({ 'path-to-live:opt-outs': [] });
  });
});

describe('the live rule', () => {
  const listener = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:listener/app/name/1/2';
  const given = (props: Partial<TrafficSwitchProps> = {}) =>
    new TrafficSwitch(new Stack(), 'Switch', { listenerArn: listener, priority: 150, path: 'Payments', environment: 'Production', ...props });
  const ruleOf = (props: Partial<TrafficSwitchProps> = {}) =>
    Object.values(Template.fromStack(given(props).node.scope as Stack).findResources('Custom::LiveRule'))[0];

  test('comes after every rule of a slot, and its environment and path are on it', () => {
    plain.hasResourceProperties('Custom::LiveRule', { Priority: '110', Path: 'Payments', Environment: 'Production', ListenerArn: Match.anyValue() });
  });

  test('has no weights in any template', () => {
    expect(JSON.stringify(plain.toJSON())).not.toMatch(/Weight/i);
    expect(Object.keys(ruleOf()?.Properties)).toEqual(['ServiceToken', 'ListenerArn', 'Priority', 'Path', 'Environment']);
  });

  test('goes on serving what served before', () => {
    const currentlyServing = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/old/1';
    expect(ruleOf({ currentlyServing })?.Properties.CurrentlyServing).toBe(currentlyServing);
  });

  test('takes some paths and hosts only, where a listener serves others too', () => {
    expect(ruleOf({ pathPatterns: ['/pay/*'], hosts: ['a.example.com'] })?.Properties).toMatchObject({ PathPatterns: ['/pay/*'], Hosts: ['a.example.com'] });
  });

  test('its owner may make rules on this listener, and change its own on this listener, and no others', () => {
    const policies = JSON.stringify(Template.fromStack(given().node.scope as Stack).findResources('AWS::IAM::Policy'));
    expect(policies).toContain(`"Resource":"${listener}"`);
    expect(policies).toContain('"Resource":"arn:aws:elasticloadbalancing:eu-west-2:222222222222:listener-rule/app/name/1/2/*"');
  });

  test.each([1, 50_000])('takes the priority %d', (priority) => {
    expect(() => given({ priority })).not.toThrow();
  });

  test.each<[Partial<TrafficSwitchProps>, RegExp]>([
    [{ priority: 0 }, /Switch: priority is 0; it must be a whole number from 1 to 50000 .*RulePriority/],
    [{ priority: 50_001 }, /RulePriority/],
    [{ priority: 1.5 }, /RulePriority/],
    [{ pathPatterns: [] }, /pathPatterns is empty.*leave it out to take everything/],
    [{ hosts: [] }, /hosts is empty/],
    [{ pathPatterns: ['pay'] }, /a pattern in pathPatterns is "pay".*match nothing/],
    [{ pathPatterns: ['/a', '/b', '/c'], hosts: ['x', 'y', 'z'] }, /there are 6 conditions: 3 pathPatterns and 3 hosts; .* at most 5/],
    [{ hosts: ['v', 'w', 'x', 'y', 'z'] }, /there are 6 conditions: "\/\*", which is there without pathPatterns, and 5 hosts/],
  ])('refuses %j', (props, message) => {
    expect(() => given(props)).toThrow(message);
  });

  test('two at the same place on one listener are refused', () => {
    const app = testApp();
    const at = (id: string) => new TrafficSwitch(new Stack(app, id), 'Switch', { listenerArn: listener, priority: 7, path: 'Payments', environment: id });
    at('One');
    expect(() => at('Two')).toThrow(/rule priority 7 is taken on the same listener by One\/Switch/);
  });
});

describe('keys of the hidden URLs', () => {
  const secrets = (template: Template) => Object.values(template.findResources('AWS::SecretsManager::Secret')).map(({ Properties }) => Properties.Name);

  test('one for the tests and one a colour, made up of letters and digits, as listener rules take them', () => {
    expect(secrets(plain)).toEqual([
      'path-to-live/Payments/Production/test',
      'path-to-live/Payments/Production/hidden/blue',
      'path-to-live/Payments/Production/hidden/green',
    ]);
    plain.allResourcesProperties('AWS::SecretsManager::Secret', { GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 40 } });
  });

  test.each([
    ShadowAccess.fromCidrs(['203.0.113.0/24']),
    ShadowAccess.open({ reason: 'a demonstration' }),
  ])('none a colour where nobody needs one', (shadowAccess) => {
    expect(secrets(templateOf({ shadowAccess }))).toEqual(['path-to-live/Payments/Production/test']);
  });

  const tryPolicies = (template: Template) =>
    Object.values(template.findResources('AWS::IAM::ManagedPolicy', { Properties: { ManagedPolicyName: 'Payments-Production-try' } }));

  test('a policy for testers reads those of the colours, not the one of the tests, and does nothing else', () => {
    const [policy, ...others] = tryPolicies(plain);
    expect(others).toEqual([]);
    expect(policy?.Properties.PolicyDocument.Statement).toEqual([
      {
        Sid: 'HiddenUrls',
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: ['blue', 'green'].map((colour) => ({ Ref: expect.stringMatching(new RegExp(`^KeysHidden${colour}`)) })),
      },
    ]);
  });

  test('there is no such policy where nobody needs a key', () => {
    expect(tryPolicies(templateOf({ shadowAccess: ShadowAccess.fromCidrs(['203.0.113.0/24']) }))).toEqual([]);
  });

  test('the probe reads the one for the tests, and nothing else', () => {
    const policies = Object.entries(plain.findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('Probe'));
    const statements = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
    expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('secretsmanager'))).toEqual([
      { Sid: 'TestKey', Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: expect.stringMatching(/^KeysTest/) } },
    ]);
  });

  test('the probe asks where a certificate is valid, and by the load balancer’s own name where there is none', () => {
    const urlOf = (template: Template) =>
      Object.values(template.findResources('AWS::Lambda::Function', { Properties: { FunctionName: 'Payments-Production-probe' } }))[0]?.Properties.Environment
        .Variables.LOAD_BALANCER_URL;
    expect(urlOf(encrypted)).toBe('https://pay.example.com');
    expect(JSON.stringify(urlOf(plain))).toMatch(/"http:\/\/",.*DNSName/);
  });
});

describe('what it tells the hub and the slots', () => {
  const parameterOf = (template: Template, name: string) =>
    Object.values(template.findResources('AWS::SSM::Parameter', { Properties: { Name: `/path-to-live/Payments/Production/${name}` } }))[0]?.Properties;

  test('its facts, with the names of secrets in place of secrets', () => {
    const { Value } = parameterOf(encrypted, 'front-door');
    const facts = JSON.parse(Value['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'token')).join(''));
    expect(facts).toEqual({
      loadBalancerArn: 'token',
      listenerArn: 'token',
      liveRuleArn: 'token',
      original: 'token',
      url: 'https://pay.example.com',
      hiddenUrls: {
        blue: expect.objectContaining({
          url: 'https://blue.pay.example.com',
          headers: {},
          secretHeaders: { 'x-path-to-live-key': 'path-to-live/Payments/Production/hidden/blue' },
        }),
        green: expect.objectContaining({ url: 'https://green.pay.example.com' }),
      },
      testUrls: {
        blue: expect.objectContaining({
          url: 'https://pay.example.com',
          headers: { 'x-path-to-live-slot': 'blue' },
          secretHeaders: { 'x-path-to-live-test': 'path-to-live/Payments/Production/test' },
        }),
        green: expect.objectContaining({ headers: { 'x-path-to-live-slot': 'green' } }),
      },
    });
  });

  test.each(['listener-arn', 'vpc-id', 'load-balancer-full-name', 'alarm-topic-arn'])('%s, for templates of slots to resolve', (name) => {
    expect(parameterOf(plain, name).Value).toEqual(expect.anything());
  });

  test('the network it offers to slots: its subnets as a list, whether they need public addresses, and where requests come from', () => {
    const publicSubnets = Object.keys(plain.findResources('AWS::EC2::Subnet', { Properties: { MapPublicIpOnLaunch: true } }));
    expect(parameterOf(plain, 'subnet-ids')).toMatchObject({ Type: 'StringList', Value: { 'Fn::Join': [',', publicSubnets.map((Ref) => ({ Ref }))] } });
    expect(parameterOf(plain, 'public-addresses').Value).toBe('ENABLED');
    const [{ Properties }] = Object.values(plain.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer')) as [{ Properties: { SecurityGroups: unknown[] } }];
    expect(Properties.SecurityGroups).toEqual([parameterOf(plain, 'load-balancer-security-group-id').Value]);
  });
});

describe('the alarms', () => {
  const statementsOf = (template: Template) => Object.values(template.findResources('AWS::SNS::TopicPolicy'))[0]?.Properties.PolicyDocument.Statement;
  const elsewhere = { hub: { account: '111111111111', region: 'eu-west-1' } };

  test('CloudWatch of this account publishes, by encrypted connections only', () => {
    expect(statementsOf(plain)).toEqual([
      expect.objectContaining({ Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '222222222222' } },
      }),
    ]);
  });

  test('a hub in the same account is subscribed, whatever its region', () => {
    const template = templateOf({}, { hub: { account: '222222222222', region: 'us-east-1' } });
    template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'arn:aws:lambda:us-east-1:222222222222:function:Payments-hub-alarm-raised' });
  });

  test('a hub in another account may subscribe its function, and does, from there', () => {
    const template = templateOf({}, elsewhere);
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    expect(statementsOf(template)).toContainEqual(
      expect.objectContaining({ Sid: 'TheHubSubscribes', Action: 'sns:Subscribe', Condition: { StringEquals: { 'sns:Protocol': 'lambda' } } }),
    );
    const environment = new Environment('Production', { env: { account: '222222222222', region: 'eu-west-2' } });
    const subscriptions = Template.fromStack(
      new AlarmSubscriptionsStack(testApp(), 'Alarms', { env: elsewhere.hub, path: 'Payments', environments: [environment] }),
    );
    subscriptions.hasResourceProperties('AWS::SNS::Subscription', { Region: 'eu-west-2', Protocol: 'lambda' });
    expect(JSON.stringify(subscriptions.toJSON())).toContain(':sns:eu-west-2:222222222222:Payments-Production-alarms');
  });
});

describe('shared state', () => {
  const environment = new Environment('Production', { env: { account: '222222222222', region: 'eu-west-2' } });
  const sharedStack = (values: Record<string, string>) =>
    new SharedStack(testApp(), 'Shared', {
      path: 'Payments',
      environment,
      sharedState: {
        bind: (scope) => {
          new CfnResource(scope, 'Table', { type: 'AWS::DynamoDB::Table' });
          return { values };
        },
      },
    });

  test('is a stack of its own, and offers its values to slots as exports, to the front door as parameters', () => {
    const stack = sharedStack({ TableName: 'payments' });
    expect(stack.stackName).toBe('Payments-Production-Shared');
    const template = Template.fromStack(stack);
    template.hasOutput('*', { Value: 'payments', Export: { Name: 'Payments-Production-Shared:TableName' } });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/path-to-live/Payments/Production/shared/TableName', Value: 'payments' });
  });

  test.each(['table-name', '', '1st', 'x'.repeat(41)])('refuses a value named %j', (name) => {
    expect(() => sharedStack({ [name]: 'x' })).toThrow(/path-to-live:SharedValueName/);
  });
});
