import type { Failure } from '../../contract';
import type { EnvironmentState, HeldVersion, PreviousVersion, Release, StartedContract } from '../model';

/**
 * Why a version may not understand the shared state of an environment: a contract has started there that it does not bring. A version that was
 * registered after one which has finished is taken to know of it: one that has finished everywhere is taken out of the list.
 *
 * @returns undefined when it understands it, as far as that can be told
 */
export function contractAgainst(state: EnvironmentState, release: Release): StartedContract | undefined {
  return state.contracts?.find((contract) => !understands(release, contract));
}

export function understands(release: Release, { name, finishedAt }: StartedContract): boolean {
  if (release.migrations?.some((migration) => migration.kind !== 'expand' && migration.name === name)) return true;
  return finishedAt !== undefined && (release.registeredAt ?? release.submittedAt) > finishedAt;
}

/** For people: `contract drop-amount`, `breaking migration split-name`. */
export function startedName({ name, breaking }: Pick<StartedContract, 'name' | 'breaking'>): string {
  return `${breaking ? 'breaking migration' : 'contract'} ${name}`;
}

/** {@link contractAgainst} in words: what it has taken away may be what this version needs. */
export function notUnderstood({ environment }: EnvironmentState, { version }: Release, contract: StartedContract): Omit<Failure, 'step' | 'logs'> {
  const { release: by, startedAt, finishedAt } = contract;
  const known = `it started in ${environment} at ${startedAt}, with release ${by}`;
  const why =
    finishedAt === undefined
      ? `${known}, and has not finished: ${version} does not bring it, and whether it understands the shared state is unknown; a release brings it until it has finished everywhere`
      : `${known}, and finished at ${finishedAt}: ${version} does not bring it, and was registered before, so that it may not understand the shared state any more; release a version that does`;
  return { subject: `the ${startedName(contract)} of ${environment}`, expected: 'brought by the release, or finished before it was registered', actual: why };
}

/**
 * Written in the transaction before its function is called for the first time: from here on the state may be what only versions that bring it understand,
 * and the version before is no roll-back target any more, unless it brings it, too.
 *
 * @param before the releases of `previous` and `previousTaken`, where they are known
 */
export function withContractStarted(state: EnvironmentState, contract: StartedContract, before: readonly (Release | undefined)[]): EnvironmentState {
  const marked = <T extends PreviousVersion>(held: T): T => {
    const release = releaseOf(held, before);
    return held.contract || (release && understands(release, contract)) ? held : { ...held, contract };
  };
  const { previous, previousTaken } = state;
  return {
    ...state,
    contracts: [...(state.contracts ?? []), contract],
    ...(previous && { previous: marked(previous) }),
    ...(previousTaken && { previousTaken: marked(previousTaken) }),
  };
}

/** @returns undefined for one that nobody knows, such as what served before any release: it is taken to understand nothing that has started */
function releaseOf({ version, digest }: HeldVersion, known: readonly (Release | undefined)[]): Release | undefined {
  return known.find((each) => each?.version === version && each.digest === digest);
}

/** It is over; what it has taken away stays away. */
export function withContractFinished(state: EnvironmentState, name: string, finishedAt: string): EnvironmentState {
  return { ...state, contracts: state.contracts?.map((contract) => (contract.name === name ? { ...contract, finishedAt } : contract)) };
}

/** Something takes it back: until that is done, the state is neither what it was nor what it was to be. */
export function withContractUnfinished(state: EnvironmentState, name: string): EnvironmentState {
  const unfinished = ({ finishedAt: _was, ...contract }: StartedContract): StartedContract => contract;
  return { ...state, contracts: state.contracts?.map((contract) => (contract.name === name ? unfinished(contract) : contract)) };
}

/** It was taken back: whatever version understood the state before does again, unless something else has started that it does not bring. */
export function withContractUndone(state: EnvironmentState, name: string, before: readonly (Release | undefined)[]): EnvironmentState {
  const contracts = state.contracts?.filter((contract) => contract.name !== name) ?? [];
  const unmarked = <T extends PreviousVersion>({ contract, ...held }: T): Omit<T, 'contract'> & PreviousVersion => {
    if (contract?.name !== name) return { ...held, ...(contract && { contract }) };
    const release = releaseOf(held, before);
    const other = release ? contractAgainst({ ...state, contracts }, release) : contracts[0];
    return { ...held, ...(other && { contract: other }) };
  };
  const { previous, previousTaken } = state;
  return { ...state, contracts, ...(previous && { previous: unmarked(previous) }), ...(previousTaken && { previousTaken: unmarked(previousTaken) }) };
}

/** A contract that has started here and not finished. */
export function unfinishedContract(state: EnvironmentState): StartedContract | undefined {
  return state.contracts?.find(({ finishedAt }) => finishedAt === undefined);
}
