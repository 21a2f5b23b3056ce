import { eventOf, recorded } from '../../../lambda/domain/audit';
import {
  abandoned,
  aboutToSwapBack,
  accepted,
  filled,
  holds,
  locked,
  lowered,
  mayBeFreed,
  raised,
  shifted,
  swappedBack,
  unlocked,
} from '../../../lambda/domain/environment';
import { Refused } from '../../../lambda/domain/errors';
import type { EnvironmentState, Outage } from '../../../lambda/domain/model';
import { fingerprintOf } from '../../../lambda/domain/ticket';
import { isOvertaken, turnOf } from '../../../lambda/domain/token-turn';
import { exampleSlot, liveEnvironment, taskInput } from '../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const LATER = '2026-01-05T10:00:00.000Z';
const task = taskInput('1.1.0');
const asked = { by: 'arn:service-manager', reason: 'slow', at: NOW };
const bake = { token: 't', release: '1.0.0', colour: 'blue', percent: 10, startedAt: NOW };
const state = (given: Partial<EnvironmentState> = {}) => liveEnvironment('1.0.0', 'Production', given);
const before = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };

describe('an environment that is given to a release', () => {
  test('forgets what was asked, and waited for, of the one before; an emergency is marked', () => {
    const lock = { release: '1.1.0', execution: task.execution, colour: 'green', since: NOW, shifted: false };
    expect(locked(state({ bake, rollBackRequested: asked, retiredAt: NOW }), task, 'green', NOW)).toEqual(state({ lock }));
    expect(locked(state(), task, 'green', NOW, true)).toEqual(state({ lock: { ...lock, emergency: true } }));
    expect(unlocked(state({ lock, bake, rollBackRequested: asked }))).toEqual(state());
  });
});

describe('an outage', () => {
  const outage: Outage = { release: '1.1.0', execution: task.execution, beganAt: NOW, until: LATER, says: 'back soon', started: [] };
  const lock = { ...locked(state(), task, 'green', NOW).lock, shifted: true } as EnvironmentState['lock'];

  test('is over when anybody has users, and under way when nobody has', () => {
    expect(shifted(state({ outage, lock }), { green: 100 }).outage).toEqual({ ...outage, over: true });
    expect(shifted(state({ outage: { ...outage, over: true }, lock }), {}).outage).toEqual(outage);
    expect(shifted(state({ lock }), { green: 100 })).not.toHaveProperty('outage');
  });
});

describe('a release that is accepted', () => {
  const inGreen = filled(locked(state({ previousTaken: { ...before, by: '1.1.0', at: NOW } }), task, 'green', NOW), 'green', exampleSlot('1.1.0', 'Green'));

  test('is in early life support as long as its plan says, and without one not at all', () => {
    expect(accepted(inGreen, 'd', NOW, LATER).live).toEqual({ colour: 'green', version: '1.1.0', digest: 'd', earlyLifeSupportUntil: LATER });
    expect(Object.keys(accepted(inGreen, 'd', NOW).live ?? {})).toEqual(['colour', 'version', 'digest']);
  });

  test('leaves nothing of what was taken before it, and what was live idle since then', () => {
    const after = accepted(inGreen, 'd', NOW);
    expect(after).not.toHaveProperty('previousTaken');
    expect(after.slots).toMatchObject({ blue: { idleSince: NOW }, green: { version: '1.1.0' } });
    expect(after.slots.green).not.toHaveProperty('idleSince');
  });

  test('is the first one where nothing was live', () => {
    const { live: _live, ...empty } = inGreen;
    expect(accepted({ ...empty, slots: {} }, 'd', NOW)).toMatchObject({ live: { version: '1.1.0' }, slots: {} });
    expect(accepted({ ...empty, slots: {} }, 'd', NOW)).not.toHaveProperty('previous');
  });
});

describe('a swap back', () => {
  test('needs something that is live, and something that was', () => {
    const { live: _live, ...empty } = state({ previous: before });
    for (const none of [state(), empty]) expect(swappedBack(none, NOW)).toBe(none);
  });

  test('of what has no slot in the ledger changes no slot', () => {
    const after = swappedBack(state({ previous: before, slots: {}, rollBackRequested: asked, goingBack: asked }), NOW);
    expect(after).toEqual(state({ live: before, previous: { ...(state().live as typeof before), rolledBack: true }, slots: {}, weights: { green: 100 } }));
  });

  test('that was asked for first stands', () => {
    const first = aboutToSwapBack(state(), asked);
    expect(first.goingBack).toEqual(asked);
    expect(aboutToSwapBack(first, { ...asked, by: 'arn:deputy' })).toBe(first);
  });
});

describe('a slot', () => {
  test('is idle since its release ended; one that nobody knows stays unknown', () => {
    expect(abandoned(locked(state(), task, 'blue', NOW), LATER).slots.blue).toMatchObject({ idleSince: LATER });
    expect(abandoned(locked(state(), task, 'green', NOW), LATER)).toEqual(state());
    expect(abandoned(state(), LATER)).toEqual(state());
  });

  test('keeps what it was lowered from until it was raised again, and how long that took where somebody saw', () => {
    const low = lowered(state(), 'blue', 4);
    expect(low.slots.blue).toEqual({ ...state().slots.blue, loweredFrom: 4 });
    expect(raised(low, 'blue', 30).slots.blue).toEqual({ ...state().slots.blue, startSeconds: 30 });
    expect(Object.keys(raised(low, 'blue', undefined).slots.blue ?? {})).toEqual(Object.keys(state().slots.blue ?? {}));
    for (const unknown of [lowered(state(), 'green', 4), raised(state(), 'green', 30)]) expect(unknown).toEqual(state());
  });

  test('holds a version by its name and its digest', () => {
    expect(holds(state(), { colour: 'blue', version: '0.9.0', digest: 'digest-of-1.0.0' })).toBe(false);
  });

  test('may be given up where nobody holds the environment', () => {
    expect(mayBeFreed(state(), NOW)).toBe('yes');
  });
});

describe('what is recorded', () => {
  const event = eventOf(task, NOW, 'ReleaseLive', { colour: 'green' });

  test('of a task says why only where there is a reason', () => {
    const about = { at: NOW, what: 'ReleaseLive', release: '1.1.0', environment: 'Production', who: task.execution, detail: { colour: 'green' } };
    expect(Object.entries(event)).toEqual(Object.entries(about));
    expect(eventOf(task, NOW, 'ReleaseLive', { colour: 'green' }, 'because')).toEqual({ ...about, why: 'because' });
  });

  test('is found again by the same task in the same environment', () => {
    expect(recorded([event], task, 'ReleaseLive')).toBe(event);
    for (const other of [
      { ...task, environment: 'Integration' },
      { ...task, execution: 'another' },
    ])
      expect(recorded([event], other, 'ReleaseLive')).toBeUndefined();
    expect(recorded([event], task, 'ReleaseStopped')).toBeUndefined();
  });
});

describe('a token', () => {
  test('is kept with what is known of its try, and nothing else', () => {
    expect(Object.keys(turnOf({ enteredAt: undefined, retries: undefined } as never))).toEqual([]);
    expect(turnOf({ enteredAt: NOW, retries: 0, token: 't' } as never)).toEqual({ enteredAt: NOW, retries: 0 });
  });

  test.each<[object, object, boolean]>([
    [{ enteredAt: NOW }, { enteredAt: LATER }, true],
    [{ enteredAt: LATER }, { enteredAt: NOW }, false],
    [{ enteredAt: NOW, retries: 1 }, { enteredAt: NOW, retries: 2 }, true],
    [{ enteredAt: NOW, retries: 2 }, { enteredAt: NOW, retries: 2 }, false],
    [{ enteredAt: NOW, retries: 2 }, { enteredAt: NOW, retries: 1 }, false],
    [{ enteredAt: NOW }, { enteredAt: NOW, retries: 1 }, true],
    [{ enteredAt: LATER, retries: 0 }, { enteredAt: NOW, retries: 2 }, false],
    [{ retries: 0 }, { enteredAt: NOW, retries: 1 }, false],
    [{ enteredAt: NOW, retries: 0 }, { retries: 1 }, false],
    [{ retries: 0 }, { retries: 1 }, false],
  ])('of %j is overtaken by one of %j: %j', (own, stored, overtaken) => {
    expect(isOvertaken(own, stored)).toBe(overtaken);
  });
});

test('a refusal says that it is one', () => {
  expect(new Refused('NotOpen', 'it is void').name).toBe('Refused');
});

test('a ticket is known by sixteen characters', () => {
  const failure = { step: 'Bake', subject: 'the new version', expected: 'no alarm', actual: 'errors', logs: 'somewhere' };
  expect(fingerprintOf('Production', failure)).toMatch(/^[0-9a-f]{16}$/);
});
