import { inAll, percentOf, scoreOf, untrue } from '../../proof/mutants/judge';
import { type Mutant, textOf } from '../../proof/mutants/mutant';
import { readOptions } from '../../proof/mutants/options';
import { complaints, survivorsOf, tableOf } from '../../proof/mutants/report';
import { ROOMS } from '../../proof/mutants/rooms';
import { SURVIVORS } from '../../proof/mutants/survivors';
import type { Tried } from '../../proof/mutants/try-room';

const mutant = (to: string, given: Partial<Mutant> = {}): Mutant => ({
  file: 'lambda/domain/traffic/lease.ts',
  line: 12,
  on: 'return now < end;',
  from: 'now < end',
  to,
  reached: true,
  ...given,
});
const listed = (to: string) => ({ file: 'lambda/domain/traffic/lease.ts', on: 'return now < end;', from: 'now < end', to, reason: 'the same' });
const tried = (found: number, ...survived: Mutant[]): Tried => ({ room: 'lambda/domain/traffic', found, timedOut: 1, survived, seconds: 61.4 });

test('what survived counts against the rules, unless the list has it', () => {
  const room = tried(8, mutant('true'), mutant('false'));
  expect(percentOf(scoreOf(room, []))).toBe(80);
  const score = scoreOf(room, [listed('true')]);
  expect(score).toMatchObject({ found: 8, listed: 1, survived: [{ to: 'false' }] });
  expect(percentOf(score)).toBeCloseTo(88.9, 1);
  expect(percentOf(scoreOf(tried(0), []))).toBe(100);
});

test('it is known by its text, wherever its line is by now, and not by less than all of it', () => {
  expect(scoreOf(tried(1, mutant('true', { line: 99 })), [listed('true')]).survived).toEqual([]);
  for (const other of [{ file: 'lambda/domain/traffic/shift.ts' }, { on: 'if (now < end)' }, { from: 'now' }]) {
    expect(scoreOf(tried(1, mutant('true', other)), [listed('true')]).survived).toHaveLength(1);
  }
});

test('an entry of the list whose mutant is found by now, or is not there, is untrue; of what was not tried nothing is said', () => {
  expect(untrue([tried(1, mutant('true'))], [listed('true'), listed('false')])).toEqual([listed('false')]);
  expect(untrue([{ ...tried(1), room: 'lambda/domain/gates' }], [listed('true')])).toEqual([]);
  expect(untrue([{ ...tried(1), room: 'lambda/domain' }], [{ ...listed('true'), file: 'lambda/domain/ticket.ts' }])).toHaveLength(1);
});

test('less than 90 percent, or an untrue entry, is a complaint', () => {
  const all = (found: number, survived: number) => inAll([scoreOf(tried(found, ...Array(survived).fill(mutant('true'))), [])]);
  expect(complaints(all(90, 10), [])).toEqual([]);
  expect(complaints(all(89, 11), [])).toEqual(['89.0 % of what is not listed were found; at least 90 % must be']);
  expect(complaints(all(1, 0), [listed('true')])).toEqual([expect.stringContaining('lease.ts, in return now < end;: now < end  ->  true')]);
});

test('people read a row a room, and where each survivor is', () => {
  const score = scoreOf(tried(9, mutant('true', { reached: false })), []);
  expect(tableOf([score])).toMatch(/^room +found +timed out +survived +listed +seconds +score\nlambda\/domain\/traffic +9 +1 +1 +0 +61 +90\.0 %$/);
  expect(survivorsOf(score)).toBe('lambda/domain/traffic/lease.ts:12  now < end  ->  true  (no test runs it)');
});

test('code is one line, and cut where it is long', () => {
  expect(textOf(' a\n   && b ')).toBe('a && b');
  expect(textOf('x'.repeat(101))).toBe(`${'x'.repeat(98)} …`);
});

test('rooms are the folders of the rules, and what is in none of them', () => {
  expect(ROOMS).toEqual(expect.arrayContaining(['lambda/domain', 'lambda/domain/traffic', 'lambda/domain/gates']));
  expect(readOptions([])).toEqual({ rooms: ROOMS, anew: false });
  expect(readOptions(['--only', 'lambda/domain/traffic/', '--anew'])).toEqual({ rooms: ['lambda/domain/traffic'], anew: true });
  expect(() => readOptions(['--only', 'traffic'])).toThrow('--only is "traffic"; give one of lambda/domain/');
});

test('every entry of the list says why, and is there once', () => {
  const texts = SURVIVORS.map(({ file, on, from, to }) => JSON.stringify([file, on, from, to]));
  expect(texts.filter((each, index) => texts.indexOf(each) !== index)).toEqual([]);
  expect(SURVIVORS.filter(({ reason }) => reason.length < 20)).toEqual([]);
});
