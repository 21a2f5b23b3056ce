import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type MetricQueries, requireMeasuredIn } from '../health/metric-queries';
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
  environment.rollBackTarget._bind(where(environment), environment);
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
  for (const test of environment._tests()) {
    requireFunctionIn(
      environment,
      'TestFunctionElsewhere',
      test._place(),
      (place) => `the function of the test ${JSON.stringify(test._name)} is in ${place}`,
      'tests run',
    );
  }
}

function requireFunctionIn(
  environment: Environment,
  code: string,
  place: Partial<IFunction['env']> | undefined,
  isIn: (place: string) => string,
  runs: string,
): void {
  const { account = environment.account, region = environment.region } = place ?? {};
  if ((!isKnown(account) || account === environment.account) && (!isKnown(region) || region === environment.region)) return;
  const problem = `${isIn(`${account}/${region}`)}; it must be in ${environment.account}/${environment.region}: ${runs} inside the environment's account`;
  throw new PathToLiveError(code, where(environment), problem);
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
  requireNamedGates(environment);
  requireMeasured(environment);
  const quick = environment.traffic._bind().find((step) => step.bakeSeconds === 0);
  if (watched.length > 0 && quick !== undefined) {
    throw new PathToLiveError(
      'BakeTime',
      where(environment),
      `the bake time at ${quick.percent} percent is 0, so its health gates would never be watched; give it a bake time, or say HealthGate.none({ reason })`,
    );
  }
}

function requireNamedGates(environment: Environment): void {
  const gates = environment._gates();
  const repeated = firstRepeated(gates.flatMap((gate) => gate._name() ?? []));
  if (repeated !== undefined) {
    throw new PathToLiveError('GateName', where(environment), `two health gates are named ${JSON.stringify(repeated)}; give one of them another name`);
  }
  for (const gate of gates) {
    const name = JSON.stringify(gate._name());
    requireFunctionIn(
      environment,
      'GateFunctionElsewhere',
      gate._asks()?.env,
      (place) => `the function of the health gate ${name} is in ${place}`,
      'gates run',
    );
    const own = environment.traffic._gates.find((each) => each.gate === gate)?.step;
    const short = (own ? [own] : environment.traffic._bind()).find(({ bakeSeconds }) => bakeSeconds < gate._leastBake());
    if (short === undefined) continue;
    throw new PathToLiveError(
      'BakeTime',
      where(environment),
      `the bake time at ${short.percent} percent is ${short.bakeSeconds} s, and the health gate ${name} needs ${gate._leastBake()} s to have measured enough; ` +
        'bake longer, ask for fewer data points, or give the metric a shorter period',
    );
  }
}

/** Everything of a team's own that an environment's gates and alarms measure, and what it is called. */
export function measuredBy(environment: Environment): { readonly what: string; readonly queries: MetricQueries }[] {
  return environment._gates().flatMap((gate) => {
    const queries = gate._measures();
    const ofAlarms = gate._alarms().flatMap((alarm) => alarm._measures());
    return [
      ...(queries ? [{ what: `the metric of the health gate ${JSON.stringify(gate._name())}`, queries }] : []),
      ...ofAlarms.map(({ alarm, queries: measured }) => ({ what: `the metric of the alarm ${JSON.stringify(alarm)}`, queries: measured })),
    ];
  });
}

function requireMeasured(environment: Environment): void {
  for (const { what, queries } of measuredBy(environment)) requireMeasuredIn(environment, where(environment), what, queries);
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

/** A test that may take longer would never be begun, and every release end in the way back. */
function requireRoomForTests(environment: Environment): void {
  const longest = environment.plannedOutage?._bind().longestSeconds;
  const slow = environment.tests.map((test) => test._bind()).find(({ timeoutSeconds }) => longest !== undefined && timeoutSeconds >= longest);
  if (slow === undefined) return;
  throw new PathToLiveError(
    'OutageLength',
    where(environment),
    `the longest planned outage is ${longest} s, and the test ${JSON.stringify(slow.name)}, which runs in it, may take ${slow.timeoutSeconds} s; give the outage longer, or the test a shorter timeout`,
  );
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupStickinessConfig.html */
const LONGEST_STICKY_SECONDS = 7 * 24 * 3600;

function requireDurations(environment: Environment): void {
  requireRoomForTests(environment);
  const { stickySessions, warmFor, earlyLifeSupport } = environment;
  if (stickySessions !== undefined)
    requireSeconds({ code: 'StickySessions', where: where(environment), what: 'stickySessions' }, stickySessions, 1, LONGEST_STICKY_SECONDS);
  if (warmFor !== undefined) requireSeconds({ code: 'WarmFor', where: where(environment), what: 'warmFor' }, warmFor, 1);
  if (earlyLifeSupport !== undefined) {
    requireSeconds({ code: 'EarlyLifeSupport', where: where(environment), what: 'earlyLifeSupport' }, earlyLifeSupport, 1);
  }
}
