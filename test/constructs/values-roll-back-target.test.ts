import { Duration } from 'aws-cdk-lib';
import { Environment, type EnvironmentProps, GoNoGo, Party, RollBackTarget } from '../../lib';
import { refusal } from './refusal';

const env = { account: '333333333333', region: 'eu-west-2' };
const owner = Party.of('Service owner', { members: ['arn:aws:iam::333333333333:role/ServiceOwner'] });
const environment = (given: Partial<EnvironmentProps>) => new Environment('Production', { env, ...given });
const bound = (given: Partial<EnvironmentProps>) => environment(given).rollBackTarget._bind('Environment "Production"', environment(given));

test('is replaced unless the environment says otherwise, and then nothing of it is in the plan', () => {
  expect(bound({})).toBeUndefined();
  expect(bound({ rollBackTarget: RollBackTarget.replace() })).toBeUndefined();
});

test('asks a party, with its time', () => {
  expect(bound({ rollBackTarget: RollBackTarget.ask(GoNoGo.by(owner, { timeout: Duration.hours(4) })) })).toEqual({
    kind: 'ask',
    party: owner._bind(),
    timeoutSeconds: 14_400,
  });
  expect(refusal(() => RollBackTarget.ask(GoNoGo.none({ reason: 'x' }))).code).toBe('AskNobody');
});

test.each<[string, Partial<EnvironmentProps>, number]>([
  ['what it says', { rollBackTarget: RollBackTarget.refuse({ keepFor: Duration.seconds(1) }), earlyLifeSupport: Duration.days(14) }, 1],
  ['early life support', { rollBackTarget: RollBackTarget.refuse(), earlyLifeSupport: Duration.days(14), warmFor: Duration.days(20) }, 14 * 86_400],
  ['warmFor', { rollBackTarget: RollBackTarget.refuse(), warmFor: Duration.days(1) }, 86_400],
])('keeps it for %s', (_, given, keepSeconds) => {
  expect(bound(given)).toEqual({ kind: 'refuse', keepSeconds });
});

test('has an end: without one no second release would ever be let in', () => {
  const { code, message } = refusal(() => environment({ rollBackTarget: RollBackTarget.refuse() }));
  expect([code, message]).toEqual([
    'TargetForEver',
    expect.stringMatching(/Environment "Production".*without an end, which lets no second release in; give it keepFor, .* earlyLifeSupport or warmFor/),
  ]);
});

test.each([Duration.seconds(0), Duration.millis(1500), Duration.days(365)])('is kept for whole seconds, 364 days at most: %s are refused', (keepFor) => {
  const { code, message } = refusal(() => environment({ rollBackTarget: RollBackTarget.refuse({ keepFor }) }));
  expect([code, message]).toEqual(['KeepFor', expect.stringMatching(/keepFor of RollBackTarget.refuse is .* at least 1 s and at most 364 days/)]);
});

test('is kept for as long as it may be', () => {
  expect(() => environment({ rollBackTarget: RollBackTarget.refuse({ keepFor: Duration.days(364) }) })).not.toThrow();
});
