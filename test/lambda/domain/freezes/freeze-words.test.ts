import { heldByFreeze } from '../../../../lambda/domain/freezes/behind-a-freeze';
import { freezeInWords, frozenFailure, runningFreeze } from '../../../../lambda/domain/freezes/freeze';
import { meanwhile } from '../../../../lambda/domain/freezes/meanwhile';
import type { EnvironmentState, Gate, Lock } from '../../../../lambda/domain/model';
import { GO_NO_GO, opened } from '../../example-gate';
import { examplePlan, liveEnvironment, taskInput } from '../../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const LATER = '2026-01-05T10:00:00.000Z';
const freeze = { by: 'arn:service-manager', reason: 'Black Friday', at: NOW };
const lock = (given: Partial<Lock> = {}): Lock => {
  return { release: '1.1.0', execution: taskInput('1.1.0').execution, colour: 'green', since: NOW, shifted: false, ...given };
};
const state = (given: Partial<EnvironmentState> = {}) => liveEnvironment('1.0.0', 'Production', { freeze, ...given });

test('a freeze is told with who, since when, until when and why', () => {
  expect(freezeInWords(freeze)).toBe(`frozen by arn:service-manager since ${NOW}, until somebody ends it (Black Friday)`);
  expect(freezeInWords({ ...freeze, until: LATER })).toBe(`frozen by arn:service-manager since ${NOW}, until ${LATER} (Black Friday)`);
  expect([runningFreeze(state(), LATER), runningFreeze(state({ freeze: { ...freeze, until: LATER } }), LATER)]).toEqual([freeze, undefined]);
});

test('a step that is not taken under a freeze says what to do', () => {
  expect(frozenFailure('Shift Production to 10 percent', taskInput('1.1.0'), freeze)).toEqual({
    step: 'Shift Production to 10 percent',
    subject: 'the freeze of Production',
    expected: 'none: nothing goes live under one',
    actual: `${freezeInWords(freeze)}: submit 1.1.0 again when that is over, or end it with ptl unfreeze Production --reason "<why>"`,
    logs: taskInput('1.1.0').execution,
  });
});

describe('what waits at a gate in front of a freeze', () => {
  const plan = examplePlan('Production', { goNoGo: GO_NO_GO });
  const held = (given: Partial<EnvironmentState> = {}, colour: string | undefined = 'green', gate = opened(), of = plan) =>
    heldByFreeze(gate, of, state(given), colour, NOW);

  test('waits on, and who sends it on is told', () => {
    const gate = opened({}, 'goNoGo');
    expect(held({}, 'green', gate)).toMatchObject({
      code: 'Frozen',
      message: `Production is ${freezeInWords(freeze)}, and nothing goes live there under a freeze; 1.1.0 waits on at the go/no-go in Production, until ${gate.expiresAt} at most: say this again when the freeze is over, or end it with ptl unfreeze Production --reason "<why>"`,
    });
    expect(held({ freeze: undefined }, 'green', gate)).toBeUndefined();
    // A pause that a dead release has left.
    expect(held({}, 'green', { ...gate, gate: 'pause' })).toMatchObject({ code: 'Frozen' });
  });

  test('at the firebreak goes on where it would be let in, to wait at the go/no-go', () => {
    expect(held()).toBeUndefined();
    expect(held({}, 'green', opened(), examplePlan())).toMatchObject({ code: 'Frozen' });
    const previous = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };
    const slots = { green: { version: '0.9.0', digest: 'digest-of-0.9.0', targetGroupArn: 'arn:g', alarms: [] } };
    expect(held({ previous, slots })).toMatchObject({ code: 'Frozen' });
  });

  test('goes on with all of the users, to be accepted; with fewer, or as another execution, it does not', () => {
    const gate = { ...opened({ execution: lock().execution }, 'goNoGo'), gate: 'pause', percent: 100 } as Gate;
    const at = (given: Partial<EnvironmentState>, asked = gate) => held({ lock: lock({ shifted: true }), ...given }, 'green', asked);
    expect(at({ weights: { green: 100 } })).toBeUndefined();
    for (const weights of [
      { blue: 50, green: 50 },
      { blue: 100, green: 0 },
    ])
      expect(at({ weights })).toMatchObject({ code: 'Frozen' });
    expect(at({ weights: { green: 100 }, lock: lock({ execution: 'another' }) })).toMatchObject({ code: 'Frozen' });
    expect(at({ weights: { green: 100 } }, { ...gate, gate: 'goNoGo' })).toMatchObject({ code: 'Frozen' });
  });

  test('goes on where it is not let in for another reason, which it is then told', () => {
    const noGoNoGo = examplePlan();
    expect(heldByFreeze(opened(), noGoNoGo, state({ lock: lock() }), 'green', NOW)).toBeUndefined();
    expect(heldByFreeze(opened(), noGoNoGo, state(), undefined, NOW)).toBeUndefined();
  });
});

describe('what is under way when an environment is frozen', () => {
  test.each<[string, Partial<EnvironmentState>, RegExp | undefined]>([
    ['nothing', {}, undefined],
    [
      'the end of the path',
      { retirement: { by: 'arn:sam', at: NOW } as EnvironmentState['retirement'] },
      /^Production is being retired, arn:sam asked for it at 2026-01-05T09:00:00\.000Z, and that goes on: its users go back to what served before any release$/,
    ],
    [
      'a contract',
      { lock: lock({ contract: true }) },
      /^the contract of 1\.1\.0 is under way: what of it has started goes on to its end, and nothing else of it starts$/,
    ],
    ['a release with all users', { lock: lock({ shifted: true }), weights: { green: 100 } }, /^release 1\.1\.0 has all users already: nothing more moves/],
    [
      'one with some',
      { lock: lock({ shifted: true }), weights: { blue: 90, green: 10 } },
      /^release 1\.1\.0 has 10 percent of the users: its next shift is refused/,
    ],
    ['one that is about to have some', { lock: lock({ shifted: true }) }, /^release 1\.1\.0 has 0 percent of the users/],
    [
      'one in the shadow',
      { lock: lock() },
      /^release 1\.1\.0 has no users, and gets none: at its go\/no-go it waits for the end of the freeze, without one it is stopped/,
    ],
  ])('%s is told so', (_, given, words) => {
    if (words) expect(meanwhile(state(given))).toMatch(words);
    else expect(meanwhile(state(given))).toBeUndefined();
  });
});
