import * as fc from 'fast-check';
import { digestOf } from '../../cli/assembly/digest';
import { eventSentence } from '../../cli/follow/event-sentence';
import { shortLine } from '../../cli/report/in-short';
import { person } from '../../cli/report/person';
import { fields, table, wrap } from '../../cli/report/table';
import { durationSeconds, elapsed } from '../../cli/report/time';
import { EVENT_NAMES, ORIGINAL } from '../../lambda/contract';
import vectors from '../lambda/bundle-digest-vectors.json';
import { event } from './example-views';

describe('the digest', () => {
  test.each(vectors.map((vector) => [vector.says, vector] as const))('is the one the hub computes: %s', (_, { bundle, digest }) => {
    expect(digestOf(bundle)).toBe(digest);
  });
});

describe('durations', () => {
  test.each([
    ['90s', 90],
    ['30m', 1800],
    ['2h', 7200],
    ['1d', 86400],
  ])('%s', (text, seconds) => expect(durationSeconds(text, '--timeout')).toBe(seconds));

  test('are a year at most', () => {
    expect(durationSeconds('365d', '--timeout')).toBe(31_536_000);
    for (const text of ['366d', '99999h', '8761h']) expect(() => durationSeconds(text, '--timeout')).toThrow(`--timeout is "${text}"; it must be at most 365d`);
  });

  test.each(['', '0m', '5', '-1h', '1.5h', '1 h', '2w', '1h30m'])('refused: %j', (text) => {
    expect(() => durationSeconds(text, '--timeout')).toThrow(`--timeout is ${JSON.stringify(text)}; it must be a whole number`);
  });

  test.each([
    [0, '0:00'],
    [59_499, '0:59'],
    [61_000, '1:01'],
    [3_600_000, '1:00:00'],
  ])('%i ms are %s', (milliseconds, text) => expect(elapsed(1000, 1000 + milliseconds)).toBe(text));
});

describe('tables', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 }).map((list) => list.join(' '));

  test('keep every word of the last column, in lines that fit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/), words, (first, text) => {
        const lines = table(['NAME', 'TEXT'], [[first, text]], 80);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
        expect(lines.slice(1).join(' ').split(/ +/).filter(Boolean)).toEqual([first, ...text.split(' ')]);
      }),
    );
  });

  test('columns are as wide as their longest cell', () => {
    expect(
      table(
        ['A', 'B'],
        [
          ['long one', 'x'],
          ['s', 'y'],
        ],
        80,
      ),
    ).toEqual(['A         B', 'long one  x', 's         y']);
  });

  test('a word that does not fit keeps a line of its own', () => {
    expect(wrap('see https://a-long-address.example/x now', 10)).toEqual(['see', 'https://a-long-address.example/x', 'now']);
  });

  test('what others wrote begins no line of its own, and moves no cursor', () => {
    const said = 'fine\n  security  accepted (Security/on-call)\r\n\u001b[1A\u001b[2K\u009b2J\u202etxt';
    expect(fields([['product', said]], 200)).toEqual(['  product  fine   security  accepted (Security/on-call) [1A [2K 2J txt']);
    expect(eventSentence(event(0, 'DecisionRecorded', { environment: 'Production', why: said }), '1.4.2')).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});

describe('people', () => {
  test.each([
    ['arn:aws:sts::111111111111:assumed-role/Release/service-manager', 'Release/service-manager'],
    ['arn:aws:iam::111111111111:user/teams/service-manager', 'teams/service-manager'],
    ['arn:aws:states:eu-west-2:111111111111:execution:Payments-path:1.4.2-1', 'the release itself'],
    ['arn:aws:iam::111111111111:root', 'the root user of 111111111111'],
    ['arn:aws:sts::111111111111:federated-user/service-manager', 'arn:aws:sts::111111111111:federated-user/service-manager'],
  ])('%s is %s', (arn, name) => expect(person(arn)).toBe(name));
});

describe('events', () => {
  test('whoever watches a release learns that it takes the roll-back target of what is live', () => {
    const entered = event(0, 'EnvironmentEntered', { environment: 'Production', detail: { colour: 'blue', live: '1.1.0', replaces: '1.0.0' } });
    expect(eventSentence(entered, '1.2.0')).toBe(
      'Production: 1.2.0 enters, for the slot blue that held 1.0.0: what is live cannot be rolled back to it any more',
    );
  });

  test.each(EVENT_NAMES)('%s has a sentence, whatever its detail holds', (what) => {
    const sentence = eventSentence(event(0, what, { environment: 'Production', why: 'because' }), '1.4.2');
    expect(sentence).toMatch(/^Production: .+: because$/);
    expect(sentence).not.toMatch(/undefined|\[object|NaN/);
  });

  test.each([
    ['ReleaseStopped', {}, 'Production: 1.4.2 stopped, no live traffic was moved'],
    ['ReleaseStopped', { currentAttempt: false }, 'Production: another attempt of 1.4.2 stopped, no live traffic was moved'],
    ['ReleaseRolledBack', { live: '1.4.1' }, 'Production: 1.4.2 rolled back, live traffic is on 1.4.1'],
    ['ReleaseRolledBack', { live: ORIGINAL }, 'Production: 1.4.2 rolled back, live traffic is on what served before any release'],
    ['ReleaseRolledBack', { live: null }, 'Production: 1.4.2 rolled back, no release is live, as before it: users are answered 503'],
    ['ReleaseRolledBack', {}, 'Production: 1.4.2 rolled back, live traffic is on what served before'],
    ['TrafficShifted', { percent: 10, colour: 'blue' }, 'Production: 10 percent of live traffic goes to 1.4.2, slot blue'],
    ['TrafficShifted', { percent: 100, colour: 'blue', atOnce: 'why' }, 'Production: 100 percent of live traffic goes to 1.4.2, slot blue: why'],
  ] as const)('%s with %j says whose end it is, and what is live', (what, detail, sentence) => {
    expect(eventSentence(event(0, what, { environment: 'Production', detail }), '1.4.2')).toBe(sentence);
  });
});

describe('sentences of the hub', () => {
  const SESSION = 'arn:aws:sts::111111111111:assumed-role/Release/service-manager';

  test.each([
    [
      `frozen by ${SESSION} since 2026-01-05T09:00:00.000Z, until 2026-01-06T10:30:59.999Z`,
      'frozen by Release/service-manager since 2026-01-05 09:00 UTC, until 2026-01-06 10:30 UTC',
    ],
    [
      `aborted by ${SESSION} (late); evicted by 1.0.1 of ${SESSION} (down)`,
      'aborted by Release/service-manager (late); evicted by 1.0.1 of Release/service-manager (down)',
    ],
    ['asked for by arn:aws:iam::111111111111:user/ops/jo.', 'asked for by ops/jo.'],
    [`which ${SESSION} submitted; already: you, ${SESSION}, at`, 'which Release/service-manager submitted; already: you, Release/service-manager, at'],
  ])('have people and instants in short: %s', (sentence, said) => {
    expect(shortLine(sentence)).toBe(said);
  });

  test.each([
    `${SESSION} is not in the party "product"`,
    'ask one of arn:aws:iam::111111111111:role/Release',
    'the live rule of arn:aws:elasticloadbalancing:eu-west-1:333333333333:listener-rule/app/a/b/c',
    'for example 2026-12-01T06:00Z',
  ])('and nothing else: %s', (sentence) => {
    expect(shortLine(sentence)).toBe(sentence);
  });
});
