import { wrongInstant } from '../../../lambda/contract';

const DAY = 'is no day that there is';
const time = (part: string, value: number, most: number) => `is no time of day that there is: its ${part} is ${value}, and must be 0 to ${most}`;

test.each([
  '2026-12-01T06:00Z',
  '2026-12-31T23:59:59Z',
  '2026-01-01T00:00:00.000Z',
  '2028-02-29T06:00+01:00',
  '2000-02-29T06:00Z',
  '2026-04-30T06:00-23:59',
])('there is %s', (text) => expect([wrongInstant(text), Number.isNaN(Date.parse(text))]).toEqual([undefined, false]));

test.each([
  ['tomorrow', 'must be an instant with its zone'],
  ['2026-12-01T06:00', 'must be an instant with its zone'],
  ['2026-12-01T06:00Z!', 'must be an instant with its zone'],
  ['2026-12-01', 'must be an instant with its zone'],
  ['2026-13-01T06:00Z', DAY],
  ['2026-00-01T06:00Z', DAY],
  ['2026-12-00T06:00Z', DAY],
  ['2026-12-32T06:00Z', DAY],
  ['2026-02-29T06:00Z', DAY],
  ['2100-02-29T06:00Z', DAY],
  ['2026-04-31T06:00Z', DAY],
  ['2026-12-01T24:00Z', time('hour', 24, 23)],
  ['2026-12-01T06:60Z', time('minute', 60, 59)],
  ['2026-12-01T06:00:60Z', time('second', 60, 59)],
  ['2026-12-01T06:00+24:00', time('hour of its zone', 24, 23)],
  ['2026-12-01T06:00-01:60', time('minute of its zone', 60, 59)],
])('%s: %s', (text, wrong) => {
  expect(wrongInstant(text)).toBe(wrong);
});
