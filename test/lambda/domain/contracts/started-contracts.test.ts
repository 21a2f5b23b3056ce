import {
  contractAgainst,
  notUnderstood,
  startedName,
  understands,
  unfinishedContract,
  withContractFinished,
  withContractStarted,
  withContractUndone,
  withContractUnfinished,
} from '../../../../lambda/domain/contracts/started-contracts';
import type { EnvironmentState, PreviousVersion, Release, StartedContract } from '../../../../lambda/domain/model';
import { declared, NAME } from '../../contract-world';
import { exampleRelease, liveEnvironment } from '../../example-path';

const STARTED = '2026-01-05T09:00:00.000Z';
const FINISHED = '2026-01-05T09:10:00.000Z';
const LATER = '2026-01-05T09:10:00.001Z';
const started: StartedContract = { name: NAME, release: '1.1.0', startedAt: STARTED };
const finished: StartedContract = { ...started, finishedAt: FINISHED };
const other: StartedContract = { name: 'other', release: '1.1.0', startedAt: STARTED };

const state = (given: Partial<EnvironmentState> = {}) => liveEnvironment('1.1.0', 'Production', given);
const release = (version: string, given: Partial<Release> = {}) => exampleRelease(version, undefined, given);
const held = (version: string, given: Partial<PreviousVersion> = {}): PreviousVersion => ({
  colour: 'green',
  version,
  digest: `digest-of-${version}`,
  ...given,
});
const taken = { by: '1.2.0', at: STARTED };

describe('a version understands what a contract leaves', () => {
  test('where it brings it, as a contract or in an outage; a migration that only adds is another thing', () => {
    const brings = (kind: 'contract' | 'breaking' | 'expand', name = NAME) =>
      understands(release('1.0.0', { migrations: [declared(name, 'c1', kind)] }), started);
    expect([brings('contract'), brings('breaking'), brings('expand'), brings('contract', 'other')]).toEqual([true, true, false, false]);
    expect(understands(release('1.0.0', { migrations: [declared('other'), declared()] }), started)).toBe(true);
  });

  test('where it was registered after that had finished, and not in the same instant', () => {
    const registered = (registeredAt: string, contract = finished) => understands(release('1.0.0', { registeredAt }), contract);
    expect([registered(LATER), registered(FINISHED), registered(LATER, started)]).toEqual([true, false, false]);
  });

  test('by when it was registered, however late it was submitted; of one that does not say, by when it was submitted', () => {
    expect(understands(release('1.0.0', { registeredAt: STARTED, submittedAt: LATER }), finished)).toBe(false);
    expect(understands(release('1.0.0', { submittedAt: LATER }), finished)).toBe(true);
  });

  test('and the first one that it does not is told', () => {
    const bringsOther = release('1.0.0', { migrations: [declared('other')] });
    expect(contractAgainst(state({ contracts: [other, started] }), bringsOther)).toEqual(started);
    expect(contractAgainst(state({ contracts: [other, started] }), release('1.0.0'))).toEqual(other);
    expect([contractAgainst(state(), release('1.0.0')), contractAgainst(state({ contracts: [other] }), bringsOther)]).toEqual([undefined, undefined]);
  });
});

test('it is named as what it is', () => {
  expect([startedName(started), startedName({ ...started, breaking: true })]).toEqual([`contract ${NAME}`, `breaking migration ${NAME}`]);
});

test('who does not understand it is told why, and what does', () => {
  const about = { subject: `the contract ${NAME} of Production`, expected: 'brought by the release, or finished before it was registered' };
  const known = `it started in Production at ${STARTED}, with release 1.1.0`;
  expect(notUnderstood(state(), release('1.0.0'), started)).toEqual({
    ...about,
    actual: `${known}, and has not finished: 1.0.0 does not bring it, and whether it understands the shared state is unknown; a release brings it until it has finished everywhere`,
  });
  expect(notUnderstood(state(), release('1.0.0'), finished)).toEqual({
    ...about,
    actual: `${known}, and finished at ${FINISHED}: 1.0.0 does not bring it, and was registered before, so that it may not understand the shared state any more; release a version that does`,
  });
});

describe('when one starts', () => {
  test('it is kept behind those before it, and what was live before is no target any more, whether its slot holds it or was given away', () => {
    expect(withContractStarted(state({ contracts: [other], previous: held('1.0.0') }), started, [])).toEqual(
      state({ contracts: [other, started], previous: held('1.0.0', { contract: started }) }),
    );
    expect(withContractStarted(state({ previousTaken: { ...held('1.0.0'), ...taken } }), started, [])).toEqual(
      state({ contracts: [started], previousTaken: { ...held('1.0.0', { contract: started }), ...taken } }),
    );
    expect(withContractStarted(state(), started, [])).toEqual(state({ contracts: [started] }));
  });

  test('a version that brings it, too, stays one', () => {
    const brings = release('1.0.0', { migrations: [declared()] });
    const before = state({ previous: held('1.0.0'), previousTaken: { ...held('0.9.0'), ...taken } });
    const marked = { ...held('0.9.0', { contract: started }), ...taken };
    expect(withContractStarted(before, started, [undefined, release('0.9.0'), brings])).toEqual({ ...before, contracts: [started], previousTaken: marked });
    const ofAnother = { ...brings, digest: 'of another content' };
    expect(withContractStarted(before, started, [ofAnother]).previous).toEqual(held('1.0.0', { contract: started }));
    expect(withContractStarted(before, started, [{ ...brings, version: '1.0.1', digest: 'digest-of-1.0.0' }]).previous).toHaveProperty('contract');
  });

  test('why a version was none before stays why', () => {
    const before = state({ contracts: [other], previous: held('1.0.0', { contract: other }) });
    expect(withContractStarted(before, started, []).previous).toEqual(held('1.0.0', { contract: other }));
  });
});

describe('what has started', () => {
  test('finishes by its name, and no other does', () => {
    expect(withContractFinished(state({ contracts: [other, started] }), NAME, FINISHED).contracts).toEqual([other, finished]);
    expect(withContractFinished(state(), NAME, FINISHED).contracts).toBeUndefined();
  });

  test('has not finished any more while something takes it back', () => {
    const both = state({ contracts: [{ ...other, finishedAt: FINISHED }, finished] });
    expect(withContractUnfinished(both, NAME).contracts).toEqual([{ ...other, finishedAt: FINISHED }, started]);
    expect(withContractUnfinished(state(), NAME).contracts).toBeUndefined();
  });

  test('is the one that is left to finish', () => {
    expect(unfinishedContract(state({ contracts: [{ ...other, finishedAt: FINISHED }, started] }))).toEqual(started);
    expect([unfinishedContract(state({ contracts: [finished] })), unfinishedContract(state())]).toEqual([undefined, undefined]);
  });
});

describe('when one is taken back', () => {
  const gone = held('1.0.0', { contract: started });

  test('what was live before is a target again', () => {
    expect(withContractUndone(state({ contracts: [started], previous: gone }), NAME, [])).toEqual(state({ contracts: [], previous: held('1.0.0') }));
    const before = state({ contracts: [started], previousTaken: { ...gone, ...taken } });
    expect(withContractUndone(before, NAME, [])).toEqual(state({ contracts: [], previousTaken: { ...held('1.0.0'), ...taken } }));
    expect(withContractUndone(state(), NAME, [])).toEqual(state({ contracts: [] }));
  });

  test('not where another has started that it does not bring', () => {
    const before = state({ contracts: [started, other], previous: gone });
    expect(withContractUndone(before, NAME, [release('1.0.0')])).toEqual(state({ contracts: [other], previous: held('1.0.0', { contract: other }) }));
    expect(withContractUndone(before, NAME, [undefined, release('1.0.0', { migrations: [declared('other')] })]).previous).toEqual(held('1.0.0'));
  });

  test('nor of what nobody knows, such as what served before any release, as long as another has started', () => {
    const before = state({ contracts: [started, other], previous: gone });
    const brings = { migrations: [declared('other')] };
    for (const known of [undefined, release('1.0.0', { ...brings, digest: 'of another content' }), release('1.0.1', { ...brings, digest: 'digest-of-1.0.0' })])
      expect(withContractUndone(before, NAME, [known]).previous).toEqual(held('1.0.0', { contract: other }));
  });

  test('and where it was another that took it away as a target, it stays none', () => {
    const before = state({ contracts: [started, other], previous: held('1.0.0', { contract: other }) });
    expect(withContractUndone(before, NAME, []).previous).toEqual(held('1.0.0', { contract: other }));
    const none = state({ contracts: [started, other], previous: held('1.0.0') });
    expect(withContractUndone(none, NAME, []).previous).toEqual(held('1.0.0'));
  });
});
