import type { EnvironmentState } from '../../../../lambda/domain/model';
import type { RuleTargets } from '../../../../lambda/domain/ports';
import { decideShift, type ShiftView } from '../../../../lambda/domain/traffic/decide-shift';
import { RULE_IS_GONE } from '../../../../lambda/domain/traffic/weights';
import { exampleRelease, exampleSlot, liveEnvironment } from '../../example-path';
import { BLUE, GREEN, GREEN_TASK } from '../../story';

const on = (weights: Readonly<Record<string, number>>): RuleTargets => ({ kind: 'slots', weights });
const SLOTS = { blue: exampleSlot('1.0.0', 'Payments-Production-Blue'), green: exampleSlot('1.1.0', 'Payments-Production-Green') };
const LOCK = { release: '1.1.0', execution: GREEN_TASK.execution, colour: 'green', since: '08:30', shifted: false };
const QUIET = { firing: [], missing: [] };
const outage = {
  release: '1.1.0',
  execution: GREEN_TASK.execution,
  says: 'back at nine',
  beganAt: '08:00',
  until: '2030-01-01',
  started: [] as string[],
} as NonNullable<EnvironmentState['outage']>;

/** 1.1.0 holds the environment in green, and is to have 10 percent. */
const decide = (state: Partial<EnvironmentState> = {}, given: Partial<ShiftView> = {}, percent = 10) =>
  decideShift({
    input: { ...GREEN_TASK, percent },
    release: exampleRelease('1.1.0'),
    state: liveEnvironment('1.0.0', 'Production', { slots: SLOTS, lock: LOCK, ...state }),
    gates: [],
    alarms: QUIET,
    healthyTargets: 1,
    actual: on({ [BLUE]: 100 }),
    now: '2026-01-05T09:00:00.000Z',
    ...given,
  });
const SHARED = { blue: 90, green: 10 };
const SHARED_RULE = on({ [BLUE]: 90, [GREEN]: 10 });
const refusal = (subject: string, expected: string, actual: string, logs: string = GREEN_TASK.execution) => ({
  kind: 'refused',
  failure: { step: 'Shift Production to 10 percent', subject, expected, actual, logs },
});

describe('what ledger and live rule say makes a shift', () => {
  test.each<[string, Partial<EnvironmentState>, RuleTargets, object]>([
    ['to write, where both have what was', {}, on({ [BLUE]: 100 }), { kind: 'write', weights: SHARED, targets: SHARED_RULE }],
    ['done, where both have what is wanted', { weights: SHARED }, SHARED_RULE, { kind: 'done' }],
    [
      'to record, where a writer that died wrote what it said it would',
      { lock: { ...LOCK, intended: SHARED } },
      SHARED_RULE,
      { kind: 'record', weights: SHARED },
    ],
    [
      'a mismatch, where the ledger has what is wanted, and the rule something else',
      { weights: SHARED },
      on({ [BLUE]: 100 }),
      { kind: 'refused', mismatch: { expected: 'blue 90, green 10', actual: 'blue 100' } },
    ],
    ['a mismatch, where somebody else wrote just that', {}, SHARED_RULE, { kind: 'refused', mismatch: { expected: 'blue 100', actual: 'blue 90, green 10' } }],
    [
      'a mismatch, where somebody else wrote just that while a writer was to write something else',
      { lock: { ...LOCK, intended: { blue: 50, green: 50 } } },
      SHARED_RULE,
      { kind: 'refused', mismatch: { expected: 'blue 100', actual: 'blue 90, green 10' } },
    ],
  ])('%s', (_, state, actual, decision) => {
    expect(decide(state, { actual })).toMatchObject(decision);
  });

  test('a mismatch that says what was expected and found, who it may have been and what to do', () => {
    const [expected, back] = ['what the ledger recorded: blue 100', 'find out who, and put it back before you submit again'];
    expect(decide({}, { actual: on({ [GREEN]: 100 }) })).toMatchObject(
      refusal('the live rule of Production', expected, `green 100: somebody else moved traffic; ${back}`),
    );
    expect(decide({}, { actual: { kind: 'gone' } })).toMatchObject(
      refusal('the live rule of Production', expected, `nothing: the rule is not there any more: ${RULE_IS_GONE}`),
    );
  });
});

describe('a slot does not get more traffic', () => {
  const { green, blue } = SLOTS;
  const alarms = (given: Partial<ShiftView['alarms']>) => ({ alarms: { ...QUIET, ...given } });
  const FIRING = [
    { alarm: 'errors', reason: 'too many' },
    { alarm: 'latency', reason: 'too slow' },
  ];

  test.each<[string, Partial<EnvironmentState>, Partial<ShiftView>, [string, string, string, string?]]>([
    [
      'that holds another version',
      { slots: { blue, green: exampleSlot('1.2.0', 'G') } },
      {},
      ['slot green', 'holds this release', 'holds 1.2.0, digest digest-of-1.2.0'],
    ],
    ['that was not deployed', { slots: { blue } }, {}, ['slot green', 'holds this release', 'was not deployed']],
    [
      'where there is nothing to go back to',
      { slots: { green, blue: exampleSlot('0.9.0', 'B') } },
      {},
      ['slot blue', 'holds what is live, to go back to', '1.0.0 is not in it'],
    ],
    [
      'than it has: a step never takes any away',
      { weights: { blue: 50, green: 50 } },
      {},
      ['the share of slot green', 'at most 10 percent so far', '50 percent'],
    ],
    [
      'while alarms fire',
      {},
      alarms({ firing: FIRING }),
      ['alarm errors, latency', 'not in ALARM before traffic moves', expect.stringContaining('in ALARM already: ') as never, 'errors, latency'],
    ],
    [
      'while alarms are missing',
      {},
      alarms({ missing: ['errors', 'latency'] }),
      ['alarm errors, latency', 'exists, to watch the slot', 'missing', 'errors, latency'],
    ],
    [
      'without a healthy target',
      {},
      { healthyTargets: 0 },
      [
        "the targets of Production's shadow",
        'at least one healthy',
        'none in green: its requests would be lost; its target group says why, submit the release again when one is healthy',
        GREEN,
      ],
    ],
  ])('%s', (_, state, given, words) => {
    expect(decide(state, given)).toEqual(refusal(...words));
  });

  test('but may have it where it is what is live, whatever version was recorded there', () => {
    const live = { colour: 'green', version: '1.0.0', digest: 'd' };
    expect(decide({ live, weights: { green: 100 } }, { actual: on({ [GREEN]: 100 }) }, 100)).toEqual({ kind: 'done' });
  });
});

describe('users that are out', () => {
  const against = { name: 'split-name', release: '1.1.0', startedAt: '08:05' };
  const out = (given: Partial<NonNullable<EnvironmentState['outage']>>, percent = 10) =>
    decide({ outage: { ...outage, ...given }, weights: {} }, { actual: { kind: 'other' } }, percent);

  test('do not come back to what is live by a step, where it may not understand the state', () => {
    expect(out({ against })).toMatchObject({
      kind: 'refused',
      failure: {
        step: 'Shift Production to 10 percent',
        subject: 'the outage of Production',
        expected: 'all of its users to the release at once',
        actual: expect.stringMatching(/^10 percent of them; users of Production have had no version since 08:00.* and submit the release again$/),
        logs: GREEN_TASK.execution,
      },
    });
    expect(out({ against }, 100)).toMatchObject({ kind: 'write', weights: { green: 100 } });
  });

  test('come back by steps where what is live was not made to fail', () => {
    expect(out({})).toMatchObject({ kind: 'write', weights: SHARED });
  });
});
