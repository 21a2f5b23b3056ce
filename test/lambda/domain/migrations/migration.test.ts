import { LONGEST_NEXT, type SlotMigration } from '../../../../lambda/contract';
import {
  type Answered,
  answeredBy,
  type Call,
  contentTaken,
  ended,
  isCalled,
  outcomeOf,
  started,
  undoNameOf,
  undoneBy,
  withoutAnswer,
} from '../../../../lambda/domain/migrations/migration';
import type { MigrationState } from '../../../../lambda/domain/model';
import { taskInput } from '../../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const LATER = '2026-01-05T09:02:05.900Z';
const UNTIL = '2026-01-05T09:05:30.000Z';
const TASK = taskInput('1.1.0');
const NAME = 'add-currency';
const migration = (name = NAME): SlotMigration => ({ name, kind: 'expand', content: 'c1', runner: { kind: 'lambda', functionName: 'f', timeoutSeconds: 300 } });
const call = (name = NAME): Call => ({ task: TASK, migration: migration(name), owner: 'this call' });
const stored = (given: Partial<MigrationState> = {}): MigrationState => {
  const about = { kind: 'migration', revision: 7, environment: 'Production', name: NAME, migration: 'expand', content: 'c1', calls: 3 } as const;
  return { ...about, status: 'started', release: '1.1.0', execution: TASK.execution, startedAt: NOW, call: { owner: 'this call', until: UNTIL }, ...given };
};
const failure = { step: 's', subject: 'x', expected: 'done', actual: 'table is locked', logs: 'its log' };
const event = { release: '1.1.0', environment: 'Production', who: TASK.execution };

test('what takes a migration back has a name that no migration can have', () => {
  expect(undoNameOf(NAME)).toBe('undo.add-currency');
  expect([undoneBy('undo.add-currency'), undoneBy(NAME), undoneBy('an.undo.x')]).toEqual([NAME, undefined, undefined]);
});

test('it is called until the instant by which its caller is dead', () => {
  const at = (now: string) => isCalled(stored(), now);
  expect([at('2026-01-05T09:05:29.999Z'), at(UNTIL), isCalled(stored({ call: undefined }), NOW)]).toEqual([true, false, false]);
});

describe('what is written down before a call', () => {
  const first = { revision: 0, startedAt: LATER, calls: 1, call: { owner: 'this call', until: UNTIL } };

  test('is that it has started, by whom, and when', () => {
    const { state, put, audit } = started(call(), undefined, LATER, UNTIL);
    const { next: _none, ...rest } = stored(first);
    expect(state).toEqual(rest);
    expect(put).toEqual([state]);
    expect(audit).toEqual([{ at: LATER, what: 'MigrationStarted', ...event, detail: { migration: NAME, kind: 'expand' } }]);
  });

  test('is one call more, where this execution goes on with it: it has started once', () => {
    const { state, audit } = started(call(), stored({ next: '5' }), LATER, UNTIL);
    expect(state).toEqual(stored({ next: '5', calls: 4 }));
    expect(audit).toEqual([]);
  });

  test.each<[string, Partial<MigrationState>]>([
    ['failed before', { status: 'failed' }],
    ['another execution has left', { execution: 'another', release: '1.0.1' }],
    ['was taken back', { status: 'undone' }],
  ])('is a new start of what %s, with what became of it', (_, given) => {
    const before = stored(given);
    const { state, audit } = started(call(), before, LATER, UNTIL);
    expect(state).toMatchObject({ status: 'started', startedAt: LATER, calls: 4, revision: 7, release: '1.1.0', execution: TASK.execution });
    expect(audit.map(({ detail }) => detail)).toEqual([{ migration: NAME, kind: 'expand', after: before.status, by: before.release }]);
  });

  test('is where it goes on, for the same content only', () => {
    expect(started(call(), stored({ status: 'failed', next: '5' }), LATER, UNTIL).state.next).toBe('5');
    expect(started(call(), stored({ status: 'failed', next: '5', content: 'other' }), LATER, UNTIL).state).not.toHaveProperty('next');
    expect(started(call(), stored({ status: 'failed' }), LATER, UNTIL).state).not.toHaveProperty('next');
  });

  test('is the task or build, where it is one', () => {
    const run = { name: 'r', runner: { kind: 'codeBuildProject', project: 'p', timeoutSeconds: 600 }, until: UNTIL } as const;
    expect(started(call(), undefined, LATER, UNTIL, run).state.run).toEqual(run);
    expect(started(call(), undefined, LATER, UNTIL).state).not.toHaveProperty('run');
  });

  test('is of the migration that is taken back, where it is what takes it back', () => {
    const { state, audit } = started(call('undo.add-currency'), undefined, LATER, UNTIL);
    expect(state.name).toBe('undo.add-currency');
    expect(audit.map(({ detail }) => detail)).toEqual([{ migration: NAME, kind: 'expand', undo: true }]);
  });
});

describe('what a function answers', () => {
  const shape = 'a migration answers { "done": true }, or { "done": false, "next": … } to be called again';

  test.each<[unknown, Answered]>([
    [{ done: true }, { kind: 'finished' }],
    [
      { done: true, said: '12 payments' },
      { kind: 'finished', said: '12 payments' },
    ],
    [{ done: true, said: 12 }, { kind: 'finished' }],
    [
      { done: true, said: 'x'.repeat(501) },
      { kind: 'finished', said: 'x'.repeat(500) },
    ],
    [
      { done: false, next: null },
      { kind: 'again', next: 'null' },
    ],
    [
      { done: false, next: { a: [1, 'b', { c: 9_007_199_254_740_991 }], d: -9_007_199_254_740_991 } },
      { kind: 'again', next: '{"a":[1,"b",{"c":9007199254740991}],"d":-9007199254740991}' },
    ],
    [
      { done: false, next: 'x'.repeat(LONGEST_NEXT - 2) },
      { kind: 'again', next: `"${'x'.repeat(LONGEST_NEXT - 2)}"` },
    ],
    [{ done: false }, { kind: 'wrong', actual: `it answered that it is not done, and nothing to go on with; ${shape}` }],
    [null, { kind: 'wrong', actual: `it answered null; ${shape}` }],
    [undefined, { kind: 'wrong', actual: `it answered nothing; ${shape}` }],
    ['done', { kind: 'wrong', actual: `it answered "done"; ${shape}` }],
    [{ done: 'true' }, { kind: 'wrong', actual: `it answered {"done":"true"}; ${shape}` }],
    ['x'.repeat(600), { kind: 'wrong', actual: `it answered "${'x'.repeat(499)}; ${shape}` }],
    [
      { done: false, next: 'x'.repeat(LONGEST_NEXT - 1) },
      {
        kind: 'wrong',
        actual: `its next has ${LONGEST_NEXT + 1} characters of JSON, allowed are ${LONGEST_NEXT}; keep where it is in the shared state itself`,
      },
    ],
    [
      { done: false, next: { a: [null, 'b', { c: -9_007_199_254_740_992 }] } },
      { kind: 'wrong', actual: 'its next has a number too large to be kept exactly, which came as -9007199254740992; answer it as a text' },
    ],
  ])('%j', (answer, expected) => {
    expect(answeredBy(answer)).toEqual(expected);
  });

  test('or why it does not, with no more of it than a ticket takes, and where its log is, if that is known', () => {
    expect(withoutAnswer('x'.repeat(2_000))).toEqual({ kind: 'wrong', actual: 'x'.repeat(2_000) });
    expect(withoutAnswer('x'.repeat(2_001), 'its log')).toEqual({ kind: 'wrong', actual: `${'x'.repeat(2_000)}…`, logs: 'its log' });
  });
});

describe('what is recorded of the end of a call', () => {
  const { call: _over, ...left } = stored();
  const about = { migration: NAME, kind: 'expand', calls: 3 };

  test('by whose call it is no longer: nothing', () => {
    const message = `the migration ${NAME} in Production was called by somebody else meanwhile`;
    for (const other of [stored({ call: { owner: 'another', until: UNTIL } }), stored({ call: undefined }), undefined]) {
      expect(() => ended(call(), other, { kind: 'finished' }, failure, LATER)).toThrow(expect.objectContaining({ name: 'Conflict', message }));
    }
  });

  test('that has more to do: from where it goes on; of the failure before it nothing is left', () => {
    expect(ended(call(), stored({ failure, next: '1' }), { kind: 'again', next: '2' }, failure, LATER)).toEqual({ put: [{ ...left, next: '2' }], audit: [] });
  });

  test('that is done: how long it took and what it said', () => {
    const change = ended(call(), stored({ next: '1', failure }), { kind: 'finished', said: '12 payments' }, failure, LATER);
    expect(change.put).toEqual([{ ...left, status: 'finished', endedAt: LATER }]);
    const detail = { ...about, seconds: 125, said: '12 payments' };
    expect(change.audit).toEqual([{ at: LATER, what: 'MigrationFinished', ...event, detail }]);
    expect(ended(call(), stored(), { kind: 'finished' }, failure, LATER).audit.map((each) => each.detail)).toEqual([{ ...about, seconds: 125 }]);
  });

  test('that failed: why, and where its log is; it goes on from where it was', () => {
    const change = ended(call(), stored({ next: '1' }), { kind: 'wrong', actual: 'x' }, failure, LATER);
    expect(change.put).toEqual([{ ...left, next: '1', status: 'failed', endedAt: LATER, failure }]);
    const detail = { ...about, actual: 'table is locked', logs: 'its log' };
    expect(change.audit).toEqual([{ at: LATER, what: 'MigrationFailed', ...event, detail }]);
  });

  test('of what takes a migration back: under the name of that one', () => {
    const undo = stored({ name: 'undo.add-currency' });
    const told = (answered: Answered) => outcomeOf(TASK, undo, answered, failure, LATER).audit.map(({ what, detail }) => [what, detail]);
    expect(told({ kind: 'finished' })).toEqual([['MigrationUndone', { ...about, undo: true, seconds: 125 }]]);
    expect(told({ kind: 'wrong', actual: 'x' })).toEqual([['MigrationFailed', { ...about, undo: true, actual: 'table is locked', logs: 'its log' }]]);
  });
});

test('a name that stands for something else is told where, since when, and by whom', () => {
  const known = stored({ status: 'finished', endedAt: LATER, release: '1.0.1' });
  expect(contentTaken(known, 'expand')).toBe(
    `finished in Production at ${LATER}, brought by release 1.0.1, with other content: give the new content a name of its own`,
  );
  expect(contentTaken(known, 'contract')).toBe(
    `ran in Production at ${NOW} as expand, brought by release 1.0.1, and not as contract: give it a name of its own`,
  );
});
