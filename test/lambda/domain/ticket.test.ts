import fc from 'fast-check';
import type { Failure } from '../../../lambda/contract';
import type { Ticket } from '../../../lambda/domain/model';
import { fingerprintOf, type Raised, raise } from '../../../lambda/domain/ticket';

const failure: Failure = { step: 'Test the shadow of Production', subject: 'test health', expected: 'status 200', actual: 'status 503', logs: 'log group' };
const raised = (given: Partial<Raised> = {}): Raised => ({
  failure,
  environment: 'Production',
  release: '1.1.0',
  outcome: 'stopped',
  now: '2026-01-05T09:00:00.000Z',
  who: 'arn:execution',
  ...given,
});

test('the same failure has the same fingerprint whatever was found instead, and any other failure another', () => {
  const other = fc.record({ step: fc.string(), subject: fc.string(), expected: fc.string(), actual: fc.string(), logs: fc.string() });
  fc.assert(
    fc.property(other, other, fc.string(), (a, b, environment) => {
      expect(fingerprintOf(environment, { ...a, actual: b.actual, logs: b.logs })).toBe(fingerprintOf(environment, a));
      const same = a.step === b.step && a.subject === b.subject && a.expected === b.expected;
      expect(fingerprintOf(environment, a) === fingerprintOf(environment, b)).toBe(same);
    }),
  );
  expect(fingerprintOf('Integration', failure)).not.toBe(fingerprintOf('Production', failure));
});

test('fields do not run into each other', () => {
  expect(fingerprintOf('e', { ...failure, step: 'ab', subject: 'c' })).not.toBe(fingerprintOf('e', { ...failure, step: 'a', subject: 'bc' }));
});

test('a first failure is a new ticket with the evidence', () => {
  const { ticket, event } = raise(undefined, raised());
  expect(ticket).toMatchObject({ ...failure, revision: 0, releases: ['1.1.0'], count: 1, firstAt: ticket.lastAt, outcome: 'stopped' });
  expect(event).toMatchObject({ what: 'TicketRaised', release: '1.1.0', detail: { ticket: ticket.fingerprint, count: 1, actual: 'status 503' } });
});

test('a failure that comes back is counted, linked to each release once, and keeps when it began', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('1.1.0', '1.2.0', '1.3.0'), { minLength: 1, maxLength: 10 }), (releases) => {
      const last = releases.reduce<Ticket | undefined>((ticket, release, day) => raise(ticket, raised({ release, now: `2026-01-0${day}` })).ticket, undefined);
      expect(last).toMatchObject({
        count: releases.length,
        releases: [...new Set(releases)],
        firstAt: '2026-01-00',
        lastAt: `2026-01-0${releases.length - 1}`,
      });
    }),
  );
});

test('what is a matter of one release alone is another ticket of another one', () => {
  const of = (ofRelease: string, actual = failure.actual) => fingerprintOf('Production', { ...failure, actual, ofRelease });
  expect(of('1.1.0', 'something else')).toBe(of('1.1.0'));
  expect(new Set([of('1.1.0'), of('1.2.0'), fingerprintOf('Production', failure)]).size).toBe(3);
});

describe('what a ticket said before its failure came back', () => {
  const found = (known: Ticket | undefined, release: string, actual: string, day: number) =>
    raise(known, raised({ release, failure: { ...failure, actual }, now: `2026-01-0${day}T09:00:00.000Z` })).ticket;

  test('is kept, with its release and when that was, also what the same release finds in another way', () => {
    const first = found(undefined, '1.1.0', 'status 503', 1);
    expect(first).toMatchObject({ actual: 'status 503', lastRelease: '1.1.0' });
    expect(first).not.toHaveProperty('earlier');
    const last = found(found(first, '1.2.0', 'status 500', 2), '1.2.0', 'status 404', 3);
    expect(last).toMatchObject({ actual: 'status 404', lastRelease: '1.2.0', count: 3 });
    expect(last.earlier).toEqual([
      { release: '1.1.0', at: '2026-01-01T09:00:00.000Z', actual: 'status 503' },
      { release: '1.2.0', at: '2026-01-02T09:00:00.000Z', actual: 'status 500' },
    ]);
  });

  test('is of the release that came last, which is not always the last that was new', () => {
    const again = found(found(found(undefined, '1.1.0', 'a', 1), '1.2.0', 'b', 2), '1.1.0', 'c', 3);
    expect(found(again, '1.3.0', 'd', 4).earlier?.map(({ release, actual }) => [release, actual])).toEqual([
      ['1.1.0', 'a'],
      ['1.2.0', 'b'],
      ['1.1.0', 'c'],
    ]);
  });

  test('is not kept twice where the same is found of the same release, hour by hour', () => {
    const hourly = [2, 3, 4].reduce((known, day) => found(known, '1.1.0', 'status 503', day), found(undefined, '1.1.0', 'status 503', 1));
    expect(hourly).toMatchObject({ count: 4 });
    expect(hourly).not.toHaveProperty('earlier');
    expect(found(hourly, '1.2.0', 'status 503', 5).earlier).toEqual([{ release: '1.1.0', at: '2026-01-04T09:00:00.000Z', actual: 'status 503' }]);
  });

  test('is the last five times', () => {
    const days = [1, 2, 3, 4, 5, 6, 7, 8];
    const last = days.reduce<Ticket | undefined>((known, day) => found(known, `1.${day}.0`, 'status 503', day), undefined);
    expect(last?.earlier?.map(({ release }) => release)).toEqual(['1.3.0', '1.4.0', '1.5.0', '1.6.0', '1.7.0']);
  });

  test('is kept of a ticket from before that was told, too', () => {
    const { lastRelease: _new, ...before } = ['1.0.0', '1.1.0', '1.2.0'].reduce<Ticket | undefined>(
      (known, release, day) => found(known, release, 'b', day),
      undefined,
    ) as Ticket;
    const { earlier: _kept, ...old } = before;
    expect(found(old, '1.3.0', 'c', 3).earlier).toEqual([{ release: '1.2.0', at: '2026-01-02T09:00:00.000Z', actual: 'b' }]);
  });
});
