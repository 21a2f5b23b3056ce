import fc from 'fast-check';
import { didYouMean } from '../../../lambda/contract';

const ENVIRONMENTS = ['Integration', 'Preproduction', 'Production'];

test.each([
  ['Prodcution', ENVIRONMENTS, ' (did you mean "Production"?)'],
  ['production', ENVIRONMENTS, ' (did you mean "Production"?)'],
  ['Prod', ENVIRONMENTS, ' (did you mean "Production"?)'],
  ['Pr', ENVIRONMENTS, ''],
  ['Moon', ENVIRONMENTS, ''],
  ['', ENVIRONMENTS, ''],
  ['Moon', [], ''],
  ['altersSchemas', ['movesMoney', 'altersSchema'], ' (did you mean "altersSchema"?)'],
  // a letter in three may be wrong, and no more
  ['abcdef', ['abcdxx'], ' (did you mean "abcdxx"?)'],
  ['abcdef', ['abcxxx'], ''],
])('for %j of %j: %j', (word, known, meant) => {
  expect(didYouMean(word, known)).toBe(meant);
});

test('the nearest word is meant, however many letters were put in, left out or exchanged', () => {
  const letter = fc.constantFrom(...'abcdefghijklmnop');
  const word = fc.string({ unit: letter, minLength: 9, maxLength: 20 });
  fc.assert(
    fc.property(word, fc.nat(), letter, fc.constantFrom('in', 'out', 'other'), (meant, place, wrong, how) => {
      const at = place % meant.length;
      const misspelt = { in: meant.slice(0, at) + wrong + meant.slice(at), out: meant.slice(0, at) + meant.slice(at + 1) }[how as 'in' | 'out'];
      const written = misspelt ?? meant.slice(0, at) + wrong + meant.slice(at + 1);
      expect(didYouMean(written, ['xyzxyzxyzxyz', meant, 'qrsqrsqrs'])).toBe(` (did you mean ${JSON.stringify(meant)}?)`);
    }),
  );
});
