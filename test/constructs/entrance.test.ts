import type { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { liveRulePriority } from '../../constructs/front-door';
import { Entrance, EnvironmentTest, type ExistingVpcOptions, HealthGate, Network, type NewLoadBalancerOptions, WorkloadSubnets } from '../../lib';
import { bundled } from '../bundles';
import {
  alarmsOnly,
  currentlyServing,
  domainName,
  environment,
  existing,
  groups,
  listenerArn,
  offered,
  stackOf,
  subnetIds,
  templateOf,
  typesIn,
  vpcId,
} from './entrances';
import { refusal } from './refusal';

const certificateArn = 'arn:aws:acm:eu-west-2:222222222222:certificate/1';
const inside = 'subnet-2a1b2c3d4e5f60718';
const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const made = (options: NewLoadBalancerOptions) => templateOf(Entrance.newLoadBalancer(options));

beforeAll(bundled);

describe('a new load balancer in a VPC of its own', () => {
  test('has two public subnets of a quarter of its block each, no gateway that costs, and a flow log', () => {
    const template = made({ network: Network.newVpc({ cidr: '10.7.0.0/20' }) });
    expect(Object.values(template.findResources('AWS::EC2::Subnet')).map(({ Properties }) => Properties.CidrBlock)).toEqual(['10.7.0.0/22', '10.7.4.0/22']);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::FlowLog', 1);
  });

  test('lets in the networks it is told to and nobody else, on the ports that listen', () => {
    const entrance = Entrance.newLoadBalancer({ certificateArns: [certificateArn], domainName, ingressCidrs: ['203.0.113.0/24', '2001:db8::/32'] });
    const template = templateOf(entrance, { healthGates: alarmsOnly });
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroup'))[0]?.Properties.SecurityGroupIngress;
    expect(rules.map((rule: { CidrIp?: string; CidrIpv6?: string; FromPort: number }) => `${rule.CidrIp ?? rule.CidrIpv6} ${rule.FromPort}`)).toEqual([
      '203.0.113.0/24 80',
      '203.0.113.0/24 443',
      '2001:db8::/32 80',
      '2001:db8::/32 443',
    ]);
  });
});

describe('a new load balancer that uses what a team has', () => {
  const everything = Entrance.newLoadBalancer({
    network: Network.existingVpc({ vpcId, subnetIds, workloads: WorkloadSubnets.behindNat([inside]), cidr: '10.20.0.0/16' }),
    securityGroupIds: groups,
    certificateArns: [certificateArn, `${certificateArn}2`],
    domainName,
    hostedZone: { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'example.com' },
    webAclArn: 'arn:aws:wafv2:eu-west-2:222222222222:regional/webacl/shop/1',
    accessLogs: { bucketName: 'shop-access-logs', prefix: 'payments' },
  });
  let template: Template;

  beforeAll(() => {
    template = templateOf(everything);
  });

  test('makes no network, no security group and no bucket, and looks nothing up', () => {
    const stack = stackOf(everything);
    expect(typesIn(Template.fromStack(stack)).filter((type) => /^AWS::(EC2|S3)::/.test(type))).toEqual([]);
    expect((stack.node.root as App).synth().manifest.missing).toBeUndefined();
  });

  test('stands in the team’s subnets, behind its groups, and logs to its bucket', () => {
    template.hasResourceProperties(LOAD_BALANCER, {
      Subnets: subnetIds,
      SecurityGroups: groups,
      LoadBalancerAttributes: Match.arrayWith([
        { Key: 'access_logs.s3.bucket', Value: 'shop-access-logs' },
        { Key: 'access_logs.s3.prefix', Value: 'payments' },
      ]),
    });
  });

  test('has the team’s certificates, web ACL, and records for the service and for its hidden URLs', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, Certificates: [{ CertificateArn: certificateArn }] });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerCertificate', { Certificates: [{ CertificateArn: `${certificateArn}2` }] });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: 'arn:aws:wafv2:eu-west-2:222222222222:regional/webacl/shop/1' });
    const names = Object.values(template.findResources('AWS::Route53::RecordSet')).map(({ Properties }) => `${Properties.HostedZoneId} ${Properties.Name}`);
    expect(names).toEqual(['Z0123456789ABCDEFGHIJ pay.example.com.', 'Z0123456789ABCDEFGHIJ *.pay.example.com.']);
  });

  test('offers workloads with addresses the team’s subnets and security group', () => {
    expect(offered(template)).toEqual({ 'subnet-ids': inside, 'public-addresses': 'DISABLED', 'load-balancer-security-group-id': groups[0] });
    expect(offered(made({ network: Network.existingVpc({ vpcId, subnetIds }) }))).toMatchObject({
      'subnet-ids': subnetIds.join(),
      'public-addresses': 'ENABLED',
    });
  });

  test('makes a group of its own where none is given, that opens connections to the VPC only', () => {
    const group = (cidr?: string) => made({ network: Network.existingVpc({ vpcId, subnetIds, cidr }) }).findResources('AWS::EC2::SecurityGroup');
    const [inside, anywhere] = [group('10.20.0.0/16'), group()].map((found) => Object.values(found)[0]?.Properties);
    expect([inside.VpcId, inside.SecurityGroupEgress[0].CidrIp, anywhere.SecurityGroupEgress[0].CidrIp]).toEqual([vpcId, '10.20.0.0/16', '0.0.0.0/0']);
  });
});

describe('an internal load balancer', () => {
  const network = Network.existingVpc({ vpcId, subnetIds });
  const probe = { subnetIds: [inside], securityGroupIds: ['sg-2a1b2c3d4e5f60718'] };

  test('faces private networks only', () => {
    const template = templateOf(Entrance.newInternalLoadBalancer({ network }), { healthGates: alarmsOnly });
    template.hasResourceProperties(LOAD_BALANCER, { Scheme: 'internal' });
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroup'))[0]?.Properties.SecurityGroupIngress;
    expect(rules.map(({ CidrIp }: { CidrIp: string }) => CidrIp)).toEqual(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']);
  });

  test('is tested from inside, by a probe that may stand there', () => {
    const template = templateOf(Entrance.newInternalLoadBalancer({ network, probe }), { tests: [EnvironmentTest.http('/health')] });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'Payments-Production-probe',
      VpcConfig: { SubnetIds: probe.subnetIds, SecurityGroupIds: probe.securityGroupIds },
    });
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).toContain('ec2:CreateNetworkInterface');
  });
});

describe('tests that would not reach it', () => {
  const tests = [EnvironmentTest.http('/health')];

  test.each<[string, Entrance, RegExp]>([
    [
      'from outside the networks',
      Entrance.newLoadBalancer({ ingressCidrs: ['203.0.113.0/24'] }),
      /ingressCidrs is \["203.0.113.0\/24"\].*EnvironmentTest.lambda/,
    ],
    ['from outside', Entrance.newInternalLoadBalancer({ network: Network.existingVpc({ vpcId, subnetIds }) }), /internal.*\{ probe: … \}/],
    [
      'on paths of another application',
      existing({ pathPatterns: ['/pay', '/pay/*'] }),
      /asks for "\/health", which is none of its pathPatterns, \["\/pay","\/pay\/\*"\]/,
    ],
  ])('%s are refused, also of gates', (_, entrance, message) => {
    expect(() => stackOf(entrance, { tests })).toThrow(message);
    expect(() => stackOf(entrance, { healthGates: [HealthGate.http('/health')] })).toThrow(/path-to-live:TestsShutOut/);
    expect(() => stackOf(entrance, { healthGates: alarmsOnly })).not.toThrow();
  });

  test('are taken on the service’s own paths, whatever they ask with', () => {
    const given = { tests: [EnvironmentTest.http('/pay/health?deep=1'), EnvironmentTest.http('/pay')] };
    expect(() => stackOf(existing({ pathPatterns: ['/pay', '/pay/*'] }), given)).not.toThrow();
  });
});

describe('is refused', () => {
  const vpc = (given: Partial<ExistingVpcOptions>) => () => Network.existingVpc({ vpcId, subnetIds, ...given });
  test.each<[string, () => unknown, RegExp]>([
    ['VpcId', vpc({ vpcId: 'shop' }), /vpcId is "shop"; it must be an id, for example "vpc-0a1b2c3d4e5f60718": nothing is looked up/],
    ['SubnetIds', vpc({ subnetIds: [subnetIds[0] as string] }), /the number of subnets the load balancer stands in is 1/],
    ['SubnetIds', vpc({ subnetIds: [subnetIds[0], subnetIds[0]] as string[] }), /listed twice/],
    ['SubnetIds', () => WorkloadSubnets.behindNat([]), /the list of subnets is empty/],
    ['SubnetIds', () => WorkloadSubnets.withPublicAddresses(['inside']), /a subnet is "inside"/],
    ['VpcCidr', vpc({ cidr: '10.20.0.0' }), /IPv4 or IPv6 block/],
    ['VpcCidr', () => Network.newVpc({ cidr: '10.0.0.0/15' }), /from \/16 to \/24/],
    ['VpcCidr', () => Network.newVpc({ cidr: '10.0.0.0/25' }), /from \/16 to \/24/],
    ['VpcCidr', () => Network.newVpc({ cidr: '10.0.0.256/16' }), /block/],
    ['DomainName', () => Entrance.newLoadBalancer({ domainName: 'Pay.example.com' }), /lower case/],
    ['DomainName', () => Entrance.newLoadBalancer({ domainName: '*.example.com' }), /a host name/],
    ['DomainName', () => Entrance.newLoadBalancer({ domainName: `${'a'.repeat(60)}.${'b'.repeat(54)}.uk` }), /at most 117/],
    ['CertificateArn', () => Entrance.newLoadBalancer({ domainName, certificateArns: [] }), /leave it out for plain HTTP/],
    ['CertificateWithoutDomain', () => Entrance.newLoadBalancer({ certificateArns: [certificateArn] }), /certificateArns and no domainName/],
    ['HostedZone', () => Entrance.newLoadBalancer({ domainName, hostedZone: { hostedZoneId: 'Z1', zoneName: 'ample.com' } }), /must be in the zone/],
    ['HostedZone', () => Entrance.newLoadBalancer({ hostedZone: { hostedZoneId: 'Z1', zoneName: 'example.com' } }), /domainName is undefined/],
    ['WebAclArn', () => Entrance.newLoadBalancer({ webAclArn: 'arn:aws:wafv2:us-east-1:222222222222:global/webacl/shop/1' }), /a regional web ACL/],
    ['IngressCidrs', () => Entrance.newLoadBalancer({ ingressCidrs: [] }), /ingressCidrs is empty/],
    ['IngressCidrs', () => Entrance.newLoadBalancer({ ingressCidrs: ['everybody'] }), /block/],
    ['IngressCidrs', () => Entrance.newLoadBalancer({ ingressCidrs: ['203.0.113.0/24'], securityGroupIds: groups }), /groups of yours are not changed/],
    ['SecurityGroupIds', () => Entrance.newLoadBalancer({ securityGroupIds: [] }), /leave it out to have one made/],
    ['SecurityGroupIds', () => Entrance.newLoadBalancer({ securityGroupIds: ['web'] }), /an id in securityGroupIds is "web"/],
    ['ProbePlace', () => existing({ probe: { subnetIds: [], securityGroupIds: groups } }), /probe.subnetIds is empty/],
    ['RulePriority', () => existing({ rulePriority: 0 }), /rulePriority is 0; it must be a whole number from 1 to 49990/],
    ['RulePriority', () => existing({ rulePriority: 49_991 }), /to 49990/],
    ['EntranceUrl', () => existing({ url: 'pay.example.com' }), /without a path/],
    ['EntranceUrl', () => existing({ url: 'https://pay.example.com/' }), /without a path/],
    ['EntranceUrl', () => existing({ url: 'https://shop.example.com' }), /its host is none of hosts, \["pay.example.com"\]/],
    ['EntranceList', () => existing({ hosts: [] }), /hosts is empty/],
    ['EntranceList', () => existing({ pathPatterns: [] }), /pathPatterns is empty; leave/],
    ['EntranceList', () => existing({ pathPatterns: ['/pay', 'pay'] }), /a pattern in pathPatterns is "pay"; it must be a path, which starts with "\/"/],
  ])('%s %#', (code, act, message) => {
    const error = refusal(act);
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  });

  test.each<[string, Entrance, RegExp]>([
    [
      'CertificateArn',
      Entrance.newLoadBalancer({ domainName, certificateArns: [certificateArn.replace('eu-west-2', 'us-east-1')] }),
      /Environment "Production".*certificate in eu-west-2/,
    ],
    ['ListenerArn', existing({ listenerArn: listenerArn.replace('222222222222', '333333333333') }), /Application Load Balancer in 222222222222\/eu-west-2/],
    ['ListenerArn', existing({ listenerArn: listenerArn.replace('app/', 'net/') }), /of an Application Load Balancer/],
    ['CurrentlyServing', existing({ currentlyServing: currentlyServing.replace('eu-west-2', 'eu-west-1') }), /the target group in 222222222222\/eu-west-2/],
  ])('%s in another place or of another kind', (code, entrance, message) => {
    const error = refusal(() => environment({ entrance }));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  });

  test.each([
    ['1', 1],
    ['49,990', 49_990],
  ])('not the rule priority %s', (_, rulePriority) => {
    expect(liveRulePriority(environment({ entrance: existing({ rulePriority }) }))).toBe(rulePriority + 10);
  });

  test.each(['*.example.com', 'PAY.example.com', 'pa?.example.com'])('not the host %j for a URL it takes', (host) => {
    expect(() => existing({ hosts: [host] })).not.toThrow();
  });
});
