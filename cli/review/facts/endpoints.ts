import { resourcesOf, type StackTemplate } from '../../../permissions';
import { apiRoutes } from '../reach/routes';
import { nameIn } from '../read/functions';
import type { ReviewedPath, ReviewedStack } from '../read/reviewed-path';
import { entrancesOf, taken, type UserEntrance } from './entrances';
import { conditionsInWords, type RuleCondition } from './rule-conditions';

/** A load balancer, and who can reach it at all. */
export interface LoadBalancer {
  readonly stack: string;
  readonly name: string;
  readonly internetFacing: boolean;
  /** What its security groups let in, for example `tcp 443 from 0.0.0.0/0`. */
  readonly letsIn: readonly string[];
  readonly deletionProtection: boolean;
  readonly accessLogs: boolean;
}

export interface Listener {
  readonly stack: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** Undefined for plain HTTP. */
  readonly tlsPolicy?: string;
  /** What a request gets that no rule takes. */
  readonly otherwise: string;
}

/** A rule of a listener. */
export interface ListenerRule {
  readonly stack: string;
  readonly environment?: string;
  readonly colour?: string;
  readonly what: 'live rule' | 'hidden URL' | 'tests' | 'rule';
  readonly priority: number;
  /** What a request must have. */
  readonly takes: string;
  /** Whether anything but the name of a colour, a host or a path keeps somebody out. */
  readonly closed: boolean;
}

export interface Endpoints {
  readonly entrances: readonly UserEntrance[];
  /** Those that are made; of one that was there before, no template says anything. */
  readonly loadBalancers: readonly LoadBalancer[];
  readonly listeners: readonly Listener[];
  readonly rules: readonly ListenerRule[];
  readonly routes: readonly { readonly stack: string; readonly route: string; readonly authorization: string }[];
  /** Requests per second and burst an API lets through. */
  readonly throttles: readonly { readonly stack: string; readonly api: string; readonly rate?: number; readonly burst?: number }[];
  /** Anything else that lets requests in, or what has an address of its own: by type. */
  readonly others: readonly { readonly stack: string; readonly name: string; readonly type: string; readonly note: string }[];
}

/** Everything requests from outside can come in by. */
export function endpointsOf(reviewed: ReviewedPath): Endpoints {
  const { stacks, values } = reviewed;
  const read = <T>(type: string, make: (properties: Record<string, unknown>, stack: ReviewedStack, logicalId: string) => T): T[] =>
    resourcesOf(stacks, type).map(({ stack, logicalId }) => make(values.properties(stack, logicalId), stack as ReviewedStack, logicalId));
  return {
    entrances: entrancesOf(reviewed),
    loadBalancers: read('AWS::ElasticLoadBalancingV2::LoadBalancer', (properties, stack, id) => loadBalancer(properties, stack, id, reviewed)),
    listeners: read('AWS::ElasticLoadBalancingV2::Listener', listener),
    rules: [...read('Custom::LiveRule', liveRule), ...read('AWS::ElasticLoadBalancingV2::ListenerRule', slotRule)].sort(byPlace(stacks)),
    routes: apiRoutes(reviewed).map(({ method, path, authorization, stackName }) => ({ stack: stackName, route: `${method} ${path}`, authorization })),
    throttles: read('AWS::ApiGatewayV2::Stage', ({ DefaultRouteSettings: settings }, stack, id) => {
      const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = (settings ?? {}) as Record<string, number>;
      return { stack: stack.stackName, api: nameIn(stack, id), ...(rate !== undefined && { rate, burst }) };
    }),
    others: OTHERS.flatMap(({ type, note }) =>
      read(type, (properties, stack, id) => ({ stack: stack.stackName, name: nameIn(stack, id), type, note: note(properties) })),
    ),
  };
}

const OTHERS: readonly { readonly type: string; readonly note: (properties: Record<string, unknown>) => string }[] = [
  { type: 'AWS::Lambda::Url', note: ({ AuthType }) => `authorization: ${AuthType}` },
  ...['AWS::ApiGateway::RestApi', 'AWS::AppRunner::Service', 'AWS::AppSync::GraphQLApi', 'AWS::CloudFront::Distribution', 'AWS::Transfer::Server'].map(
    (type) => ({
      type,
      note: () => 'not looked into',
    }),
  ),
  { type: 'AWS::ElasticLoadBalancing::LoadBalancer', note: () => 'a classic load balancer: not looked into' },
  { type: 'AWS::EC2::Instance', note: () => 'has whatever addresses its subnet gives it' },
  { type: 'AWS::EC2::EIP', note: () => 'a public address' },
];

function loadBalancer(properties: Record<string, unknown>, stack: ReviewedStack, logicalId: string, { values }: ReviewedPath): LoadBalancer {
  const attributes = new Map(((properties.LoadBalancerAttributes ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, String(Value)]));
  const groups = ((stack.template.Resources?.[logicalId]?.Properties?.SecurityGroups ?? []) as unknown[]).flatMap((group) => groupId(group) ?? []);
  return {
    stack: stack.stackName,
    name: nameIn(stack, logicalId),
    internetFacing: properties.Scheme !== 'internal',
    letsIn: [...groups.flatMap((group) => ingressOf(stack, group, values)), ...(groups.length === 0 ? ['what the security groups it is given let in'] : [])],
    deletionProtection: attributes.get('deletion_protection.enabled') === 'true',
    accessLogs: attributes.get('access_logs.s3.enabled') === 'true',
  };
}

function groupId(group: unknown): string | undefined {
  const attribute = (group as { 'Fn::GetAtt'?: string[] })['Fn::GetAtt'];
  return attribute?.[0];
}

function ingressOf(stack: StackTemplate, logicalId: string, values: ReviewedPath['values']): string[] {
  const own = (values.properties(stack, logicalId).SecurityGroupIngress ?? []) as Ingress[];
  const separate = resourcesOf([stack], 'AWS::EC2::SecurityGroupIngress')
    .filter(({ logicalId: id }) => JSON.stringify(stack.template.Resources?.[id]?.Properties?.GroupId ?? '').includes(`"${logicalId}"`))
    .map(({ logicalId: id }) => values.properties(stack, id) as unknown as Ingress);
  return [...own, ...separate].map((rule) => {
    const from = rule.CidrIp ?? rule.CidrIpv6 ?? rule.SourceSecurityGroupId ?? 'elsewhere';
    const ports = rule.FromPort === undefined ? 'every port' : rule.FromPort === rule.ToPort ? String(rule.FromPort) : `${rule.FromPort}-${rule.ToPort}`;
    return `${rule.IpProtocol === '-1' ? 'everything' : `${rule.IpProtocol} ${ports}`} from ${from}`;
  });
}

interface Ingress {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly CidrIp?: string;
  readonly CidrIpv6?: string;
  readonly SourceSecurityGroupId?: string;
}

interface Action {
  readonly Type: string;
  readonly FixedResponseConfig?: { readonly StatusCode: string };
  readonly RedirectConfig?: { readonly Protocol?: string; readonly Port?: string };
}

function listener({ Port, Protocol, SslPolicy, DefaultActions }: Record<string, unknown>, stack: ReviewedStack, logicalId: string): Listener {
  const [action] = (DefaultActions ?? []) as Action[];
  return {
    stack: stack.stackName,
    name: nameIn(stack, logicalId),
    port: Number(Port),
    protocol: String(Protocol),
    ...(Protocol === 'HTTPS' && { tlsPolicy: SslPolicy === undefined ? 'AWS’s default' : String(SslPolicy) }),
    otherwise: action === undefined ? 'nothing' : actionInWords(action),
  };
}

function actionInWords({ Type, FixedResponseConfig: fixed, RedirectConfig: redirect }: Action): string {
  if (fixed !== undefined) return `answers ${fixed.StatusCode}`;
  if (redirect !== undefined) return `redirects to ${redirect.Protocol ?? 'the same protocol'} ${redirect.Port ?? ''}`.trim();
  return Type === 'forward' ? 'goes to a target group' : Type;
}

function liveRule(properties: Record<string, unknown>, stack: ReviewedStack): ListenerRule {
  const { Priority, PathPatterns, Hosts } = properties as { Priority: string; PathPatterns?: string[]; Hosts?: string[] };
  return {
    stack: stack.stackName,
    environment: stack.environment,
    what: 'live rule',
    priority: Number(Priority),
    takes: taken({ PathPatterns, Hosts }),
    closed: false,
  };
}

function slotRule(properties: Record<string, unknown>, stack: ReviewedStack, logicalId: string): ListenerRule {
  const { words, closed } = conditionsInWords((properties.Conditions ?? []) as RuleCondition[]);
  const name = nameIn(stack, logicalId);
  const what = stack.kind !== 'slot' ? 'rule' : name.endsWith('TestRule') ? 'tests' : name.endsWith('HiddenRule') ? 'hidden URL' : 'rule';
  return {
    stack: stack.stackName,
    ...(stack.environment !== undefined && { environment: stack.environment }),
    ...(stack.colour !== undefined && { colour: stack.colour }),
    what,
    priority: Number(properties.Priority),
    takes: words,
    closed,
  };
}

/** By environment, then as the listener looks at them. */
function byPlace(stacks: readonly ReviewedStack[]) {
  const places = [...new Set(stacks.map(({ environment }) => environment))];
  return (one: ListenerRule, other: ListenerRule) => places.indexOf(one.environment) - places.indexOf(other.environment) || one.priority - other.priority;
}
