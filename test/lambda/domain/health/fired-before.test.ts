import { firedBefore, fixForwardInWords, isToBeRecorded } from '../../../../lambda/domain/health/fired-before';
import type { FiredBefore } from '../../../../lambda/domain/model';
import { exampleRelease, exampleSlot, liveEnvironment } from '../../example-path';
import { GREEN_TASK } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const SINCE = '2026-01-05T08:00:00.000Z';
const slot = exampleSlot('1.1.0', 'Payments-Production-Green');
const state = liveEnvironment('1.0.0', 'Production', { slots: { green: slot } });
const fix = exampleRelease('1.1.0', undefined, { fixForward: 'mends orders' });
const errors: FiredBefore = { alarm: 'errors', reason: 'too many', since: SINCE };
const latency: FiredBefore = { alarm: 'latency', reason: 'too slow', since: SINCE, baseline: { was: 1.8, allowed: 1.98 } };

test('what fires when a fix-forward has been deployed is recorded in its slot, and told with why it goes forward', () => {
  expect(firedBefore(GREEN_TASK, fix, state, slot, [errors], NOW)).toEqual({
    put: [expect.objectContaining({ slots: { green: { ...slot, firedBefore: [errors] } } })],
    audit: [expect.objectContaining({ at: NOW, what: 'AlarmsFiredBefore', why: 'mends orders', detail: { colour: 'green', alarms: [errors] } })],
  });
  expect(firedBefore(GREEN_TASK, fix, state, slot, [], NOW)).toEqual({
    put: [expect.objectContaining({ slots: { green: { ...slot, firedBefore: [] } } })],
    audit: [],
  });
});

test('it is recorded once, in a slot, and of a fix-forward only', () => {
  const recorded = { ...slot, firedBefore: [] };
  expect([isToBeRecorded(fix, slot), isToBeRecorded(fix, recorded), isToBeRecorded(fix, undefined), isToBeRecorded(exampleRelease('1.1.0'), slot)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('who decides is told that it is one, and which alarms do not count', () => {
  expect(fixForwardInWords(exampleRelease('1.1.0'), { firedBefore: [errors] })).toBeUndefined();
  for (const none of [undefined, {}, { firedBefore: [] }]) expect(fixForwardInWords(fix, none)).toBe('mends orders');
  expect(fixForwardInWords(fix, { firedBefore: [errors, latency] })).toBe(
    `mends orders; fires since before it, and does not count: errors since ${SINCE} (too many); latency since ${SINCE} (too slow), unless it gets worse than 1.98; it was 1.8`,
  );
});
