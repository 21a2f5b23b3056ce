import type { EnvironmentState, MigrationState, Outage, StartedContract } from '../../../../lambda/domain/model';
import { undoUnderWay } from '../../../../lambda/domain/outage/follow-to-its-end';
import { goingBack, isOut, isSurelyOut, outageEnded, outInWords, outOfTime, staysOut, stillOut, waysOut } from '../../../../lambda/domain/outage/outage';
import { exampleWorld, liveEnvironment, taskInput } from '../../example-path';
import { GREEN_TASK } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const UNTIL = '2026-01-05T10:00:00.000Z';
const against: StartedContract = { name: 'split-name', breaking: true, release: '1.1.0', startedAt: NOW };
const outage = (given: Partial<Outage> = {}): Outage => {
  return { release: '1.1.0', execution: taskInput('1.1.0').execution, beganAt: NOW, until: UNTIL, says: 'Back at noon.', started: [], ...given };
};
const state = (given: Partial<EnvironmentState> = {}) => liveEnvironment('1.0.0', 'Production', { outage: outage(), weights: {}, ...given });
const lock = { release: '1.1.0', execution: taskInput('1.1.0').execution, colour: 'green', since: NOW, shifted: true };

test('users are out as long as the outage is not over; surely, where nobody may have written anything', () => {
  expect([isOut(state()), isOut(state({ outage: outage({ over: true }) })), isOut(state({ outage: undefined }))]).toEqual([true, false, false]);
  expect([isSurelyOut(state()), isSurelyOut(state({ lock }))]).toEqual([true, true]);
  for (const unsure of [{ outage: undefined }, { outage: outage({ over: true }) }, { weights: { blue: 100 } }, { lock: { ...lock, intended: { green: 100 } } }])
    expect(isSurelyOut(state(unsure))).toBe(false);
});

test('users stay out only against a version that may not understand the state, and no person who asks for it', () => {
  const rollBackRequested = { by: 'arn:service-manager', reason: 'enough', at: NOW };
  expect([staysOut(state({ outage: outage({ against }) })), staysOut(state())]).toEqual([true, false]);
  expect([staysOut(state({ outage: outage({ against }), rollBackRequested })), staysOut(state({ outage: undefined }))]).toEqual([false, false]);
});

describe('a release in an outage', () => {
  const late = (now: string, seconds?: number, given: Partial<EnvironmentState> = {}) =>
    outOfTime('Migrate', taskInput('1.1.0'), state(given), now, ...(seconds === undefined ? [] : [seconds]));
  const failure = { step: 'Migrate', subject: 'the outage of Production', logs: taskInput('1.1.0').execution };
  const about = `the outage of 1.1.0 began at ${NOW}`;

  test('goes on while there is time for what it needs', () => {
    expect([late(UNTIL), late(NOW, 3_600)]).toEqual([undefined, undefined]);
    const after = '2026-01-05T10:00:00.001Z';
    expect(late(after)).toEqual({ ...failure, expected: `over by ${UNTIL}`, actual: `it is ${after}: ${about}` });
    expect(late(NOW, 3_601)).toEqual({ ...failure, expected: `over by ${UNTIL}`, actual: `it is ${NOW}, and this may take 3601 seconds: ${about}` });
    expect(late(after, 0, { outage: outage({ over: true }) })).toBeUndefined();
    expect(late(after, 0, { outage: undefined })).toBeUndefined();
  });

  test('goes on with nothing when the way back has begun', () => {
    const actual = 'the way back has begun: this is a call that came late';
    expect(late(NOW, 0, { outage: outage({ goesBack: true }) })).toEqual({ ...failure, expected: 'on its way', actual });
    expect(goingBack(state()).outage).toEqual(outage({ goesBack: true }));
    expect(goingBack(state({ outage: undefined }))).toEqual(state({ outage: undefined }));
  });

  test('ends it with how long it took; nothing ended where nobody was out', () => {
    const event = { at: UNTIL, what: 'OutageEnded', release: '1.1.0', environment: 'Production', who: taskInput('1.1.0').execution };
    expect(outageEnded(taskInput('1.1.0'), state(), UNTIL, 'it went live')).toEqual([
      { ...event, detail: { beganAt: NOW, began: '1.1.0', seconds: 3_600, how: 'it went live' } },
    ]);
    expect(outageEnded(taskInput('1.1.0'), state({ outage: outage({ over: true }) }), UNTIL, 'x')).toEqual([]);
  });

  test('that is left is found by whatever comes next, with all that it began', () => {
    const after = stillOut(state({ lock }), outage({ over: true, goesBack: true, started: ['a'] }), UNTIL);
    expect(after.outage).toEqual(outage({ started: ['a'] }));
    expect(after).not.toHaveProperty('lock');
  });
});

test('people are told who is without a version, why nothing ends it, and what does', () => {
  const out = `users of Production have had no version since ${NOW}, for release 1.1.0, and are answered 503 "Back at noon."`;
  expect(outInWords(state(), outage())).toBe(out);
  expect(outInWords(state(), outage({ against }))).toBe(
    `${out}; 1.0.0 may not understand the shared state since the migration split-name started at ${NOW}, and nothing took that back`,
  );
  const or = ', which goes on with the outage; or give users 1.0.0 all the same, with ptl roll-back Production --reason "<why>"';
  expect(waysOut(state(), outage())).toBe(`submit a version${or}`);
  expect(waysOut(state(), outage({ started: ['a', 'b'] }))).toBe(`submit a version that brings a and b, mended${or}`);
  const runner = { kind: 'lambda', functionName: 'f', timeoutSeconds: 60 } as const;
  const bring = (version: string, ...undo: readonly boolean[]) => {
    const migrations = undo.map((can, index) => ({ name: 'ab'[index] ?? '', kind: 'breaking' as const, content: 'c', runner, ...(can && { undo: runner }) }));
    return state({ slots: { green: { version, digest: 'd', targetGroupArn: 'arn:tg', alarms: [], migrations } } });
  };
  const both = outage({ started: ['a', 'b'] });
  expect(waysOut(bring('1.1.0', true, true), both)).toContain('; or submit 1.1.0 again, with ptl release 1.1.0: where that does not go live');
  for (const left of [bring('1.1.0', true, false), bring('1.1.0', true), bring('1.2.0', true, true)]) expect(waysOut(left, both)).not.toContain('again');
  expect(waysOut(bring('1.1.0', true, true), outage())).not.toContain('again');
});

describe('what takes a migration back, for a release whose machine has died,', () => {
  const runner = { kind: 'lambda', functionName: 'f', timeoutSeconds: 60 } as const;
  const migration = (name: string) => ({ name, kind: 'breaking', content: 'c', runner }) as const;
  const slot = { version: '1.1.0', digest: 'd', targetGroupArn: 'arn:g', alarms: [], migrations: [migration('other'), migration('split-name')] };
  const stored = (given: Partial<MigrationState>): MigrationState => {
    const about = { kind: 'migration', revision: 0, environment: 'Production', name: 'undo.split-name', migration: 'breaking', content: 'c' } as const;
    return { ...about, status: 'started', release: '1.1.0', execution: 'e', startedAt: NOW, calls: 1, ...given };
  };
  const found = async (known: MigrationState | undefined, given: Partial<EnvironmentState> = {}) => {
    const ports = exampleWorld();
    if (known) ports.ledger.seed(known);
    return undoUnderWay(ports, GREEN_TASK, state({ outage: outage({ started: ['split-name'] }), slots: { green: slot }, ...given }));
  };
  const call = { owner: 'o', until: UNTIL };
  const run = { name: 'r', runner: { kind: 'codeBuildProject', project: 'p', timeoutSeconds: 60 }, until: UNTIL } as const;

  test('is under way while its call may run, or its task or build has not been followed to its end', async () => {
    const back = { ...migration('split-name'), name: 'undo.split-name' };
    expect(await found(stored({ call }))).toEqual(back);
    expect(await found(stored({ run }))).toEqual(back);
  });

  test('is not when it is over, was never called, or nobody knows it', async () => {
    expect(await found(stored({}))).toBeUndefined();
    expect(await found(stored({ call: { ...call, until: NOW } }))).toBeUndefined();
    expect(await found(undefined)).toBeUndefined();
    const { migrations: _none, ...bare } = slot;
    const none: EnvironmentState['slots'] = {};
    for (const slots of [none, { green: bare }, { green: { ...slot, migrations: [migration('other')] } }])
      expect(await found(stored({ call }), { slots })).toBeUndefined();
    expect(await found(stored({ call }), { outage: outage() })).toBeUndefined();
    expect(await found(stored({ call }), { outage: undefined })).toBeUndefined();
  });
});
