import type { Failure, MigrateInOutageInput, MigrateOutput } from '../../contract';
import { knownRelease } from '../commands/known';
import { understands, withContractFinished, withContractStarted } from '../contracts/started-contracts';
import { ownsLock } from '../environment';
import { undoNameOf } from '../migrations/migration';
import { runNext } from '../migrations/run-next';
import type { Run } from '../migrations/turn';
import type { EnvironmentState, Item, MigrationState, Outage, Release, StartedContract } from '../model';
import type { Ports } from '../ports';
import { mayGoOn } from '../steps/recheck';
import { step } from '../steps/step';
import { followToItsEnd, undoUnderWay } from './follow-to-its-end';
import { isSurelyOut, outOfTime } from './outage';

/**
 * Runs what the release brings that breaks the live version, one after the other, with the same care as what expands the state, while users are out. Once one
 * has started, older versions are no targets any more, unless it is taken back. What may not be over in time is not begun.
 */
export async function migrateInOutage(ports: Ports, input: MigrateInOutageInput): Promise<MigrateOutput> {
  const { environment } = input;
  const at = step.migrateInOutage(environment);
  for (;;) {
    const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(environment)]);
    const blocked = mayGoOn(at, input, release, state) ?? notOut(at, input, state, ports.clock.now());
    if (blocked) return { outcome: 'failed', failure: blocked };
    const earlier = await undoUnderWay(ports, input, state);
    const run: Run = { kind: 'breaking', step: at, until: state.outage?.until, alongside: (name, what, now) => alongside(ports, input, name, what, now) };
    const output = earlier ? await followToItsEnd(ports, input, release, earlier, at) : await runNext(ports, input, release, state, run).catch(lostIt);
    if (output) return output;
  }
}

function notOut(at: string, input: MigrateInOutageInput, state: EnvironmentState, now: string): Failure | undefined {
  const { environment, execution } = input;
  if (isSurelyOut(state)) return outOfTime(at, input, state, now);
  const actual = `the ledger has the weights ${JSON.stringify(state.weights)}, and may have written ${JSON.stringify(state.lock?.intended ?? {})}`;
  return { step: at, subject: `the outage of ${environment}`, expected: 'begun: users have no version', actual, logs: execution };
}

/** The environment was freed, or users have a version, while a call was about to be recorded: it is recorded nowhere, and made by nobody. */
class OutageLost extends Error {
  constructor(readonly failure: Failure) {
    super(failure.actual);
  }
}

function lostIt(error: unknown): MigrateOutput {
  if (error instanceof OutageLost) return { outcome: 'failed', failure: error.failure };
  throw error;
}

/** The environment as it is when one is called, and when it finishes: of a call and the end of the outage one sees the other. */
async function alongside({ ledger }: Ports, input: MigrateInOutageInput, name: string, what: 'started' | 'finished', now: string): Promise<readonly Item[]> {
  const state = await ledger.environment(input.environment);
  if (what === 'finished') return [withContractFinished(state, name, now)];
  const at = step.migrateInOutage(input.environment);
  const held = ownsLock(state, input) ? notOut(at, input, state, now) : { ...lost(at, input), actual: 'the environment was freed meanwhile' };
  if (held || !state.outage) throw new OutageLost(held ?? lost(at, input));
  const { live, previous, previousTaken } = state;
  const versions = [live, previous, previousTaken].flatMap((each) => each?.version ?? []);
  const before = await Promise.all(versions.map((version) => ledger.release(version)));
  const contract: StartedContract = state.contracts?.find((each) => each.name === name) ?? { name, breaking: true, release: input.release, startedAt: now };
  const undo = await ledger.migration(input.environment, undoNameOf(name));
  const isKnown = state.contracts?.some((each) => each.name === name);
  const marked = isKnown ? state : withContractStarted(state, contract, before);
  return [{ ...marked, outage: withStarted(state.outage, state, contract, before) }, ...(undo?.next === undefined ? [] : [fromItsBeginning(undo)])];
}

/** What took it back half way has all of it to take back once more. */
function fromItsBeginning({ next: _left, ...undo }: MigrationState): MigrationState {
  return undo;
}

function lost(at: string, { environment, execution }: MigrateInOutageInput): Failure {
  return { step: at, subject: `the outage of ${environment}`, expected: 'of this release', actual: 'it has ended meanwhile', logs: execution };
}

function withStarted(outage: Outage, { live }: EnvironmentState, contract: StartedContract, before: readonly (Release | undefined)[]): Outage {
  const { started, against } = outage;
  const release = before.find((each) => each?.version === live?.version && each?.digest === live?.digest);
  // Where nothing is live there is nobody to give users back to, so nobody who does not understand the state.
  const isAgainst = live !== undefined && !(release && understands(release, contract));
  return {
    ...outage,
    touched: true,
    started: started.includes(contract.name) ? started : [...started, contract.name],
    ...(against === undefined && isAgainst && { against: contract }),
  };
}
