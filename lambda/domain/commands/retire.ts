import {
  CONTRACT_VERSION,
  type EnvironmentPlan,
  MOST_RELEASES_OF_FILES,
  ORIGINAL,
  ORIGINAL_503,
  type PublishedFile,
  type RetireBody,
  type RetiredEnvironmentView,
  type RetirementView,
  UNRELEASED,
} from '../../contract';
import { Refused } from '../errors';
import type { Change, EnvironmentState, Release, Retirement } from '../model';
import type { Ports } from '../ports';
import { filesOf, sealKey } from '../release/release';
import { type Candidate, whyNot } from '../retirement/may-retire';
import { withOriginal } from '../traffic/original';
import { decideAgain } from './decide-again';

/** What taking the path out would do, and why it cannot begin now. Changes nothing. */
export async function viewRetirement(ports: Ports): Promise<RetirementView> {
  const { ledger } = ports;
  const [candidates, inFlight, releases] = await Promise.all([look(ports), ledger.releasesInFlight(), ledger.latestReleases(MOST_RELEASES_OF_FILES)]);
  const isUnderWay = candidates.some(({ state }) => state.retirement);
  const names = candidates.map(({ plan }) => plan.environment);
  return {
    path: candidates[0]?.plan.path ?? '',
    problems: isUnderWay ? [] : whyNot(inFlight, candidates, names),
    environments: candidates.map(environmentView),
    files: published(releases, inFlight),
    releases: releases.length,
  };
}

/**
 * Begins to take the whole path out: from now on no release is let in, and a machine gives every environment's users back to what served before, then
 * removes its slots. Asked for while it is under way, a new run takes over from the one before, wherever that is, or has died.
 *
 * The ledger knows the execution before it starts: after a crash in between, asking again starts another.
 */
export async function retire(ports: Ports, caller: string, { reason, usersGet503 = [] }: RetireBody): Promise<RetirementView> {
  const { clock, ledger, machines, log } = ports;
  const name = `retire-${ports.uniqueName()}`;
  const environments = await decideAgain(clock, async () => {
    const candidates = await look(ports);
    const isUnderWay = candidates.some(({ state }) => state.retirement);
    const problems = isUnderWay ? [] : whyNot(await ledger.releasesInFlight(), candidates, usersGet503);
    if (problems.length > 0) throw new Refused('CannotRetire', `the path cannot be retired now, and nothing was changed: ${problems.join('; ')}`);
    await ledger.commit(begun(candidates, { by: caller, reason: reason.trim(), at: clock.now(), execution: machines.retireArn(name) }, isUnderWay));
    return candidates.map(({ plan }) => plan.environment);
  });
  await machines.retire(name, { contract: CONTRACT_VERSION, environments });
  log.info('retirement begun', { who: caller, execution: machines.retireArn(name) });
  return viewRetirement(ports);
}

async function look(ports: Ports): Promise<Candidate[]> {
  const plans = await ports.plans.environments();
  if (plans.length === 0) throw new Refused('NoPath', 'the path has no environment; there is nothing to retire');
  return Promise.all(plans.map((plan) => lookAt(ports, plan)));
}

async function lookAt(ports: Ports, plan: EnvironmentPlan): Promise<Candidate> {
  const [state, { original }] = await Promise.all([ports.ledger.environment(plan.environment), ports.frontDoors.read(plan)]);
  const healthyTargets = original === ORIGINAL_503 ? 1 : await ports.targets.healthy(plan, original);
  return { plan, state: withOriginal(state, original), original, healthyTargets, now: ports.clock.now() };
}

/** Where one is under way, it is the new run's; where an environment of it is retired by then, that begins anew and finds nothing to do. */
function begun(candidates: readonly Candidate[], asked: Pick<Retirement, 'by' | 'reason' | 'at' | 'execution'>, again: boolean): Change {
  const put = candidates.map(({ plan, state, original }): EnvironmentState => {
    const release = state.retirement?.release ?? (state.live && state.live.version !== ORIGINAL ? state.live.version : UNRELEASED);
    return { ...state, retirement: { ...asked, plan, original, release } };
  });
  const { by: who, reason: why, at, execution } = asked;
  const audit = put.map(({ environment, retirement, weights }) => {
    const detail = { execution, weights, users: retirement?.original, again };
    return { at, what: 'RetirementRequested' as const, release: retirement?.release ?? UNRELEASED, environment, who, why, detail };
  });
  return { put, audit };
}

function environmentView({ plan, state, original }: Candidate): RetiredEnvironmentView {
  const { environment, account, region, slots } = plan;
  return {
    environment,
    account,
    region,
    live: state.live?.version,
    goesTo: original,
    slots: slots.map(({ colour, stackName }) => ({ colour, stackName, version: state.slots[colour]?.version })),
    state: state.retirement ? 'retiring' : state.retiredAt ? 'retired' : 'inUse',
    by: state.retirement?.by,
  };
}

/**
 * What releases have published, each file once, with the seal of the latest, without what one in flight needs.
 *
 * @param releases newest first
 */
function published(releases: readonly Release[], inFlight: readonly Release[]): PublishedFile[] {
  const needed = new Set(inFlight.flatMap(({ bundle }) => filesOf(bundle.stacks).map(sealKey)));
  const files = releases.flatMap(({ bundle, seals }) => filesOf(bundle.stacks).map((file): PublishedFile => ({ ...file, seal: seals[sealKey(file)] })));
  // The last one of a key stays in a map.
  const byKey = new Map(files.reverse().map((file) => [sealKey(file), file]));
  const left = [...byKey.keys()].filter((key) => !needed.has(key)).sort();
  return left.map((key) => byKey.get(key) as PublishedFile);
}
