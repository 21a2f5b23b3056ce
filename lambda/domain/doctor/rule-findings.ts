import { ORIGINAL } from '../../contract';
import type { EnvironmentState } from '../model';
import { isLeftOut } from '../outage/end-outage';
import { outInWords, waysOut } from '../outage/outage';
import type { RuleTargets } from '../ports';
import { knownTargets } from '../traffic/decide-roll-back';
import type { GoingBack } from '../traffic/going-back';
import { isAbandoned, isLeased } from '../traffic/lease';
import { isOriginal, versionInWords } from '../traffic/original';
import { missingOf, present } from '../traffic/rules';
import { acceptedWeights, inWords, RULE_IS_GONE, sameTargets } from '../traffic/weights';
import type { Finding } from './finding';
import type { AcceptedTags, Look, RuleLook } from './look';

/** What is wrong with the live rule and with what it forwards to. While somebody writes it, nothing can be said of its weights and tags. */
export function ruleFindings(look: Look): Finding[] {
  const { rule, state, now } = look;
  if (!('value' in rule)) return unhealthy(look);
  const { targets } = rule.value;
  if (targets.kind === 'gone') return [gone(look, targets)];
  const missing = missingOf(targets);
  const found = missing.length > 0 ? [gone(look, targets)] : [];
  if (isLeased(state, now)) return [...found, ...unhealthy(look)];
  if (state.goingBack) return [...found, goingBack(look, state.goingBack, targets)];
  return [...found, ...outage(look), ...weights(look, present(targets)), ...unhealthy(look), ...lease(look), ...tags(look, rule.value)];
}

function gone({ plan: { environment }, state }: Look, targets: RuleTargets): Finding {
  const expected = inWords(knownTargets(state.weights, state), state.slots);
  const actual = inWords(targets, state.slots);
  return { kind: 'ruleGone', environment, subject: `the live rule of ${environment}`, expected, actual, by: 'person', remedy: RULE_IS_GONE };
}

/** Whatever else is wrong with the rule comes of it, and so does what its target lacks: what is live is what users are to be taken from. */
function goingBack({ plan: { environment }, state }: Look, { by, reason, at }: GoingBack, actual: RuleTargets): Finding {
  const subject = `the roll back of ${versionInWords(state.live)} in ${environment}`;
  const found = `${by} asked for it (${reason}), and its writer died, or lost its answer; the live rule holds ${inWords(actual, state.slots)}`;
  const remedy = `go on with it, to ${versionInWords(state.previous)}`;
  return { kind: 'goingBack', environment, subject, expected: 'finished', actual: found, since: at, by: 'recover', remedy };
}

/** One that its release has left: whether the version before understands the state is for people to judge, and `ptl recover` does not. */
function outage({ plan: { environment }, state }: Look): Finding[] {
  if (!isLeftOut(state)) return [];
  const actual = outInWords(state, state.outage);
  const about = { kind: 'outage', environment, subject: `the users of ${environment}`, expected: 'have a version', actual } as const;
  return [{ ...about, since: state.outage.beganAt, by: 'person', remedy: waysOut(state, state.outage) }];
}

function weights(look: Look, actual: RuleTargets): Finding[] {
  const { environment } = look.plan;
  const { state } = look;
  const known = [state.weights, ...(state.lock?.intended ? [state.lock.intended] : [])].map((each) => knownTargets(each, state));
  if (known.some((targets) => sameTargets(targets, actual))) return [];
  const expected = known.map((targets) => inWords(targets, state.slots)).join(' or ');
  const about = { kind: 'weights', environment, subject: `the live rule of ${environment}`, expected, actual: inWords(actual, state.slots) } as const;
  return [{ ...about, ...wayBack(look) }];
}

/** A release in flight stops, or goes back, at its next step, which finds the same; whoever recovers under it would race it. */
function wayBack({ state, lockEnded }: Look): Pick<Finding, 'by' | 'remedy'> {
  const { lock, retirement, environment } = state;
  if (retirement) return { by: 'time', remedy: 'the retirement that is under way writes the rule' };
  if (!lock || lockEnded) return { by: 'recover', remedy: `write ${acceptedInWords(state)} back` };
  if (lock.contract) return { by: 'time', remedy: `the contract of ${lock.release} ends first; then ptl recover ${environment}` };
  if (lock.shifted) return { by: 'time', remedy: `release ${lock.release} goes back by itself at its next step; sooner with ptl roll-back ${environment}` };
  return { by: 'time', remedy: `release ${lock.release} stops at its first shift; then ptl recover ${environment}` };
}

function acceptedInWords(state: EnvironmentState): string {
  if (isLeftOut(state)) return 'what users are told in the outage';
  return inWords(knownTargets(acceptedWeights(state), state), state.slots);
}

function unhealthy({ plan: { environment }, state, healthyTargets }: Look): Finding[] {
  if (!('value' in healthyTargets) || healthyTargets.value > 0 || !state.live) return [];
  const { colour } = state.live;
  const subject = `the targets of ${versionInWords(state.live)}, live in ${environment}`;
  const where = state.slots[colour]?.targetGroupArn;
  const actual = where === undefined ? `none: the ledger does not know the slot ${colour}` : `none in ${where}`;
  const remedy = `see why in the logs and health checks of its targets; if the version is to blame, ptl roll-back ${environment}`;
  return [{ kind: 'unhealthy', environment, subject, expected: 'at least one healthy', actual, by: 'person', remedy }];
}

function lease({ plan: { environment }, state, now, lockEnded }: Look): Finding[] {
  if (!isAbandoned(state, now)) return [];
  const { lock, retirement } = state;
  const actual = 'it died, or lost its answer: what it wrote is unknown until the next writer looks';
  const inFlight = (lock && !lockEnded) || retirement !== undefined;
  const way = inFlight
    ? ({ by: 'time', remedy: `${lock ? `release ${lock.release}` : 'the retirement'} goes on by asking the next writer` } as const)
    : ({ by: 'recover', remedy: `look, write ${acceptedInWords(state)} where the rule holds anything else, and give the lease back` } as const);
  return [
    {
      kind: 'lease',
      environment,
      subject: `the last writer of ${environment}'s live rule`,
      expected: 'finished',
      actual,
      since: state.lease?.expiresAt,
      ...way,
    },
  ];
}

/** Whoever has to go back without the hub goes by them. Of rules that are not there nothing is told by their tags; those of the others can wait until they are. */
function tags({ plan: { environment }, state, lockEnded }: Look, { accepted = [] }: RuleLook): Finding[] {
  const wanted = wantedTags(state);
  // Of several rules, one that does not say it is enough: each is gone back by its own tags.
  const wrong = accepted.find((each) => !same(each, wanted) && !(isOptional(state) && isNothing(each)));
  if (state.retirement || wrong === undefined) return [];
  const expected = tagsInWords(wanted);
  const inFlight = state.lock !== undefined && !lockEnded;
  const way = inFlight
    ? ({ by: 'time', remedy: `release ${state.lock?.release} writes them when it is accepted; when it ends otherwise, ptl recover ${environment}` } as const)
    : ({ by: 'recover', remedy: 'write them anew' } as const);
  return [{ kind: 'tags', environment, subject: `the tags of ${environment}'s live rule`, expected, actual: tagsInWords(wrong), ...way }];
}

function wantedTags({ live, slots }: EnvironmentState): AcceptedTags | null {
  const targetGroupArn = live && slots[live.colour]?.targetGroupArn;
  return live && targetGroupArn !== undefined ? { colour: live.colour, version: live.version, targetGroupArn } : null;
}

/** Before the first release is accepted there are none; after a retirement they name what served before. */
function isOptional({ live }: EnvironmentState): boolean {
  return live === undefined || isOriginal(live);
}

function isNothing(accepted: AcceptedTags | null): boolean {
  return accepted === null || accepted.colour === ORIGINAL;
}

function same(one: AcceptedTags | null, other: AcceptedTags | null): boolean {
  return one?.colour === other?.colour && one?.version === other?.version && one?.targetGroupArn === other?.targetGroupArn;
}

function tagsInWords(tags: AcceptedTags | null): string {
  return tags === null ? 'none' : `${tags.colour} with ${tags.version}, ${tags.targetGroupArn}`;
}
