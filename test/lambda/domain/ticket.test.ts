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
