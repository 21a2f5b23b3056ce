import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LIVE_RULE_TAGS, MAIN_RULE } from '../../lambda/contract';
import { readAssembly } from '../assembly/read-assembly';
import type { Identity } from '../hub/aws';
import type { Surroundings } from '../surroundings';
import { UserError } from '../user-error';
import { type FoundRule, ruleName } from './found-rule';
import { LoadBalancing } from './load-balancing';

/** What was said about which live rule is meant. */
export interface WantedRule {
  readonly environment: string;
  readonly path?: string;
  readonly region?: string;
  readonly ruleArn?: string;
  readonly listenerArn?: string;
}

export interface RulesInPlace {
  /** The first rule of the environment first; others are moved with it. */
  readonly rules: readonly FoundRule[];
  readonly elb: LoadBalancing;
  readonly region: string;
}

/**
 * The live rule of an environment, or the several that are moved as one: by its ARN, which is then the only one, among the rules of a listener, or by its tags among all of a region. Everything is asked of Elastic Load
 * Balancing: where the hub is lost there is nothing else.
 *
 * Another path may have an environment of the same name: the path is known by its name, or the rule by its ARN, before anything is written.
 *
 * @throws UserError when there is none, when two are called the same, when the one that was named is none, or another environment's or path's, and when neither
 * path nor rule is known
 */
export async function findRule(surroundings: Surroundings, identity: Identity, wanted: WantedRule): Promise<RulesInPlace> {
  const named = wanted.ruleArn ?? wanted.listenerArn;
  const known = await fromAssembly(surroundings, wanted);
  const region =
    regionOf(named, wanted.ruleArn ? '--rule-arn' : '--listener-arn') ?? wanted.region ?? known.region ?? (await identity.region(wanted.environment));
  const path = wanted.path ?? (surroundings.env.PTL_PATH || undefined) ?? known.path;
  const elb = await LoadBalancing.in(region, identity);
  const looked = await lookedAt(elb, wanted);
  if (path === undefined && wanted.ruleArn === undefined) throw noPath(wanted, looked);
  const meant = looked.filter(
    ({ tags }) => tags[LIVE_RULE_TAGS.environment] === wanted.environment && (path === undefined || tags[LIVE_RULE_TAGS.path] === path),
  );
  if (meant.length === 0) throw noRule(wanted, path, region, looked);
  const names = meant.map(ruleName);
  if (new Set(names).size < names.length) {
    const all = meant.map(({ ruleArn }) => ruleArn).join(', ');
    throw new UserError('SeveralRules', `several live rules are of ${wanted.environment} of ${path}: ${all}; say which with --rule-arn`);
  }
  const isFirst = (rule: FoundRule) => ruleName(rule) === MAIN_RULE;
  return { rules: [...meant.filter(isFirst), ...meant.filter((rule) => !isFirst(rule))], elb, region };
}

async function lookedAt(elb: LoadBalancing, { ruleArn, listenerArn }: WantedRule): Promise<FoundRule[]> {
  if (ruleArn !== undefined) return elb.rules({ RuleArns: [ruleArn] });
  const found: FoundRule[] = [];
  for (const ListenerArn of listenerArn === undefined ? await elb.listeners() : [listenerArn]) found.push(...(await elb.rules({ ListenerArn })));
  return found;
}

/** Path and region that the project's `cdk.out` names; one that cannot be read is of no use, and no problem either. */
async function fromAssembly({ directory }: Surroundings, { environment }: WantedRule): Promise<{ readonly path?: string; readonly region?: string }> {
  const assembly = join(directory, 'cdk.out');
  if (!existsSync(join(assembly, 'manifest.json'))) return {};
  const paths = await readAssembly(assembly).catch(() => []);
  const slots = paths.flatMap(({ slots }) => slots).filter(({ slot }) => slot.environment === environment);
  const [first] = slots;
  return first && slots.every(({ slot }) => slot.path === first.slot.path) ? { path: first.slot.path, region: first.stack.environment.region } : {};
}

/** @throws UserError for what is no ARN of Elastic Load Balancing's */
function regionOf(arn: string | undefined, option: string): string | undefined {
  if (arn === undefined) return undefined;
  const [, region] = /^arn:[^:]+:elasticloadbalancing:([^:]+):\d+:listener(?:-rule)?\//.exec(arn) ?? [];
  if (region !== undefined) return region;
  throw new UserError(
    'BadArn',
    `${option} is ${JSON.stringify(arn)}; it must be the ARN of a listener or of one of its rules, as the console of Elastic Load Balancing shows it`,
  );
}

/** One rule alone is no proof that it is the one that is meant: that of the path may be in another region, or gone. */
function noPath({ environment }: WantedRule, looked: readonly FoundRule[]): UserError {
  const message = `which path is meant is not known: there is no --path, no $PTL_PATH, and no cdk.out here that says whose ${environment} is; there are ${liveInWords(looked)}. Say which with --path, or name the rule with --rule-arn`;
  return new UserError('NoPath', message);
}

function liveInWords(looked: readonly FoundRule[]): string {
  const live = looked.filter(({ tags }) => tags[LIVE_RULE_TAGS.environment] !== undefined);
  return live.map(({ tags }) => `${tags[LIVE_RULE_TAGS.environment]} of ${tags[LIVE_RULE_TAGS.path]}`).join(', ') || 'no live rules';
}

function noRule({ environment, ruleArn, listenerArn }: WantedRule, path: string | undefined, region: string, looked: readonly FoundRule[]): UserError {
  const where = ruleArn ? `the rule ${ruleArn}` : listenerArn ? `the ${looked.length} rules of ${listenerArn}` : `the ${looked.length} rules in ${region}`;
  const meant = path === undefined ? environment : `${environment} of ${path}`;
  const message = `${where}: none is the live rule of ${meant}, by the tags ${LIVE_RULE_TAGS.path} and ${LIVE_RULE_TAGS.environment}; there are ${liveInWords(looked)}. Use credentials of the environment's account, give its region with --region, or name the rule with --rule-arn`;
  return new UserError('NoLiveRule', message);
}
