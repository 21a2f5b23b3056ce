import type { DefinitionJson, RetryJson, StateJson, StatesJson } from '../../cli/review/machines/graph';
import { ERRORS, LEASE_SECONDS, WRITER_TIMEOUT_SECONDS } from '../../lambda/contract';
import { machinesOf, threeEnvironments, withSharedState } from './machines';

const machines = machinesOf(withSharedState(threeEnvironments()));

/** Tasks that a writer of the live rule may be in the way of, or is: in every machine. */
function besideWriters(): [string, StateJson][] {
  const named = /^(Enter|Begin the contract in|Shift|Accept in|Stop the release in|Stop the contract in|Roll back|Give the users of) /;
  return Object.values(machines).flatMap((machine) => tasksOf(machine as DefinitionJson).filter(([name]) => named.test(name)));
}

function tasksOf({ States }: StatesJson): [string, StateJson][] {
  return Object.entries(States).flatMap(([name, state]) => [
    ...(state.Type === 'Task' ? [[name, state] as [string, StateJson]] : []),
    ...(state.Branches ?? []).flatMap(tasksOf),
  ]);
}

const ofError = ({ Retry = [] }: StateJson, error: string) => Retry.find(({ ErrorEquals }) => ErrorEquals.includes(error));
const waits = ({ IntervalSeconds = 1, BackoffRate = 2, MaxAttempts = 3, MaxDelaySeconds = 1e9 }: RetryJson) =>
  Array.from({ length: MaxAttempts }, (_, index) => Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** index)).reduce(
    (sum, seconds) => sum + seconds,
    0,
  );

test('the tries of every state that a writer may be in the way of last for longer than the lease of one that died, whatever the luck', () => {
  expect(new Set(besideWriters().map(([name]) => name.replace(/(Integration|Preproduction|Production).*/, '')))).toEqual(
    new Set(['Enter ', 'Begin the contract in ', 'Shift ', 'Accept in ', 'Stop the release in ', 'Stop the contract in ', 'Roll back ', 'Give the users of ']),
  );
  for (const [name, state] of besideWriters()) {
    const retry = ofError(state, ERRORS.retry) as RetryJson & { JitterStrategy?: string };
    expect([name, retry.JitterStrategy]).toEqual([name, 'NONE']);
    expect(waits(retry)).toBeGreaterThan(LEASE_SECONDS + WRITER_TIMEOUT_SECONDS / 2);
  }
});

test('they are counted apart from those of a function that died: several that die one after the other do not use them up', () => {
  for (const [name, state] of besideWriters()) {
    const [busy, died] = [ofError(state, ERRORS.retry), ofError(state, 'Lambda.ServiceException')];
    expect([name, died?.MaxAttempts]).toEqual([name, expect.any(Number)]);
    expect([name, busy === died]).toEqual([name, false]);
  }
});
