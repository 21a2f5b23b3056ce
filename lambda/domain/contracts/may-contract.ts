import type { DeclaredMigration } from '../../contract';
import { Refused } from '../errors';
import { freezeInWords, frozenNow, unfreezeCommand } from '../freezes/freeze';
import { inWords, isOther, leftOf, nameTaken, ofKind } from '../migrations/declared';
import { statesOf } from '../migrations/run-next';
import type { EnvironmentState, HeldVersion, MigrationState, Release } from '../model';
import { isLeftOut } from '../outage/end-outage';
import { waysOut } from '../outage/outage';
import type { Ports } from '../ports';
import { isLiveIn, planOf } from '../release/release';
import { wasGoingBack } from '../traffic/going-back';
import { isAbandoned, isLeased } from '../traffic/lease';
import { isOriginal, versionInWords } from '../traffic/original';
import { queueOf } from '../turns/waiting';
import { hasMoved } from '../waves/moved';

/** An environment whose shared state is to be contracted, and what is known there. */
export interface ContractSight {
  readonly state: EnvironmentState;
  /** The one that is live; undefined when none is. */
  readonly release: Release | undefined;
  /** What became of the contracts that it brings. */
  readonly known: readonly MigrationState[];
  /** Slots beside the live one that the live rule, as it is right now, sends users to. */
  readonly served: readonly string[];
  readonly now: string;
}

/** Looks at everything a contract depends on. */
export async function lookAtContract(ports: Ports, environment: string): Promise<ContractSight> {
  const { ledger, targets, clock } = ports;
  const state = await ledger.environment(environment);
  const { live, slots } = state;
  const stored = live && !isOriginal(live) ? await ledger.release(live.version) : undefined;
  const release = stored && isLiveIn(state, stored) ? stored : undefined;
  const known = release ? await statesOf(ports, ofKind(release.migrations, 'contract'), environment) : [];
  const plan = release && planOf(release, environment);
  const others = Object.entries(slots).filter(([colour]) => colour !== live?.colour);
  const serves = await Promise.all(others.map(async ([colour, slot]) => (plan && (await targets.serve(plan, slot.targetGroupArn)) ? [colour] : [])));
  return { state, release, known, served: serves.flat(), now: clock.now() };
}

/** A contract that nothing is in the way of. */
export interface MayContract {
  readonly release: Release;
  readonly live: HeldVersion;
  /** What is left to run, in order. */
  readonly migrations: readonly DeclaredMigration[];
}

/** Whether the contract of what is live may run, and what of it; asked when somebody asks for it, and again right before it begins. */
export function mayContract(sight: ContractSight): MayContract | Refused {
  const { state, release, known } = sight;
  const { live, environment } = state;
  if (!live || !release)
    return new Refused('NothingLive', `${versionInWords(live)} is live in ${environment}, and brings no contract; release a version that does`);
  if (hasMoved(release, environment)) {
    const message = `${live.version} has still to come through the waves behind ${environment}, and goes back here where it fails in one: a contract would take that way away; ask again when it is live in all of them`;
    return new Refused('InWaves', message);
  }
  const contracts = ofKind(release.migrations, 'contract');
  if (contracts.length === 0) {
    const message = `${live.version}, which is live in ${environment}, brings no contract; release a version with Migration.contract, and ask again when that is live`;
    return new Refused('NoContract', message);
  }
  const taken = known.find((each) => contracts.some((migration) => isOther(migration, each)));
  if (taken) return new Refused('MigrationNameTaken', nameTaken(contracts, taken));
  const migrations = leftOf(contracts, known);
  if (migrations.length === 0) {
    const ends = known.map(({ name, endedAt, release: by }) => `${name} at ${endedAt}, with ${by}`).join('; ');
    return new Refused(
      'ContractFinished',
      `what ${live.version} brings to contract the state of ${environment} has finished: ${ends}; it runs once, there is nothing to do`,
    );
  }
  return inTheWay(sight, live, migrations) ?? { release, live, migrations };
}

function inTheWay({ state, served, now }: ContractSight, live: HeldVersion, migrations: readonly DeclaredMigration[]): Refused | undefined {
  const { environment, lock, retirement, rollBackRequested, goingBack, weights, slots } = state;
  const of = `the contract of ${environment}`;
  if (lock?.contract) return new Refused('InFlight', `${of} runs already, since ${lock.since}; see how it goes with ptl status`);
  if (lock) {
    return new Refused(
      'InFlight',
      `release ${lock.release} is in flight in ${environment}, since ${lock.since}, and may have to go back to ${live.version}; ask for ${of} when it has ended`,
    );
  }
  const [next] = queueOf(state);
  if (next) {
    const message = `release ${next.release} waits for its turn in ${environment}, since ${next.since}, and goes first; ask for ${of} when it has ended`;
    return new Refused('InFlight', message);
  }
  if (retirement)
    return new Refused(
      'Retiring',
      `${environment} is being retired, ${retirement.by} asked for it at ${retirement.at}; ${of} has to wait until that has ended`,
    );
  if (rollBackRequested) {
    const message = `${rollBackRequested.by} asked for the roll back of ${environment} at ${rollBackRequested.at}, and its slot is being started; ask for ${of} when that has ended`;
    return new Refused('RollingBack', message);
  }
  if (goingBack && !isLeased(state, now)) return new Refused('RollingBack', `${wasGoingBack(environment, goingBack)}; ask for ${of} when it has ended`);
  const freeze = frozenNow(state, now);
  if (freeze) {
    const message = `${environment} is ${freezeInWords(freeze)}, and nothing takes back what a contract does; ask for ${of} when that is over, or end it with ${unfreezeCommand(environment)}`;
    return new Refused('Frozen', message);
  }
  if (isAbandoned(state, now)) {
    const message = `the last writer of the live rule of ${environment} died before ${state.lease?.expiresAt}, so what the rule holds is unknown; ask for the roll back that it was at again`;
    return new Refused('TrafficUnknown', message);
  }
  if (isLeftOut(state)) {
    return new Refused('Outage', `users of ${environment} are in an outage that ${state.outage.release} has left: ${waysOut(state, state.outage)}`);
  }
  const { earlyLifeSupportUntil: until } = live;
  if (until !== undefined && now < until) {
    const message = `${live.version} is in early life support in ${environment} until ${until}, and could be rolled back until then; ask for ${of} after that`;
    return new Refused('EarlyLifeSupport', message);
  }
  const shared = [...served, ...Object.keys(weights).filter((colour) => colour !== live.colour && weights[colour])];
  if (shared.length > 0 || weights[live.colour] !== 100) {
    const message = `not all live traffic of ${environment} is on ${live.version}: the live rule sends users to ${[...new Set(shared)].join(', ') || 'nobody'}, too; put it right, with ptl roll-back or a release, before ${of}`;
    return new Refused('TrafficElsewhere', message);
  }
  const without = migrations.find(({ name }) => !slots[live.colour]?.migrations?.some((migration) => migration.name === name));
  if (!without) return undefined;
  return new Refused(
    'NothingToRunItBy',
    `slot ${live.colour} of ${environment} has nothing to run ${inWords([without])} by; release ${live.version} as a new version`,
  );
}
