import type { NoWayBack } from '../../contract';
import { startedName, unfinishedContract } from '../contracts/started-contracts';
import { holds } from '../environment';
import { freezeCommand } from '../freezes/freeze';
import type { EnvironmentState, HeldVersion, Lock, StartedContract } from '../model';
import { isOriginal, versionInWords } from './original';

/** Where what is live can be rolled back to; or why nowhere, and the shortest way to have another version live all the same. */
export type WayBack = { readonly kind: 'slot'; readonly to: HeldVersion; readonly targetGroupArn: string } | ({ readonly kind: 'none' } & NoWayBack);

/** The way back from what is live, as the ledger knows it: whether the slot is healthy is not asked. */
export function wayBack(state: EnvironmentState): WayBack {
  const { previous, previousTaken: taken } = state;
  const live = versionInWords(state.live);
  if (isOriginal(state.live)) return none(`${live} is live in ${state.environment}`, 'release a version', ['ptl release <version>']);
  const gone = previous?.contract ?? (previous ? undefined : taken?.contract);
  if (gone) return contracted(state, gone, (previous ?? taken)?.version ?? '');
  if (previous?.rolledBack) return badBefore(state, `${previous.version} was rolled back already, and ${live} is what it was rolled back to`);
  const slot = previous && state.slots[previous.colour];
  if (previous && slot && holds(state, previous)) return { kind: 'slot', to: previous, targetGroupArn: slot.targetGroupArn };
  if (previous) return onceMore(state, previous.version, `slot ${previous.colour} does not hold ${previous.version} any more`);
  if (!taken) return another(state, `no slot holds a version that was live before ${live}`, 'release the one you want in its place');
  const { version, colour, by, at } = taken;
  if (taken.rolledBack) return badBefore(state, `${version} was rolled back here, and release ${by} took its slot ${colour} at ${at}`);
  if (by !== version) {
    return onceMore(state, version, `${by} took ${version}'s slot, ${colour}, at ${at}, and ${version} is what was live before ${live}`);
  }
  const why = `${version}, the version that was live before ${live}, was deployed to its slot ${colour} once more at ${at}, and is not live yet`;
  return state.lock?.release === version ? none(why, 'see how it goes', [`ptl status ${version}`]) : onceMore(state, version, why);
}

/** Why nothing is rolled back while a contract runs: it may have started by now, and what came before is then no target any more. */
export function contractRuns(state: EnvironmentState, { release, since }: Lock): string {
  const back = wayBack(state);
  const then = back.kind === 'none' ? inOneSentence(back) : 'ask again when it has ended';
  return `the contract of ${release} has run in ${state.environment} since ${since}: ${then}`;
}

/** For a message: what is in the way, and what to do. */
export function inOneSentence({ why, instead, commands }: NoWayBack): string {
  return `${why}: ${instead} (${commands.join(', and when that has ended ')})`;
}

/** What to do about a version that is known. Commands are written whole: tests hold each that people are told against those there are. */
interface Named {
  readonly afterwards: string;
  readonly mend: string;
  readonly ahead: string;
}

function onceMore(state: EnvironmentState, version: string, why: string): WayBack {
  const path = 'through its path once more, from its own source or assembly';
  return another(state, why, `to have ${version} live again, take it ${path}`, {
    afterwards: `take ${version} ${path}`,
    mend: `ptl release ${version} --again`,
    ahead: `ptl release ${version} --again --emergency "<why>"`,
  });
}

/** Nothing brings back what a contract has taken away: the way is forward, and until it is there nothing else need go live. */
function contracted(state: EnvironmentState, contract: StartedContract, version: string): WayBack {
  const { release, startedAt } = contract;
  const { environment } = state;
  const before = versionInWords({ colour: version, version });
  const why = `the ${startedName(contract)}, which ${release} brought, started in ${environment} at ${startedAt}, and ${before} may not understand the shared state since`;
  const freeze = freezeCommand(environment);
  const first = `freeze ${environment}, so that nothing else goes live meanwhile, and then`;
  const mend = 'ptl release <version>';
  const unfinished = unfinishedContract(state);
  if (!unfinished) return none(why, `${first} release a version that mends what is wrong`, [freeze, mend]);
  if (unfinished.breaking)
    return none(why, `${first} release a version that brings ${unfinished.name}, mended: it goes on with it, in an outage`, [freeze, mend]);
  const instead = `${first} finish the contract, and release a version that mends what is wrong; one that brings the same contract may come first`;
  return none(why, instead, [freeze, `ptl contract ${environment} --reason "<why>"`, mend]);
}

function badBefore(state: EnvironmentState, why: string): WayBack {
  return another(state, why, 'submit a new version');
}

/**
 * Another version has to go live. What is on its way in between has moved nobody: an emergency takes its place, and it comes behind; but it takes that of no
 * contract, nor of another emergency.
 *
 * @param named where the version is known: what to do behind another emergency, and the commands, of one that goes ahead of what is there, too
 */
function another({ lock, environment }: EnvironmentState, why: string, instead: string, named?: Named): WayBack {
  const { afterwards, mend, ahead } = named ?? { afterwards: instead, mend: 'ptl release <version>', ahead: 'ptl release <version> --emergency "<why>"' };
  if (!lock) return none(why, instead, [mend]);
  if (lock.contract) return none(why, `when the contract of ${lock.release} has ended in ${environment}, ${afterwards}`, [mend]);
  if (lock.emergency) {
    const first = `abort the emergency ${lock.release}, whose place none takes, or wait for its end; then ${afterwards}`;
    return none(why, first, [`ptl abort ${lock.release} --reason "<why>"`, mend]);
  }
  return none(why, `${instead}, as an emergency: it takes the place of ${lock.release}, which comes once more behind it`, [ahead]);
}

function none(why: string, instead: string, commands: readonly string[]): WayBack {
  return { kind: 'none', why, instead, commands };
}
