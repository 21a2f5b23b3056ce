import { readOptions as ofExplore } from '../../proof/explore/options';
import { asked } from '../../proof/options';
import { readOptions } from '../../proof/simulate/options';

const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
afterEach(() => {
  jest.clearAllMocks();
  process.exitCode = undefined;
});

test.each([
  [[], { kind: 'many', releases: 100_000, first: 1 }],
  [['--releases', '10', '--first', '7'], { kind: 'many', releases: 10, first: 7 }],
  [['--seed', '981', '--trace'], { kind: 'one', seed: 981, trace: true }],
  [['--seeded'], { kind: 'seeded' }],
])('simulate %j', (args, options) => {
  expect(readOptions(args)).toEqual(options);
});

test.each([
  [['--releases', 'x'], '--releases is "x"; give a whole number from 1 to 100,000,000'],
  [['--releases', '0'], '--releases is "0"; give a whole number from 1 to'],
  [['--releases', '1e3'], '--releases is "1e3"; give a whole number'],
  [['--releases', ''], '--releases is ""; give a whole number'],
  [['--seed', '-1x'], "Option '--seed' argument is ambiguous"],
  [['--first', '1.5'], '--first is "1.5"; give a whole number from 1 to'],
  [['--trace'], '--trace tells the story of one world; say which with --seed <n>'],
  [['--seed', '1', '--releases', '5'], '--releases is for many worlds, and --seed is not'],
  [['--seeded', '--first', '5'], '--first is for many worlds, and --seeded is not'],
  [['--seed', '1', '--seeded'], 'give one of them'],
])('simulate %j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

test('explore names the value, too', () => {
  expect(() => ofExplore(['--troubles', 'x'])).toThrow('--troubles is "x"; give a whole number from 0 to 9');
});

test('what is wrong is said without a trace, and fails; help is neither', () => {
  expect(asked('simulate', () => readOptions(['--releases', 'x']))).toBeUndefined();
  expect(said.mock.calls.flat()).toEqual([expect.stringMatching(/^--releases is "x"; .*\nWhat there is says npm run simulate -- --help$/)]);
  expect(process.exitCode).toBe(1);
  process.exitCode = undefined;
  expect(asked('simulate', () => readOptions(['--help']))).toBeUndefined();
  expect(printed.mock.calls.flat().join()).toContain('npm run simulate [-- options]\n\nTakes releases through simulated worlds');
  expect(process.exitCode).toBeUndefined();
});
