import { Duration, Token } from 'aws-cdk-lib';
import fc from 'fast-check';
import { Colour } from '../../constructs/blue-green/colour';
import { TrafficStrategy } from '../../constructs/blue-green/traffic-strategy';
import { EnvironmentTest } from '../../constructs/environments/environment-test';
import { ShadowAccess } from '../../constructs/environments/shadow-access';
import { SharedValue } from '../../constructs/environments/shared-value';
import { PathToLiveError } from '../../constructs/private/errors';
import { Change } from '../../constructs/release/change';
import { Firebreak } from '../../constructs/release/firebreak';
import { GoNoGo } from '../../constructs/release/go-no-go';
import { HealthAlarm } from '../../constructs/release/health-alarm';
import { HealthGate } from '../../constructs/release/health-gate';
import { Party } from '../../constructs/release/party';
import { Resumes } from '../../constructs/release/resumes';
import { LambdaWorkload, type LambdaWorkloadProps } from '../../constructs/workloads';
import { refusal } from './refusal';

const security = Party.of('Security', { members: ['arn:aws:iam::111111111111:role/security'] });
const product = Party.of('Product', { members: ['arn:aws:iam::111111111111:user/product'] });
const minute = Duration.minutes(1);

describe('an error at synth', () => {
  test('says where, what is wrong, the value, what is allowed and what to change, and has a code', () => {
    expect(refusal(() => Party.of('Security', { members: ['security'] })).message).toBe(
      'Party.of("Security"): a member is "security"; it must be the ARN of one IAM role or user, for example "arn:aws:iam::111111111111:role/security"; ' +
        'for somebody who signs in by single sign-on that is the role behind the session, not the arn:aws:sts:: name of the session (path-to-live:PartyMember)',
    );
    expect(refusal(() => Firebreak.parties([])).message).toBe(
      'Firebreak.parties: the list of parties is empty, got: []; name who must accept, or say that nobody has to with Firebreak.none({ reason }) ' +
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
    ['PartyMember', ['arn:aws:sts::111111111111:assumed-role/security/jo']],
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

describe('TrafficStrategy', () => {
  test.each([
    ['all at once', TrafficStrategy.allAtOnce(), [[100, 300]]],
    ['all at once, watched longer', TrafficStrategy.allAtOnce({ bakeTime: minute }), [[100, 60]]],
    [
      'a canary',
      TrafficStrategy.canary({ steps: [10, 50], bakeTime: minute }),
      [
        [10, 60],
        [50, 60],
        [100, 60],
      ],
    ],
    [
      'a line that does not divide 100',
      TrafficStrategy.linear({ percent: 40, every: minute }),
      [
        [40, 60],
        [80, 60],
        [100, 60],
      ],
    ],
    [
      'free steps',
      TrafficStrategy.steps([
        { percent: 1, bakeTime: Duration.days(364) },
        { percent: 100, bakeTime: Duration.seconds(0) },
      ]),
      [
        [1, 364 * 86_400],
        [100, 0],
      ],
    ],
  ])('%s', (_, strategy, steps) => {
    expect(strategy._bind().map(({ percent, bakeSeconds }) => [percent, bakeSeconds])).toEqual(steps);
  });

  test('whatever is asked for, a strategy that is not refused rises in whole percentages and ends at 100', () => {
    const asked = fc.oneof(
      fc.array(fc.integer({ min: -5, max: 105 }), { maxLength: 6 }).map((steps) => () => TrafficStrategy.canary({ steps, bakeTime: minute })),
      fc.integer({ min: -5, max: 105 }).map((percent) => () => TrafficStrategy.linear({ percent, every: minute })),
      fc
        .array(fc.oneof(fc.integer({ min: 0, max: 101 }), fc.double()), { maxLength: 6 })
        .map((steps) => () => TrafficStrategy.steps(steps.map((percent) => ({ percent, bakeTime: minute })))),
    );
    fc.assert(
      fc.property(asked, (make) => {
        let percents: number[];
        try {
          percents = make()
            ._bind()
            .map(({ percent }) => percent);
        } catch (error) {
          return error instanceof PathToLiveError;
        }
        const rises = percents.every((percent, index) => Number.isInteger(percent) && percent > (percents[index - 1] ?? 0));
        return rises && percents.at(-1) === 100;
      }),
    );
  });

  test.each([
    ['TrafficPercent', () => TrafficStrategy.canary({ steps: [0], bakeTime: minute })],
    ['TrafficPercent', () => TrafficStrategy.canary({ steps: [10, 100], bakeTime: minute })],
    ['TrafficPercent', () => TrafficStrategy.canary({ steps: [12.5], bakeTime: minute })],
    ['TrafficSteps', () => TrafficStrategy.canary({ steps: [], bakeTime: minute })],
    ['TrafficSteps', () => TrafficStrategy.canary({ steps: [50, 10], bakeTime: minute })],
    ['TrafficSteps', () => TrafficStrategy.canary({ steps: [10, 10], bakeTime: minute })],
    ['TrafficPercent', () => TrafficStrategy.linear({ percent: 0, every: minute })],
    ['TrafficPercent', () => TrafficStrategy.linear({ percent: 100, every: minute })],
    ['TrafficPercent', () => TrafficStrategy.steps([{ percent: 101, bakeTime: minute }])],
    ['TrafficSteps', () => TrafficStrategy.steps([])],
    ['TrafficSteps', () => TrafficStrategy.steps([{ percent: 99, bakeTime: minute }])],
    ['BakeTime', () => TrafficStrategy.allAtOnce({ bakeTime: Duration.millis(500) })],
    ['BakeTime', () => TrafficStrategy.allAtOnce({ bakeTime: Duration.days(365) })],
  ])('refuses with %s', (code, act) => {
    expect(refusal(act).code).toBe(code);
  });

  test('an error about steps shows all of them', () => {
    expect(refusal(() => TrafficStrategy.canary({ steps: [50, 10], bakeTime: minute })).message).toBe(
      'TrafficStrategy.canary: the steps [50,10,100] do not rise: 10 comes after 50; each step must be larger than the one before (path-to-live:TrafficSteps)',
    );
  });
});

describe('HealthGate', () => {
  test.each([
    [HealthGate.alarms([HealthAlarm.serverErrors()]), { kind: 'alarms', minimumRequests: 1 }],
    [HealthGate.alarms([HealthAlarm.fromAlarmName('checkout')], { minimumRequests: 0 }), { kind: 'alarms', minimumRequests: 0 }],
    [HealthGate.http('/health'), { kind: 'http', path: '/health', expectStatus: 200, timeoutSeconds: 5 }],
    [HealthGate.http('/', { expectStatus: 204, timeout: Duration.seconds(60) }), { kind: 'http', path: '/', expectStatus: 204, timeoutSeconds: 60 }],
    [HealthGate.none({ reason: 'x' }), undefined],
  ])('binds to its plan', (gate, plan) => {
    expect(gate._bind()).toEqual(plan);
  });

  test.each([
    ['GateWithoutAlarms', () => HealthGate.alarms([])],
    ['AlarmName', () => HealthGate.alarms([HealthAlarm.serverErrors(), HealthAlarm.serverErrors({ threshold: 1 })])],
    ['MinimumRequests', () => HealthGate.alarms([HealthAlarm.serverErrors()], { minimumRequests: -1 })],
    ['MinimumRequests', () => HealthGate.alarms([HealthAlarm.serverErrors()], { minimumRequests: 0.5 })],
    ['HttpPath', () => HealthGate.http('health')],
    ['HttpPath', () => HealthGate.http('/he alth')],
    ['HttpStatus', () => HealthGate.http('/', { expectStatus: 99 })],
    ['HttpStatus', () => HealthGate.http('/', { expectStatus: 600 })],
    ['HttpTimeout', () => HealthGate.http('/', { timeout: Duration.seconds(0) })],
    ['HttpTimeout', () => HealthGate.http('/', { timeout: Duration.seconds(61) })],
    ['ReasonMissing', () => HealthGate.none({ reason: '' })],
    ['AlarmThreshold', () => HealthAlarm.serverErrors({ threshold: 0 })],
    ['AlarmPeriod', () => HealthAlarm.serverErrors({ period: Duration.seconds(59) })],
    ['AlarmPeriod', () => HealthAlarm.serverErrors({ period: Duration.seconds(90) })],
    ['AlarmPeriod', () => HealthAlarm.serverErrors({ period: Duration.minutes(61) })],
    ['AlarmName', () => HealthAlarm.serverErrors({ name: 'server-errors' })],
    ['AlarmThreshold', () => HealthAlarm.latency({ threshold: Duration.millis(0) })],
    ['AlarmPercentile', () => HealthAlarm.latency({ threshold: minute, percentile: 'p100' })],
    ['AlarmPercentile', () => HealthAlarm.latency({ threshold: minute, percentile: 'average' })],
    ['AlarmName', () => HealthAlarm.fromAlarmName('a,b')],
    ['AlarmName', () => HealthAlarm.fromAlarmName('arn:aws:cloudwatch:eu-west-2:111111111111:alarm:x')],
  ])('refuses with %s', (code, act) => {
    expect(refusal(act).code).toBe(code);
  });

  test.each([
    ['a threshold of 1', () => HealthAlarm.serverErrors({ threshold: 1, period: Duration.minutes(60) })],
    ['a millisecond', () => HealthAlarm.latency({ threshold: Duration.millis(1), percentile: 'p99.99' })],
    ['a name of 255 characters', () => HealthAlarm.fromAlarmName('x'.repeat(255))],
  ])('takes %s', (_, act) => {
    expect(act).not.toThrow();
  });
});

describe('ShadowAccess', () => {
  const key = 'path-to-live/Payments/Production/hidden/blue';

  test('by default asks for the key, whose value CloudFormation reads, and says so', () => {
    const access = ShadowAccess.secretHeader();
    const [condition] = access._conditions(key);
    expect(condition).toMatchObject({ field: 'http-header', httpHeaderConfig: { httpHeaderName: 'x-path-to-live-key' } });
    expect(access._describe(key)).toEqual({ secretHeaders: { 'x-path-to-live-key': key }, access: 'whoever sends the key' });
    expect(access._needsKey).toBe(true);
  });

  test('by networks asks for no key', () => {
    const access = ShadowAccess.fromCidrs(['203.0.113.0/24', '2001:db8::/32']);
    expect(access._conditions(key)).toEqual([{ field: 'source-ip', sourceIpConfig: { values: ['203.0.113.0/24', '2001:db8::/32'] } }]);
    expect(access._describe(key)).toEqual({ secretHeaders: {}, access: 'callers from 203.0.113.0/24, 2001:db8::/32' });
    expect(access._needsKey).toBe(false);
  });

  test('open asks for nothing, and keeps the reason', () => {
    const access = ShadowAccess.open({ reason: 'a public demonstration' });
    expect([access._conditions(key), access._optOut()]).toEqual([[], 'a public demonstration']);
    expect(access._describe(key).access).toContain('a public demonstration');
  });

  test.each([['0.0.0.0/1'], ['255.255.255.255/32'], ['::1/128'], ['2001:db8::/32'], [Token.asString({ Ref: 'Office' })]])('takes %j', (cidr) => {
    expect(() => ShadowAccess.fromCidrs([cidr])).not.toThrow();
  });

  test.each([
    ['ShadowCidr', []],
    ['ShadowCidr', ['203.0.113.0']],
    ['ShadowCidr', ['203.0.113.256/24']],
    ['ShadowCidr', ['203.0.113.0/33']],
    ['ShadowCidr', ['203.0.113/24']],
    ['ShadowCidr', ['2001:db8::/129']],
    ['ShadowCidr', ['0.0.0.0/0']],
    ['ShadowCidr', ['::/0']],
    ['ShadowCidr', ['192.0.2.0/24', '192.0.2.0/24']],
    ['ShadowCidr', ['192.0.2.1/32', '192.0.2.2/32', '192.0.2.3/32', '192.0.2.4/32', '192.0.2.5/32']],
  ])('refuses with %s the networks %j', (code, cidrs) => {
    expect(refusal(() => ShadowAccess.fromCidrs(cidrs)).code).toBe(code);
  });

  test('takes four networks, which fill a rule', () => {
    expect(() => ShadowAccess.fromCidrs(['192.0.2.1/32', '192.0.2.2/32', '192.0.2.3/32', '192.0.2.4/32'])).not.toThrow();
  });

  test('is not open without a reason', () => {
    expect(refusal(() => ShadowAccess.open({ reason: '' })).code).toBe('ReasonMissing');
  });
});

describe('EnvironmentTest', () => {
  test.each([
    [EnvironmentTest.http('/health'), { kind: 'http', name: 'GET /health', path: '/health', expectStatus: 200, timeoutSeconds: 10 }],
    [
      EnvironmentTest.http('/search?q=a', { expectStatus: 404, timeout: Duration.seconds(1) }),
      { kind: 'http', name: 'GET /search', path: '/search?q=a', expectStatus: 404, timeoutSeconds: 1 },
    ],
    [EnvironmentTest.http(`/${'x'.repeat(50)}`), expect.objectContaining({ name: `GET /${'x'.repeat(35)}` })],
  ])('asks by HTTP', (environmentTest, plan) => {
    expect(environmentTest._bind()).toEqual(plan);
  });

  test.each([
    ['HttpPath', () => EnvironmentTest.http('')],
    ['HttpPath', () => EnvironmentTest.http(`/${'x'.repeat(1024)}`)],
    ['HttpStatus', () => EnvironmentTest.http('/', { expectStatus: 1000 })],
    ['HttpTimeout', () => EnvironmentTest.http('/', { timeout: minute.plus(minute) })],
    ['TestName', () => EnvironmentTest.http('/', { name: 'x'.repeat(41) })],
    ['TestName', () => EnvironmentTest.http('/', { name: '' })],
  ])('refuses with %s', (code, act) => {
    expect(refusal(act).code).toBe(code);
  });
});

describe('Colour', () => {
  test.each([
    [Colour.blue(), 'blue'],
    [Colour.green(), 'green'],
    [Colour.named('turquoises'), 'turquoises'],
  ])('has a name', (colour, name) => {
    expect(colour.name).toBe(name);
  });

  test.each(['', 'Blue', 'sky-blue', 'x'.repeat(11), 'live', 'shadow', 'canary'])('refuses the name %j', (name) => {
    expect(refusal(() => Colour.named(name)).code).toBe('ColourName');
  });
});

describe('LambdaWorkload', () => {
  const make = (props: Partial<LambdaWorkloadProps>) => () => new LambdaWorkload({ handler: 'index.handler', ...props } as LambdaWorkloadProps);

  test.each([
    ['LambdaMemory', { memorySize: 127 }],
    ['LambdaMemory', { memorySize: 10_241 }],
    ['LambdaTimeout', { timeout: Duration.seconds(0) }],
    ['LambdaTimeout', { timeout: Duration.seconds(901) }],
    ['HttpPath', { healthCheckPath: 'health' }],
    ['LambdaEnvironment', { environment: { PATH_TO_LIVE_VERSION: '1' } }],
  ])('refuses with %s: %j', (code, props) => {
    expect(refusal(make(props)).code).toBe(code);
  });

  test.each([{ memorySize: 128 }, { memorySize: 10_240 }, { timeout: Duration.seconds(1) }, { timeout: Duration.minutes(15) }])('takes %j', (props) => {
    expect(make(props)).not.toThrow();
  });
});

describe('SharedValue', () => {
  test.each(['', 'table-name', '1st', 'x'.repeat(41)])('refuses the name %j', (name) => {
    expect(refusal(() => SharedValue.named(name)).code).toBe('SharedValueName');
  });
});
