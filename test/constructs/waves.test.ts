import { type Environment, requirePath, Waves } from '../../constructs/environments';
import { Firebreak } from '../../constructs/release/firebreak';
import { GoNoGo } from '../../constructs/release/go-no-go';
import { type EnvironmentProps, Environment as Place } from '../../lib';
import { refusal } from './refusal';

const named = (name: string, given: Partial<EnvironmentProps> = {}) => new Place(name, { env: { account: '222222222222', region: 'eu-west-2' }, ...given });
const safe = { firebreak: Firebreak.none({ reason: 'x' }), goNoGo: GoNoGo.none({ reason: 'x' }) };
const integration = named('Integration');
const [london, dublin, paris] = [named('London', safe), named('Dublin'), named('Paris')];
const require =
  (environments: Environment[], ...waves: Waves[]) =>
  () =>
    requirePath('App/Payments', 'Payments', environments, waves);

test('waves are neighbours in the order of the path; the first of them says for all who agrees', () => {
  expect(require([integration, london, dublin, paris], Waves.of('Production', [london, dublin, paris]))).not.toThrow();
  expect(require([london, dublin, named('Live', safe)], Waves.of('Rehearsal', [london, dublin]))).not.toThrow();
});

test('without them the last environment must say it, and so must the first of them', () => {
  expect(refusal(require([integration, london, dublin])).code).toBe('SafetyNotSaid');
  expect(refusal(require([integration, dublin, london], Waves.of('Production', [dublin, london]))).message).toBe(
    'App/Payments: Environment "Dublin" is the first of the waves at the end of the path and has no firebreak; give it Firebreak.parties([…]), or say ' +
      'Firebreak.none({ reason }) (path-to-live:SafetyNotSaid)',
  );
});

test.each<[string, () => unknown, RegExp, string?]>([
  ['no environment', () => Waves.of('Production', []), /it has no environment; waves are at least two/],
  ['only one', () => Waves.of('Production', [london]), /it has only London; waves are at least two environments, leave them out where there is one/],
  ['one twice', () => Waves.of('Production', [london, london]), /"London" is named twice/],
  ['names, not environments', () => Waves.of('Production', ['London', 'Dublin'] as unknown as Environment[]), /environments.*new Environment/, 'WrongType'],
  ['a name that nothing can have', () => Waves.of('production', [london, dublin]), /the name is "production".*upper case/, 'EnvironmentName'],
  [
    'the name of an environment',
    require([integration, london, dublin], Waves.of('Integration', [london, dublin])),
    /have the name of the environment Integration/,
  ],
  ['one that is not on the path', require([integration, london], Waves.of('Production', [london, dublin])), /Dublin, of the waves "Production", is not among/],
  ['no neighbours', require([london, integration, dublin], Waves.of('Production', [london, dublin])), /no neighbours.*which is London, Integration, Dublin/],
  ['another order', require([london, dublin], Waves.of('Production', [dublin, london])), /no neighbours on the path in that order/],
  [
    'two of a name',
    require([london, dublin], Waves.of('Production', [london, dublin]), Waves.of('Production', [london, dublin])),
    /two waves are named "Production"/,
  ],
  [
    'an environment in two',
    require([london, dublin, paris], Waves.of('Production', [london, dublin]), Waves.of('More', [dublin, paris])),
    /Dublin is in two waves/,
  ],
])('%s is refused', (_, act, words, code = 'Waves') => {
  const refused = refusal(act);
  expect(refused.code).toBe(code);
  expect(refused.message).toMatch(words);
});
