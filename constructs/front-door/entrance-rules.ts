import { PathToLiveError } from '../private/errors';
import { arnOfListener } from '../private/listener-arn';
import { firstRepeated, isKnown, requireMatch } from '../private/validate';
import type { ExistingListenerOptions } from './entrance-options';

/** The live rule comes after every rule of a slot: up to five slots have two each. */
export const LIVE_RULE_OFFSET = 10;

const IDS = {
  vpc: { code: 'VpcId', what: 'vpcId', example: 'vpc-0a1b2c3d4e5f60718' },
  subnet: { code: 'SubnetIds', what: 'a subnet', example: 'subnet-0a1b2c3d4e5f60718' },
  sg: { code: 'SecurityGroupIds', what: 'a security group', example: 'sg-0a1b2c3d4e5f60718' },
} as const;

/**
 * That what is imported is named by ids, each once: nothing is looked up, so a name would only be found wrong at deployment.
 *
 * @param what the property they were given by
 * @throws PathToLiveError that names the value and what is allowed
 */
export function requireIds(where: string, kind: keyof typeof IDS, ids: readonly string[], what: string = IDS[kind].what): void {
  const { code, example } = IDS[kind];
  for (const id of ids) {
    requireMatch(
      { code, where, what },
      id,
      new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`),
      `an id, for example ${JSON.stringify(example)}: nothing is looked up`,
    );
  }
  const repeated = firstRepeated(ids.filter(isKnown));
  if (repeated !== undefined) throw new PathToLiveError(code, where, `${JSON.stringify(repeated)} is listed twice; list it once`);
}

/** @throws PathToLiveError */
export function requireDomainName(where: string, domainName: string): void {
  requireMatch(
    { code: 'DomainName', where, what: 'domainName' },
    domainName,
    // 117: a rule takes 128 characters, and the longest colour and its dot come in front
    /^(?=.{1,117}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'a host name of at most 117 lower case characters, for example "pay.example.com"',
  );
}

/** Where an environment is, for what must be in the same account or region. */
export interface AccountAndRegion {
  readonly account: string;
  readonly region: string;
}

/** @throws PathToLiveError for a certificate that a load balancer there cannot use */
export function requireCertificate(where: string, certificateArn: string, { region }: AccountAndRegion): void {
  requireMatch(
    { code: 'CertificateArn', where, what: 'a certificate in certificateArns' },
    certificateArn,
    new RegExp(`^arn:[a-z0-9-]+:(acm:${region}:\\d{12}:certificate/.+|iam::\\d{12}:server-certificate/.+)$`),
    `the ARN of a certificate in ${region}`,
  );
}

/** @param of whose it is, for the message: ` of the rule "Internal"` @throws PathToLiveError for a listener that is no Application Load Balancer's, or is elsewhere */
export function requireListener(where: string, listenerArn: string, place: AccountAndRegion, of = ''): void {
  const { pattern, shape } = arnOfListener(place);
  const allowed = `the ARN of a listener of an Application Load Balancer in ${place.account}/${place.region}, ${shape}`;
  requireMatch({ code: 'ListenerArn', where, what: `listenerArn${of}` }, listenerArn, pattern, allowed);
}

/** @param of whose it is, for the message @throws PathToLiveError for a target group that the listener there cannot forward to */
export function requireTargetGroup(where: string, targetGroupArn: string, { account, region }: AccountAndRegion, of = ''): void {
  requireMatch(
    { code: 'CurrentlyServing', where, what: `currentlyServing${of}` },
    targetGroupArn,
    new RegExp(`^arn:[a-z0-9-]+:elasticloadbalancing:${region}:${account}:targetgroup/[^/]+/[0-9a-f]+$`),
    `the ARN of the target group in ${account}/${region} that the listener forwards these requests to today, arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/<name>/<id>`,
  );
}

/** @throws PathToLiveError for a further rule of the same listener that has one of the priorities that are the environment's */
export function requireBeside(where: string, { listenerArn, rulePriority, furtherRules = [] }: ExistingListenerOptions): void {
  for (const { name, priority, listenerArn: other = listenerArn } of furtherRules) {
    if (other !== listenerArn || priority < rulePriority || priority > rulePriority + LIVE_RULE_OFFSET) continue;
    const problem = `the rule ${JSON.stringify(name)} has the priority ${priority}, and ${rulePriority} to ${rulePriority + LIVE_RULE_OFFSET} are the environment's slots' and first rule's; give it another one`;
    throw new PathToLiveError('FurtherRules', where, problem);
  }
}
