import { Duration, Token } from 'aws-cdk-lib';
import { Change } from '../../constructs/release/change';
import { Firebreak } from '../../constructs/release/firebreak';
import { GoNoGo } from '../../constructs/release/go-no-go';
import { Party } from '../../constructs/release/party';
import { Resumes } from '../../constructs/release/resumes';
import { refusal } from './refusal';

const security = Party.of('Security', { members: ['arn:aws:iam::111111111111:role/security'] });
const product = Party.of('Product', { members: ['arn:aws:iam::111111111111:user/product'] });

describe('an error at synth', () => {
  test('says where, what is wrong, the value, what is allowed and what to change, and has a code', () => {
    expect(refusal(() => Party.of('Security', { members: ['security'] })).message).toBe(
      'Party.of("Security"): a member is "security"; it must be the ARN of one IAM role or user, for example "arn:aws:iam::111111111111:role/security"; ' +
        'for somebody who signs in by single sign-on that is the role behind the session, not the arn:aws:sts:: name of the session (path-to-live:PartyMember)',
    );
    expect(refusal(() => Firebreak.parties([])).message).toBe(
      'Firebreak.parties: the list of parties is empty; name who must accept, or say that nobody has to with Firebreak.none({ reason }) ' +
        '(path-to-live:FirebreakWithoutParties)',
    );
  });
});

describe('Party', () => {
  test.each([
    'arn:aws:iam::111111111111:role/security',
    'arn:aws-us-gov:iam::111111111111:user/path/of/user@example.com',
    Token.asString({ Ref: 'Role' }),
  ])('takes the member %j', (member) => {
    expect(Party.of('Security', { members: [member] })._bind()).toEqual({ name: 'Security', members: [member] });
  });

  test.each([
    ['PartyWithoutMembers', []],
    ['PartyMember', ['security']],
    ['PartyMember', ['arn:aws:iam::111111111111:group/security']],
    ['PartyMember', ['arn:aws:iam::111111111111:role/*']],
    ['PartyMember', ['arn:aws:sts::111111111111:assumed-role/security/deputy']],
    ['PartyMember', ['arn:aws:iam::111111111111:role/a', 'arn:aws:iam::111111111111:role/a']],
  ])('refuses with %s the members %j', (code, members) => {
    expect(refusal(() => Party.of('Security', { members })).code).toBe(code);
  });

  test.each(['S', 'Live service 24-7_b', 'x'.repeat(40)])('takes the name %j', (name) => {
    expect(Party.of(name, { members: security.members }).name).toBe(name);
  });

  test.each(['', '1st', 'a/b', 'x'.repeat(41)])('refuses the name %j', (name) => {
    expect(refusal(() => Party.of(name, { members: security.members })).code).toBe('PartyName');
  });
});

describe('Change', () => {
  test.each([
    [Change.altersSchema(), 'altersSchema'],
    [Change.needsManualTest(), 'needsManualTest'],
    [Change.named('x'.repeat(40)), 'x'.repeat(40)],
  ])('has the name a release declares it by', (change, name) => {
    expect(change.name).toBe(name);
  });

  test.each(['', 'AltersSchema', 'alters-schema', 'x'.repeat(41)])('refuses the name %j', (name) => {
    expect(refusal(() => Change.named(name)).code).toBe('ChangeName');
  });
});

describe('Firebreak', () => {
  test('by default applies to every release, waits 14 days, and is resumed by whoever IAM lets', () => {
    expect(Firebreak.parties([security, product])._bind()).toEqual({
      parties: [security._bind(), product._bind()],
      when: [],
      resumes: 'byReleaseManager',
      releaseManagers: [],
      timeoutSeconds: 14 * 86_400,
    });
  });

  test('when() narrows a copy, adds up, and names each change once', () => {
    const always = Firebreak.parties([security]);
    const narrowed = always.when(Change.altersSchema()).when(Change.needsManualTest(), Change.altersSchema());
    expect(narrowed._bind()?.when).toEqual(['altersSchema', 'needsManualTest']);
    expect(always._bind()?.when).toEqual([]);
  });

  test.each([
    [Resumes.byReleaseManager(product), 'byReleaseManager', product.members],
    [Resumes.automatically(), 'automatically', []],
  ])('resumes as it is told', (resumes, how, releaseManagers) => {
    expect(Firebreak.parties([security], { resumes })._bind()).toMatchObject({ resumes: how, releaseManagers });
  });

  test('none has no plan, but a reason', () => {
    const none = Firebreak.none({ reason: 'nobody else uses it' });
    expect([none._bind(), none._optOut()]).toEqual([undefined, 'nobody else uses it']);
    expect(Firebreak.parties([security])._optOut()).toBeUndefined();
  });

  test.each([
    ['FirebreakWithoutParties', () => Firebreak.parties([])],
    ['PartyName', () => Firebreak.parties([security, security])],
    ['FirebreakWithoutChanges', () => Firebreak.parties([security]).when()],
    ['FirebreakNone', () => Firebreak.none({ reason: 'x' }).when(Change.altersSchema())],
    ['ReasonMissing', () => Firebreak.none({ reason: ' ' })],
    ['FirebreakTimeout', () => Firebreak.parties([security], { timeout: Duration.seconds(0) })],
  ])('refuses with %s', (code, act) => {
    expect(refusal(act).code).toBe(code);
  });
});

describe('a wait', () => {
  const waits: [string, (wait: Duration) => unknown][] = [
    ['a firebreak', (timeout) => Firebreak.parties([security], { timeout })],
    ['a go/no-go', (timeout) => GoNoGo.by(product, { timeout })],
  ];

  test.each(waits)('%s may take from a second to 364 days', (_, make) => {
    for (const wait of [Duration.seconds(1), Duration.days(364)]) expect(() => make(wait)).not.toThrow();
  });

  test.each(waits)('%s is refused when it is no time, no whole second, or more than 364 days', (_, make) => {
    for (const wait of [Duration.seconds(0), Duration.millis(1500), Duration.days(364).plus(Duration.seconds(1))]) {
      expect(refusal(() => make(wait)).message).toContain('at least 1 s and at most 364 days');
    }
  });

  test.each(waits)('%s is refused when it is only known at deployment', (_, make) => {
    expect(refusal(() => make(Duration.seconds(Token.asNumber({ Ref: 'Wait' })))).message).toContain('give a literal');
  });

  test('is refused by the CDK when it is negative', () => {
    expect(() => Duration.seconds(-1)).toThrow();
  });
});

describe('GoNoGo', () => {
  test('by a party waits 3 days by default', () => {
    expect(GoNoGo.by(product)._bind()).toEqual({ party: product._bind(), timeoutSeconds: 3 * 86_400 });
  });

  test('none has no plan, but a reason', () => {
    const none = GoNoGo.none({ reason: 'read only' });
    expect([none._bind(), none._optOut(), GoNoGo.by(product)._optOut()]).toEqual([undefined, 'read only', undefined]);
    expect(refusal(() => GoNoGo.none({ reason: '' })).code).toBe('ReasonMissing');
  });
});
