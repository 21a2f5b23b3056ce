/** Looks at every commit, every write of the live rule and every deployment, against what is really so: rules are not asked. */
import type { EnvironmentState, Release } from '../../../lambda/domain/model';
import type { RuleTargets } from '../../../lambda/domain/ports';
import { broughtBy, ENVIRONMENTS, placeOf, targetGroupOf } from '../path';
import type { Run, Watch } from '../world/run';
import { keyOf, of, type World } from '../world/world';
import { becameLive, keepsTarget, lease, owner, tookPlace, unchanged, wasFreed } from './commits';
import { intends } from './intents';
import type { Say } from './invariants';
import { accepted, gains, sameAs, swapped, words } from './rule';

/** Only the releases that bring what changes the state understand the new one. */
function understands(world: World, environment: string, version: string): boolean {
  const breaks = of.breaks(world);
  if (breaks === undefined || environment !== 'Production') return true;
  return of.data(world, environment) === (broughtBy(version, breaks).length > 0 ? 'new' : 'old');
}

/** Users are taken from what is live, whatever becomes of who did it: they are not to get it again. */
function takes(run: Run, environment: string, state: EnvironmentState, rule: RuleTargets): void {
  const back = swapped(state);
  if (!state.live || !back || !sameAs(rule, back, state)) return;
  const memory = of.memory(run.world, environment);
  run.set(keyOf.memory(environment), { ...memory, takenOut: [...new Set([...memory.takenOut, state.live.version])] });
}

export const watch: Watch = {
  committed(before, after, run) {
    const say: Say = (invariant, found) => run.breaks(invariant, found);
    for (const environment of ENVIRONMENTS) {
      const [was, is] = [of.environment(before, environment), of.environment(after, environment)];
      if (was === is) continue;
      owner(say, after, was, is);
      lease(say, was, is, run);
      if (is.lock?.intended && is.lock.intended !== was.lock?.intended) intends(say, after, was, is, is.lock);
      if (was.freeze) keepsTarget(say, was, is);
      if (is.live !== was.live) becameLive(say, run, after, was, is);
      if (was.lock?.shifted && !is.lock) wasFreed(say, run, after, was, is, was.lock);
    }
    for (const [key, value] of before) {
      if (!key.startsWith('release ')) continue;
      unchanged(say, value as Release, after.get(key) as Release);
      tookPlace(say, after, value as Release, after.get(key) as Release);
    }
  },

  written(environment, before, after, run) {
    const say: Say = (invariant, found) => run.breaks(invariant, found);
    const state = of.environment(after, environment);
    const rule = of.rule(after, environment);
    if (!(state.lease && state.lease.expiresAt > run.now() && run.owners.has(state.lease.owner)))
      say('oneWriter', `${environment} is written with the lease ${JSON.stringify(state.lease)}`);
    const isTheirs = [state.lock?.intended, accepted(state), swapped(state), state.outage && {}].some((weights) => weights && sameAs(rule, weights, state));
    if (!isTheirs)
      say(
        'known',
        `${environment} is written as ${words(rule)}: what has it is ${state.lock?.release ?? 'nothing'}, live is ${state.live?.version ?? 'nothing'}`,
      );
    takes(run, environment, state, rule);
    for (const arn of gains(of.rule(before, environment), rule)) {
      const { colour, stackName } = placeOf(arn);
      const [content, recorded] = [of.slot(after, stackName), state.slots[colour]];
      if (of.unhealthy(after, environment).includes(colour)) say('healthy', `${colour} in ${environment} gets traffic, and has no healthy target`);
      if (!content || content.version !== recorded?.version || content.digest !== recorded.digest)
        say('healthy', `${colour} in ${environment} gets traffic, and holds ${content?.version ?? 'nothing'}; recorded is ${recorded?.version ?? 'nothing'}`);
      if (content && !understands(after, environment, content.version) && !run.saidSo && !state.rollBackRequested)
        say('understood', `${content.version} gets traffic in ${environment}, and its state is ${of.data(after, environment)}`);
      if (content && of.memory(after, environment).takenOut.includes(content.version))
        say('takenOut', `${content.version} gets traffic in ${environment} again`);
    }
  },

  migrated(environment, world, run) {
    const rule = of.rule(world, environment);
    if (rule.kind === 'slots') run.breaks('out', `the state of ${environment} changes, and its rule is ${words(rule)}`);
  },

  deployed(stackName, world, run) {
    const arn = targetGroupOf(stackName);
    const { environment, colour } = placeOf(arn);
    const rule = of.rule(world, environment);
    if (rule.kind === 'slots' && (rule.weights[arn] ?? 0) > 0)
      run.breaks('shadow', `${colour} in ${environment} is deployed to, and has ${rule.weights[arn]} percent`);
  },
};
