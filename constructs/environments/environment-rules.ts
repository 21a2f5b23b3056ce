import { PathToLiveError } from '../private/errors';
import { shown } from '../private/shown';
import { firstRepeated, isKnown, requireSeconds, requireSome, requireWhole } from '../private/validate';
import type { Environment } from './environment';

/** What must hold for one environment by itself; see path-rules for what must hold between several. */
export function requireEnvironment(environment: Environment): void {
  requireColours(environment);
  requireTests(environment);
  requireGates(environment);
  requireEntrance(environment);
  requireDurations(environment);
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

/** A rule of a listener takes so many values, https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html. */
const MOST_VALUES = 5;

function requireEntrance(environment: Environment): void {
  const { entrance, shadowAccess, account, region } = environment;
  entrance._require(where(environment), { account, region });
  const { hosts, pathPatterns, listenerArn, domainName } = entrance._place;
  if (listenerArn !== undefined && hosts.length + pathPatterns.length === 0 && domainName === undefined && !shadowAccess._needsKey) {
    throw new PathToLiveError(
      'HiddenUrlsOfOthers',
      where(environment),
      'its hidden URLs need no key, and its entrance takes every request of a listener that others may use: their requests could reach its slots; ' +
        'name its hosts or pathPatterns, or use ShadowAccess.secretHeader()',
    );
  }
  const [values, what] = mostValues(environment);
  if (values > MOST_VALUES) {
    throw new PathToLiveError(
      'RuleConditions',
      where(environment),
      `${what} would look at ${values} values: ${hosts.length} hosts, ${pathPatterns.length} pathPatterns, the slot, and who may reach it; ` +
        `a listener's rule takes ${MOST_VALUES}, name fewer`,
    );
  }
}

/** Of the two rules of a slot, the one that looks at more; see reaching-slots. */
function mostValues({ entrance, shadowAccess }: Environment): [number, string] {
  const { hosts, pathPatterns, domainName } = entrance._place;
  const limits = hosts.length + pathPatterns.length;
  const [test, hidden] = [limits + 2, (domainName === undefined ? limits : 0) + 1 + shadowAccess._conditionValues];
  return hidden > test ? [hidden, 'the rule of a hidden URL'] : [test, 'the rule of the tests'];
}

function requireDurations(environment: Environment): void {
  const { warmFor, earlyLifeSupport } = environment;
  if (warmFor !== undefined) requireSeconds({ code: 'WarmFor', where: where(environment), what: 'warmFor' }, warmFor, 1);
  if (earlyLifeSupport !== undefined) {
    requireSeconds({ code: 'EarlyLifeSupport', where: where(environment), what: 'earlyLifeSupport' }, earlyLifeSupport, 1);
  }
}
