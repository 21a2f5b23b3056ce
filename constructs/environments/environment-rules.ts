import { PathToLiveError } from '../private/errors';
import { shown } from '../private/shown';
import { firstRepeated, isKnown, requireCidr, requireLiteral, requireMatch, requireSome, requireWhole } from '../private/validate';
import type { Environment } from './environment';

/** What must hold for one environment by itself; see path-rules for what must hold between several. */
export function requireEnvironment(environment: Environment): void {
  requireColours(environment);
  requirePriorities(environment);
  requireTests(environment);
  requireGates(environment);
  requireFrontDoor(environment);
}

/** How errors name an environment, which has no construct path. */
export function inWords(name: string): string {
  return `Environment ${shown(name)}`;
}

function where(environment: Environment): string {
  return inWords(environment.name);
}

function requireColours(environment: Environment): void {
  const names = environment.colours.map(({ name }) => name);
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html: 5 target groups per action
  requireWhole({ code: 'Colours', where: where(environment), what: 'the number of colours' }, names.length, 2, 5);
  const repeated = firstRepeated(names);
  if (repeated !== undefined) {
    throw new PathToLiveError('Colours', where(environment), `two slots are named ${JSON.stringify(repeated)}; give each a colour of its own`);
  }
}

function requirePriorities(environment: Environment): void {
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html: 1-50000; the live rule is 50 higher
  const subject = { code: 'RulePriority', where: where(environment), what: 'rulePriority' };
  requireLiteral(subject, environment.rulePriority);
  requireWhole(subject, environment.rulePriority, 1, 49_950);
}

function requireTests(environment: Environment): void {
  const repeated = firstRepeated(environment.tests.map((test) => test._name));
  if (repeated !== undefined) {
    throw new PathToLiveError('TestName', where(environment), `two tests are named ${JSON.stringify(repeated)}; give one of them another name: { name: '…' }`);
  }
  for (const test of environment.tests) {
    const { account = environment.account, region = environment.region } = test._place() ?? {};
    if ((isKnown(account) && account !== environment.account) || (isKnown(region) && region !== environment.region)) {
      throw new PathToLiveError(
        'TestFunctionElsewhere',
        where(environment),
        `the function of the test ${JSON.stringify(test._name)} is in ${account}/${region}; it must be in ${environment.account}/${environment.region}: tests run inside the environment's account`,
      );
    }
  }
}

function requireGates(environment: Environment): void {
  const { healthGates: gates } = environment;
  requireSome(
    { code: 'HealthGates', where: where(environment), what: 'healthGates' },
    gates,
    'leave it out for the default, or say HealthGate.none({ reason })',
  );
  const watched = gates.filter((gate) => gate._bind() !== undefined);
  if (watched.length > 0 && watched.length < gates.length) {
    throw new PathToLiveError('HealthGates', where(environment), 'HealthGate.none stands beside other gates; remove it, or them');
  }
  const alarms = watched.filter((gate) => gate._bind()?.kind === 'alarms');
  if (alarms.length > 1) {
    throw new PathToLiveError('HealthGates', where(environment), `there are ${alarms.length} HealthGate.alarms; put all alarms into one of them`);
  }
  const quick = environment.traffic._bind().find((step) => step.bakeSeconds === 0);
  if (watched.length > 0 && quick !== undefined) {
    throw new PathToLiveError(
      'BakeTime',
      where(environment),
      `the bake time at ${quick.percent} percent is 0, so its health gates would never be watched; give it a bake time, or say HealthGate.none({ reason })`,
    );
  }
}

function requireFrontDoor(environment: Environment): void {
  const { domainName, certificateArn, ingressCidrs, vpcCidr, region } = environment;
  if (domainName !== undefined) {
    // 118: a rule takes 128 characters, and the longest colour and its dot come in front
    requireMatch(
      { code: 'DomainName', where: where(environment), what: 'domainName' },
      domainName,
      /^(?=.{1,117}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
      'a host name of at most 117 lower case characters, for example "pay.example.com"',
    );
  }
  if (certificateArn !== undefined) {
    requireMatch(
      { code: 'CertificateArn', where: where(environment), what: 'certificateArn' },
      certificateArn,
      new RegExp(`^arn:[a-z0-9-]+:(acm:${region}:\\d{12}:certificate/.+|iam::\\d{12}:server-certificate/.+)$`),
      `the ARN of a certificate in ${region}`,
    );
  }
  requireSome(
    { code: 'IngressCidrs', where: where(environment), what: 'ingressCidrs' },
    ingressCidrs,
    'leave it out for everybody, or name the networks that may come in',
  );
  for (const cidr of ingressCidrs) requireCidr({ code: 'IngressCidrs', where: where(environment), what: 'a network in ingressCidrs' }, cidr);
  requireCidr({ code: 'VpcCidr', where: where(environment), what: 'vpcCidr' }, vpcCidr);
  requireMatch(
    { code: 'VpcCidr', where: where(environment), what: 'vpcCidr' },
    vpcCidr,
    /^\d{1,3}(\.\d{1,3}){3}\/(1[6-9]|2[0-4])$/,
    'an IPv4 block from /16 to /24, for example "10.0.0.0/16"',
  );
}
