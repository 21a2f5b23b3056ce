import { PathToLiveError } from '../private/errors';
import type { Environment } from './environment';
import { inWords } from './environment-rules';

/**
 * That the environment's own tests can reach its slots.
 *
 * @internal
 * @throws PathToLiveError
 */
export function requireReachable(environment: Environment): void {
  const where = inWords(environment.name);
  const { certificateArn, domainName, ingressCidrs, tests, healthGates } = environment;
  if (certificateArn !== undefined && domainName === undefined) {
    throw new PathToLiveError(
      'CertificateWithoutDomain',
      where,
      'there is a certificateArn and no domainName, so nobody would reach it by a name on the certificate; say which one it is: { domainName: "pay.example.com" }',
    );
  }
  const asked = [...tests.map((test) => test._bind()), ...healthGates.map((gate) => gate._bind())].some((plan) => plan?.kind === 'http');
  if (asked && !ingressCidrs.includes('0.0.0.0/0')) {
    throw new PathToLiveError(
      'TestsShutOut',
      where,
      `ingressCidrs is ${JSON.stringify(ingressCidrs)}, and its HTTP tests and gates come from addresses of AWS Lambda, which nobody knows beforehand; ` +
        'leave ingressCidrs out, or test from inside those networks with EnvironmentTest.lambda and watch with HealthGate.alarms',
    );
  }
}
