import { ERRORS, type RunTestInput } from '../../../../lambda/contract';
import { endsBakeOf } from '../../../../lambda/domain/health/alarm';
import { askedNow } from '../../../../lambda/domain/health/asked-now';
import { withBake } from '../../../../lambda/domain/health/bake';
import { endBake } from '../../../../lambda/domain/health/baking';
import { failedBeside } from '../../../../lambda/domain/health/failed-beside';
import type { Bake, EnvironmentState, Gate } from '../../../../lambda/domain/model';
import { opened } from '../../example-gate';
import { examplePlan, exampleSlot, exampleWorld, liveEnvironment } from '../../example-path';
import { GREEN_TASK } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const PLAN = examplePlan();
const bake: Bake = { token: 't', release: '1.1.0', colour: 'green', percent: 10, startedAt: NOW };
const lock = { release: '1.1.0', execution: GREEN_TASK.execution, colour: 'green', since: NOW, shifted: true };
const green = exampleSlot('1.1.0', 'Payments-Production-Green');
const state = (given: Partial<EnvironmentState> = {}): EnvironmentState =>
  liveEnvironment('1.0.0', 'Production', { bake, lock, weights: { blue: 90, green: 10 }, slots: { green }, ...given });

describe('an alarm ends a bake', () => {
  const fired = { alarm: 'errors', reason: 'too many' };

  test('for the machine that waits, in the audit, and for people who are asked', () => {
    const asked = opened({}, 'goNoGo');
    const { bake: _ended, ...rest } = state();
    const event = { at: NOW, what: 'AlarmRaised', release: '1.1.0', environment: 'Production', who: lock.execution, why: 'too many' };
    expect(endBake({ ...state(), bake, lock }, fired, NOW, asked)).toEqual({
      put: [rest, { ...asked, status: 'void' }],
      audit: [{ ...event, detail: { alarm: 'errors', reason: 'too many', colour: 'green', percent: 10 } }],
      deliver: [{ to: 'token', token: 't', answer: { error: ERRORS.alarmRaised, cause: 'alarm errors of slot green at 10 percent: too many' } }],
    });
    const all = endBake({ ...state({ weights: { green: 100 } }), bake, lock }, fired, NOW, undefined);
    expect([all.put.length, all.audit.map(({ detail }) => detail.percent)]).toEqual([1, [100]]);
  });

  test('of the slot that it is in, and only while somebody waits', () => {
    const [alarm = ''] = green.alarms;
    const notice = { name: alarm, state: 'ALARM', reason: 'r' };
    const ends = (given: Partial<EnvironmentState> = {}, name = alarm) => endsBakeOf({ ...notice, name }, PLAN, state(given));
    expect([ends(), ends({}, 'other')]).toEqual([true, false]);
    expect([ends({ bake: undefined }), ends({ bake: { ...bake, readAt: NOW } }), ends({ slots: {} })]).toEqual([false, false, false]);
  });
});

test('who is asked while a release has traffic is asked at the gate of the wait that is under way', async () => {
  const ports = exampleWorld();
  const gate: Gate = { ...opened({}, 'goNoGo'), gate: 'pause' };
  ports.ledger.seed(gate);
  const asks = { ...bake, asks: 'pause' } as const;
  expect(await askedNow(ports, state({ bake: asks }))).toMatchObject({ gate: 'pause', release: '1.1.0' });
  expect(await askedNow(ports, state({ bake: { ...asks, asks: 'inconclusive' } }))).toBeUndefined();
  for (const other of [bake, { ...asks, readAt: NOW }, undefined]) expect(await askedNow(ports, state({ bake: other }))).toBeUndefined();
});

test('a token that is stored once more, or after one of a later try, changes nothing', () => {
  const input = { ...GREEN_TASK, percent: 10, bakeSeconds: 300, token: 't' };
  const before = state();
  expect(withBake(before, input, 'later')).toBe(before);
  expect(withBake(state({ bake: undefined }), input, NOW).bake).toEqual(bake);
  expect(withBake(state({ bake: undefined }), { ...input, asks: 'pause' } as never, NOW).bake).toEqual({ ...bake, asks: 'pause' });
});

describe('a test beside a bake that did not pass', () => {
  const input: RunTestInput = { ...GREEN_TASK, percent: 10, test: 'orders' };
  const reading = { verdict: 'failed', subject: 'test orders', expected: 'passed', actual: 'two are lost', logs: 'l' } as const;
  const beside = async (given: Partial<EnvironmentState>, arrives?: Partial<EnvironmentState>) => {
    const ports = exampleWorld();
    ports.ledger.seed(state(given));
    ports.clock.meanwhile = () => {
      if (arrives && ports.clock.slept.length === 2) ports.ledger.seed(state(arrives));
    };
    await failedBeside(ports, input, reading);
    return { answers: ports.machines.answers, slept: ports.clock.slept, bake: (await ports.ledger.environment('Production')).bake };
  };
  const cause = 'test orders: failed: expected passed, found two are lost';
  const told = [{ token: 't', answer: { error: ERRORS.testFailed, cause } }];

  test('ends it at once', async () => {
    expect(await beside({})).toEqual({ answers: told, slept: [], bake: undefined });
  });

  test('ends it as soon as its token is stored', async () => {
    expect(await beside({ bake: undefined }, {})).toEqual({ answers: told, slept: [5_000, 5_000], bake: undefined });
  });

  test.each<[string, Partial<Bake>]>([
    ['another step', { percent: 50 }],
    ['another release', { release: '1.0.9' }],
    ['people who are asked', { asks: 'pause' }],
    ['nobody any more', { readAt: NOW }],
  ])('is for half a minute waited for, and no token of %s is answered', async (_, given) => {
    const other = { ...bake, ...given };
    expect(await beside({ bake: other })).toEqual({ answers: [], slept: Array(6).fill(5_000), bake: other });
  });

  test('is nothing to an environment that is another’s by then', async () => {
    for (const given of [{ lock: undefined }, { lock: { ...lock, execution: 'another' } }]) {
      expect(await beside(given)).toEqual({ answers: [], slept: [], bake });
    }
  });
});
