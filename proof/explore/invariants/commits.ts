/** What may change with a commit: who owns an environment, who writes its live rule, what is live, how a release leaves it. */
import type { EnvironmentState, Lock, Release } from '../../../lambda/domain/model';
import { slotOf, targetGroupOf } from '../path';
import type { Run } from '../world/run';
import { keyOf, nameOf, of, type World } from '../world/world';
import { undecided } from './intents';
import type { Say } from './invariants';
import { alone, free, sameAs, words } from './rule';

export function owner(say: Say, world: World, was: EnvironmentState, { environment, lock }: EnvironmentState): void {
  if (!lock || lock.execution === was.lock?.execution) return;
  if (was.lock) say('oneOwner', `${environment} goes from ${was.lock.execution} to ${lock.execution} without being free in between`);
  const release = of.release(world, lock.release);
  const name = nameOf(lock.execution);
  if (release?.status !== 'submitted' || !name.startsWith(`${nameOf(release.execution)}-`) || release.aborted)
    say('oneOwner', `${environment} is given to ${name}, and ${lock.release} is ${release?.status ?? 'unknown'}${release?.aborted ? ' and aborted' : ''}`);
}

export function lease(say: Say, { lease: was }: EnvironmentState, { environment, lease: is }: EnvironmentState, run: Run): void {
  if (was === undefined || is === undefined || was === is) return;
  if (was.owner !== is.owner && was.expiresAt > run.now()) say('oneWriter', `${environment}: ${is.owner} takes the lease of ${was.owner} before it runs out`);
  if (is.fence < was.fence) say('oneWriter', `${environment}: the fence falls from ${was.fence} to ${is.fence}`);
}

export function becameLive(say: Say, run: Run, world: World, was: EnvironmentState, { environment, live, previous, weights }: EnvironmentState): void {
  if (!live) {
    say('live', `nothing is live in ${environment} any more`);
    return;
  }
  const { stackName } = slotOf(environment, live.colour);
  const content = of.slot(world, stackName);
  const memory = of.memory(world, environment);
  const rule = of.rule(world, environment);
  if (content?.version !== live.version || content.digest !== live.digest || !alone(rule, targetGroupOf(stackName)) || weights[live.colour] !== 100)
    say('live', `${live.version} becomes live in ${environment}: its slot holds ${content?.version ?? 'nothing'}, the rule is ${words(rule)}`);
  if (was.live && previous?.version !== was.live.version) say('live', `${live.version} becomes live in ${environment}, and ${was.live.version} is forgotten`);
  const { lock } = was;
  const isReleased = lock !== undefined && lock.release === live.version;
  if (isReleased && memory.alarmed.includes(nameOf(lock.execution))) say('alarmed', `${live.version} goes live in ${environment} although an alarm went off`);
  const lacks = isReleased ? unclearAtLast(world, environment, lock) : [];
  if (lacks.length > 0) say('agreed', `${live.version} goes live in ${environment} without ${lacks.join(', ')}`);
  if (!isReleased && !memory.lived.includes(`${live.version} ${live.digest}`))
    say('known', `${live.version} becomes live in ${environment}, where it never was`);
  // Nothing takes back what is live but a person, or what goes live in its place.
  const takenOut = isReleased || !was.live ? memory.takenOut : [...memory.takenOut, was.live.version];
  const lived = [...new Set([...memory.lived, `${live.version} ${live.digest}`])];
  const came = isReleased && of.waves(world) ? { came: [...(memory.came ?? []), nameOf(lock.execution)] } : {};
  run.set(keyOf.memory(environment), { ...memory, lived, takenOut: [...new Set(takenOut)], ...came });
}

/** Users who are out have nothing to be rolled back from. */
export function keepsTarget(say: Say, { environment, previous, outage }: EnvironmentState, is: EnvironmentState): void {
  const isTarget = previous !== undefined && !previous.rolledBack && !previous.contract && !(outage && !outage.over);
  if (isTarget && is.previousTaken !== undefined && is.previous === undefined)
    say('frozen', `${is.previousTaken.by} takes the slot of ${previous.version} in ${environment}, which is frozen`);
}

function unclearAtLast(world: World, environment: string, { release: version, execution }: Lock): string[] {
  const release = of.release(world, version);
  return release ? undecided(world, release, environment, 100, nameOf(execution)) : [];
}

export function wasFreed(say: Say, run: Run, world: World, was: EnvironmentState, is: EnvironmentState, lock: Lock): void {
  const outcome = of.release(world, lock.release)?.reached[was.environment];
  const wasOnlyOut = outcome === 'stopped' && was.outage !== undefined;
  if (outcome !== 'live' && outcome !== 'rolledBack' && !wasOnlyOut)
    say('shifted', `${lock.release} leaves ${was.environment}, after a shift, ${outcome ?? 'with no outcome'}`);
  if (!sameAs(of.rule(world, was.environment), free(is), is))
    say('rest', `${lock.release} leaves ${was.environment}, and the rule is ${words(of.rule(world, was.environment))}`);
  if (outcome === 'live') return;
  const memory = of.memory(world, was.environment);
  run.set(keyOf.memory(was.environment), { ...memory, takenOut: [...new Set([...memory.takenOut, lock.release])] });
}

/** Another takes the place of a release only where it has moved nobody. */
export function tookPlace(say: Say, world: World, was: Release, is: Release): void {
  if (is.aborted?.superseded === undefined || was.aborted === is.aborted) return;
  const moved = is.plan.map(({ environment }) => of.environment(world, environment)).find(({ lock }) => lock?.release === is.version && lock.shifted);
  if (moved) say('superseded', `${is.aborted.superseded} takes the place of ${is.version} in ${moved.environment}, where that has traffic`);
}

export function unchanged(say: Say, was: Release, is: Release): void {
  if (was !== is && was.digest !== is.digest) say('immutable', `${was.version} has the content ${is.digest}, and had ${was.digest}`);
}
