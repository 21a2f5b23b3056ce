import fc from 'fast-check';
import { isoOf } from '../../proof/simulate/instant';

test('an instant is told as Date tells it, in whatever order instants are asked for', () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 4e12, noNaN: true }), (at) => isoOf(at) === new Date(at).toISOString()));
});
